/** What publishers are answered, as schemas. */
import * as v from 'valibot';
import { DELIVERY_STATUSES } from '../desk/contract/messages.ts';
import { articleSchema } from '../domain/article-schema.ts';
import { DIALECT_NAMES, SIGNATURE_NAMES } from '../domain/publisher.ts';
import { described } from '../http/operation.ts';
import { instant, issueSchema, warningSchema } from '../http/schemas.ts';

const status = v.picklist(DELIVERY_STATUSES);
const issues = v.exactOptional(described(v.array(issueSchema), 'What to mend, or why it was ignored.'));

const outcome = v.pipe(
  v.strictObject({
    status,
    article: v.exactOptional(
      v.strictObject({
        id: v.string(),
        version: v.number(),
        url: v.exactOptional(described(v.string(), 'Its page; absent once it was withdrawn.')),
      }),
    ),
    issues,
    warnings: v.exactOptional(described(v.array(warningSchema), 'What was put right.')),
  }),
  v.title('Outcome'),
  v.description('What became of an article.'),
);

/** Of one article its outcome; of several the whole, and each in the delivery’s order. */
export const receiptSchema = v.union([outcome, v.strictObject({ status, articles: v.array(outcome) })]);

const preview = v.pipe(
  v.strictObject({
    article: articleSchema,
    warnings: described(v.array(warningSchema), 'What was lifted, dropped or repaired.'),
  }),
  v.title('Preview'),
);

export const previewSchema = v.union([
  preview,
  v.strictObject({
    articles: v.array(v.union([preview, v.strictObject({ issues: v.array(issueSchema) })])),
  }),
]);

const logged = {
  status,
  article: v.exactOptional(v.strictObject({ id: v.string(), version: v.number() })),
  issues,
};

const loggedDelivery = v.pipe(
  v.strictObject({
    ...logged,
    id: v.string(),
    at: instant,
    source: v.exactOptional(v.picklist(DIALECT_NAMES)),
    signature: v.exactOptional(v.picklist(SIGNATURE_NAMES)),
    milliseconds: v.exactOptional(described(v.number(), 'From receipt until the Desk was asked.')),
    articles: v.exactOptional(
      described(v.array(v.strictObject(logged)), 'Of a delivery of several articles.'),
    ),
  }),
  v.title('LoggedDelivery'),
);

export const deliveriesSchema = v.strictObject({
  deliveries: v.array(loggedDelivery),
  next: described(v.nullable(v.string()), 'What to give as `before` for the next page.'),
});
