/** Schemas of the responses of the operator's API. */

import * as v from 'valibot';
import { adsSchema } from '../domain/ads.ts';
import { STATUSES } from '../domain/article.ts';
import { articleSchema } from '../domain/article-schema.ts';
import { boilerplateSchema } from '../domain/boilerplate.ts';
import { DIALECT_NAMES, SIGNATURE_NAMES } from '../domain/publisher.ts';
import { logoSchema, settingsSchema } from '../domain/settings.ts';
import { FEED_FORMATS } from '../formats/registry.ts';
import { described } from '../http/operation.ts';
import { instant, webAddress } from '../http/schemas.ts';

const credentialDates = v.pipe(
  v.strictObject({
    createdAt: instant,
    expiresAt: v.exactOptional(described(instant, 'When a rotated credential stops being accepted.')),
  }),
  v.title('CredentialDates'),
  v.description('When a credential was created and expires. The credential itself is not included.'),
);

const publisher = {
  id: v.string(),
  name: v.string(),
  url: v.exactOptional(webAddress),
  language: v.exactOptional(v.string()),
  boilerplate: v.exactOptional(boilerplateSchema),
  logo: v.exactOptional(logoSchema),
  ads: v.exactOptional(adsSchema),
  source: v.exactOptional(v.picklist(DIALECT_NAMES)),
  signature: v.exactOptional(
    v.strictObject({
      scheme: v.picklist(SIGNATURE_NAMES),
      header: v.exactOptional(v.string()),
      bodyOnly: v.exactOptional(v.boolean()),
    }),
  ),
  createdAt: instant,
  changedAt: instant,
  secrets: v.array(credentialDates),
};

export const publisherSchema = v.pipe(v.strictObject(publisher), v.title('Publisher'));

export const newPublisherSchema = v.pipe(
  v.strictObject({
    ...publisher,
    secret: described(v.string(), 'The secret that signs this publisher’s deliveries; shown only once.'),
  }),
  v.title('NewPublisher'),
);

export const publishersSchema = v.strictObject({ publishers: v.array(publisherSchema) });

export const newSecretSchema = v.strictObject({
  secret: described(v.string(), 'The new secret; shown only once.'),
});

const names = v.exactOptional(v.array(v.string()));
const partnerNames = v.pipe(
  v.strictObject({
    publishers: names,
    sections: names,
    tags: names,
    languages: names,
    licences: names,
    territories: names,
  }),
  v.title('PartnerNames'),
);

const partner = {
  id: v.string(),
  name: v.string(),
  formerNames: v.exactOptional(
    described(v.array(v.string()), 'Names it had before. What is withheld from one of them stays withheld.'),
  ),
  filters: v.strictObject({ include: v.exactOptional(partnerNames), exclude: v.exactOptional(partnerNames) }),
  content: v.picklist(['full', 'summary']),
  limit: v.number(),
  delay: described(v.number(), 'Seconds between publication and appearance in the feed.'),
  profile: v.picklist(FEED_FORMATS.map(({ extension }) => extension)),
  feedUrl: webAddress,
  createdAt: instant,
  changedAt: instant,
  tokens: v.array(credentialDates),
};

export const partnerSchema = v.pipe(v.strictObject(partner), v.title('Partner'));

export const newPartnerSchema = v.pipe(
  v.strictObject({
    ...partner,
    token: described(v.string(), 'The token for the partner’s feed; shown only once.'),
  }),
  v.title('NewPartner'),
);

export const partnersSchema = v.strictObject({ partners: v.array(partnerSchema) });

export const newTokenSchema = v.strictObject({
  token: described(v.string(), 'The new token; shown only once.'),
});

export const endpointSchema = v.strictObject({
  partner: v.string(),
  url: webAddress,
  secret: described(v.string(), 'The secret that signs the deliveries to this webhook; shown only once.'),
});

export const takedownSchema = v.strictObject({
  article: v.strictObject({ id: v.string(), version: v.number(), status: v.picklist(STATUSES) }),
});

const version = {
  version: v.number(),
  headline: v.string(),
  publishedAt: instant,
  updatedAt: instant,
  replacedAt: described(instant, 'When the next version replaced it.'),
  bytes: described(v.number(), 'The size of its content as JSON, in bytes.'),
};

export const versionsSchema = v.pipe(
  v.strictObject({ versions: v.array(v.strictObject(version)) }),
  v.title('ArticleVersions'),
);

export const versionSchema = v.pipe(
  v.strictObject({ ...version, article: articleSchema }),
  v.title('ArticleVersion'),
);

export const migrationSchema = v.pipe(
  v.strictObject({
    state: described(v.picklist(['running', 'done']), 'While it is `running`, KV must not be emptied.'),
    checked: described(v.number(), 'Articles checked so far.'),
    missing: described(v.number(), 'Articles whose body is neither in the Desk nor in KV.'),
    missingIds: described(v.array(v.string()), 'At most 500 of them.'),
  }),
  v.title('Migration'),
);

