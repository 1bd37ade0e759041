/** Schemas of the responses to publishers. */
import * as v from 'valibot';
import { DELIVERY_STATUSES } from '../desk/contract/messages.ts';
import { articleSchema } from '../domain/article-schema.ts';
import { DIALECT_NAMES, SIGNATURE_NAMES } from '../domain/publisher.ts';
import { described } from '../http/operation.ts';
import { instant, issueSchema, warningSchema } from '../http/schemas.ts';

const status = v.picklist(DELIVERY_STATUSES);
const issues = v.exactOptional(
  described(v.array(issueSchema), 'What to correct, or why the article was ignored.'),
);

const outcome = v.pipe(
  v.strictObject({
    status,
    article: v.exactOptional(
      v.strictObject({
        id: v.string(),
        version: v.number(),
        url: v.exactOptional(
          described(v.string(), 'The article’s page; absent when the article is withdrawn.'),
        ),
      }),
    ),
    issues,
    warnings: v.exactOptional(described(v.array(warningSchema), 'What was changed or left out.')),
  }),
  v.title('Outcome'),
  v.description('The result for one article.'),
);

/** The outcome of a single article, or an overall status and each outcome in the delivery's order. */
export const receiptSchema = v.union([outcome, v.strictObject({ status, articles: v.array(outcome) })]);

const preview = v.pipe(
  v.strictObject({
    article: articleSchema,
    warnings: described(v.array(warningSchema), 'What was changed or left out.'),
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
    milliseconds: v.exactOptional(described(v.number(), 'Processing time before the delivery was stored.')),
    articles: v.exactOptional(
      described(v.array(v.strictObject(logged)), 'Outcomes of a delivery with several articles.'),
    ),
  }),
  v.title('LoggedDelivery'),
);

export const deliveriesSchema = v.strictObject({
  deliveries: v.array(loggedDelivery),
  next: described(v.nullable(v.string()), 'The `before` parameter of the next page; null on the last page.'),
});