export const rebuildSchema = v.pipe(
  v.strictObject({
    state: v.picklist(['never', 'lists', 'feeds', 'articles', 'writing', 'done']),
    startedAt: v.exactOptional(instant),
    checked: described(v.number(), 'Articles checked so far.'),
    moved: described(v.number(), 'Articles whose feed memberships were corrected.'),
    skipped: described(v.number(), 'Articles that could not be read; the log lists their ids.'),
    feeds: described(v.number(), 'Feeds queued to be written.'),
    articles: described(v.number(), 'Articles and tombstones queued to be written.'),
    waiting: described(v.number(), 'Keys waiting to be written to KV.'),
    failing: described(
      v.number(),
      'Those of them that failed several times, such as articles whose body is damaged. A rebuild ends without them.',
    ),
  }),
  v.title('Rebuild'),
);

export const importSchema = v.pipe(
  v.strictObject({
    state: v.picklist(['never', 'running', 'done']),
    page: described(v.number(), 'The number of the last page that was taken; the next one is due.'),
    rows: described(v.number(), 'Rows in these pages.'),
    sha256: v.exactOptional(described(v.string(), 'The digest of that page.')),
    subscriptions: described(
      v.picklist(['taken', 'left out']),
      'Subscriptions and partners’ webhooks are left out if the backup is from another origin.',
    ),
    origin: v.exactOptional(described(webAddress, 'The origin of the backup.')),
    madeAt: v.exactOptional(described(instant, 'When the backup began.')),
    startedAt: v.exactOptional(instant),
    finishedAt: v.exactOptional(instant),
  }),
  v.title('Import'),
);

const ids = (what: string) => described(v.array(v.string()), `${what} At most 100.`);

const recoveredAccounts = v.pipe(
  v.strictObject({
    returned: ids('Deleted after the point: they are back, without a credential.'),
    lost: ids('Created after the point: they are gone.'),
    kept: ids('They have the credentials of before the recovery, not those of the point.'),
  }),
  v.title('RecoveredAccounts'),
);

export const recoverySchema = v.pipe(
  v.strictObject({
    state: described(
      v.picklist(['never', 'planned', 'applying', 'rebuilding', 'done', 'abandoned']),
      '`planned` and `applying`: the Desk does nothing else, and accepts no delivery. `rebuilding`: it works, and KV is rebuilt and compared. `abandoned`: the platform did not go back, and nothing has changed.',
    ),
    requestedAt: v.exactOptional(instant),
    time: v.exactOptional(described(instant, 'The requested point.')),
    bookmark: v.exactOptional(described(v.string(), 'The platform’s bookmark of the point.')),
    undo: v.exactOptional(
      described(
        v.string(),
        'The bookmark of the moment before the recovery: a recovery to it undoes this one.',
      ),
    ),
    sequence: v.exactOptional(
      described(v.number(), 'The highest sequence number before. All later changes have higher ones.'),
    ),
    articles: v.exactOptional(
      v.pipe(
        v.strictObject({
          checked: v.number(),
          withdrawn: described(v.number(), 'Withdrawn, because they were before, or at the point.'),
          reverted: described(v.number(), 'As they were at the point, as a new version.'),
          removed: described(
            v.number(),
            'First published after the point: tombstones until their publishers send them again.',
          ),
        }),
        v.title('RecoveredArticles'),
      ),
    ),
    publishers: v.exactOptional(recoveredAccounts),
    partners: v.exactOptional(recoveredAccounts),
    appliedAt: v.exactOptional(described(instant, 'When the Desk worked again.')),
    finishedAt: v.exactOptional(described(instant, 'When KV agreed with the Desk.')),
    warnings: described(v.array(v.string()), 'What the operator must do, or tell others.'),
  }),
  v.title('Recovery'),
);

const { name, description, language, timeZone, tombstoneHours, ...optional } = settingsSchema.entries;

/** The effective settings: those with a default are always present. */
export const siteSchema = v.pipe(
  v.object({
    ...optional,
    name: v.string(),
    description: v.string(),
    language: v.string(),
    timeZone: v.string(),
    tombstoneHours: v.number(),
    changedAt: v.exactOptional(
      described(instant, 'When the settings last changed; absent while all are defaults.'),
    ),
  }),
  v.title('Site'),
);

const subscription = v.pipe(
  v.strictObject({
    id: v.string(),
    kind: v.picklist(['feed', 'articles']),
    topic: described(v.string(), 'The feed’s URL, or the partner’s id.'),
    callback: described(v.string(), 'The callback URL without its query string, which may contain a secret.'),
    state: v.picklist(['active', 'suspended']),
    createdAt: instant,
    leaseUntil: v.nullable(instant),
    suspendedAt: v.nullable(instant),
    problem: described(
      v.nullable(v.string()),
      'Why the site does not call the callback, or the error of the last attempt.',
    ),
    waiting: described(v.number(), 'Waiting deliveries.'),
    attempts: described(v.number(), 'The most attempts of any waiting delivery.'),
  }),
  v.title('Subscription'),
);

export const subscriptionsSchema = v.strictObject({
  subscriptions: v.array(subscription),
  next: described(v.nullable(v.string()), 'The `after` parameter of the next page; null on the last page.'),
  counts: v.pipe(
    v.strictObject({
      subscriptions: v.number(),
      suspended: v.number(),
      slow: described(v.number(), 'Subscriptions whose receivers failed or were slow lately.'),
      topics: described(v.number(), 'Different topics of feeds.'),
      variants: described(v.number(), 'Topics with a query.'),
      waiting: described(v.number(), 'Waiting deliveries.'),
    }),
    v.description('Numbers of all subscriptions.'),
  ),
});

export const resumedSchema = v.strictObject({ id: v.string(), state: v.literal('active') });
