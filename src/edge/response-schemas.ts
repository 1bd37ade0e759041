/** Schemas of the responses to public reads. */
import * as v from 'valibot';
import { cardSchema, correctionsEntry, rightsEntry, translationsEntry } from '../domain/article-schema.ts';
import { FEED_FORMATS } from '../formats/registry.ts';
import type { Answer } from '../http/operation.ts';
import { instant } from '../http/schemas.ts';

const text = v.string();
const optionalText = v.exactOptional(text);
const optionalNumber = v.exactOptional(v.number());

const change = v.pipe(
  v.strictObject({
    seq: v.number(),
    kind: v.picklist(['upsert', 'withdraw']),
    id: text,
    version: v.number(),
    at: instant,
  }),
  v.title('Change'),
);

export const changesSchema = v.strictObject({
  changes: v.array(change),
  next: v.pipe(
    v.nullable(v.number()),
    v.description('The `after` parameter of the next page; null on the last page.'),
  ),
});

export const cardsSchema = v.strictObject({
  articles: v.array(cardSchema),
  next: v.pipe(
    v.nullable(text),
    v.description('The `before` parameter of the next page; null on the last page.'),
  ),
});

export const readinessSchema = v.pipe(
  v.strictObject({
    status: v.picklist(['ready', 'degraded', 'unavailable']),
    desk: v.picklist(['ok', 'unreachable']),
    kv: v.picklist(['ok', 'unreadable', 'unwritable', 'unknown']),
    intake: v.exactOptional(
      v.pipe(
        v.picklist(['ok', 'failing']),
        v.description('Whether the Desk can store a delivery. It rehearses one, at most once in 5 s.'),
      ),
    ),
    outbox: v.exactOptional(
      v.strictObject({
        waiting: v.pipe(v.number(), v.description('Keys waiting to be written to KV.')),
        failing: v.pipe(v.number(), v.description('Waiting keys whose last write failed.')),
        oldestSeconds: v.pipe(v.number(), v.description('Age of the oldest waiting key, in seconds.')),
        oldestWithdrawalSeconds: v.pipe(
          v.number(),
          v.description('How long the oldest withdrawal waits to be in KV, in seconds.'),
        ),
      }),
    ),
    sample: v.exactOptional(
      v.pipe(
        v.strictObject({ checked: v.number(), wrong: v.number() }),
        v.description(
          'Keys of KV that were compared with the Desk, a few at random, and those that KV has lost or has from another version. Absent while nothing is older than two minutes.',
        ),
      ),
    ),
    scrub: v.exactOptional(
      v.pipe(
        v.strictObject({
          startedAt: instant,
          finishedAt: instant,
          checked: v.number(),
          missing: v.number(),
          different: v.number(),
          unknown: v.number(),
        }),
        v.description('The latest daily comparison of all of KV with the Desk. What it found was repaired.'),
      ),
    ),
    archive: v.exactOptional(
      v.pipe(
        v.picklist(['ok', 'failing', 'incomplete', 'unbound']),
        v.description(
          'The bucket of old bodies: `failing` while it does not answer, `incomplete` when it has lost bodies, `unbound` when bodies are in it and it is not bound. Absent while nothing is in it.',
        ),
      ),
    ),
    failingChores: v.exactOptional(
      v.pipe(v.number(), v.description('How many of the Desk’s background jobs fail.')),
    ),
    storage: v.exactOptional(
      v.pipe(
        v.strictObject({ bytes: v.number(), limit: v.number() }),
        v.description(
          'The size of the Desk’s database in bytes, and the largest that it can have. From 80 % of it, the status is `degraded`.',
        ),
      ),
    ),
    recovery: v.exactOptional(
      v.pipe(
        v.picklist(['applying', 'rebuilding']),
        v.description(
          'Present after a point-in-time recovery, until KV agrees with the Desk. While it is `applying`, the Desk does nothing else.',
        ),
      ),
    ),
    missingBodies: v.exactOptional(
      v.pipe(
        v.number(),
        v.description(
          'Articles whose body is missing or damaged in the Desk; absent when there are none. `GET /admin/migration` names them.',
        ),
      ),
    ),
    migration: v.exactOptional(
      v.pipe(
        v.literal('running'),
        v.description(
          'Present while KV must not be emptied, because the Desk has not yet taken all the bodies that an earlier release left there.',
        ),
      ),
    ),
  }),
  v.title('Readiness'),
);

const jsonFeedItem = v.strictObject({
  id: text,
  url: text,
  external_url: optionalText,
  title: text,
  summary: optionalText,
  content_html: optionalText,
  content_text: optionalText,
  image: optionalText,
  date_published: instant,
  date_modified: instant,
  authors: v.exactOptional(v.array(v.strictObject({ name: text, url: optionalText }))),
  tags: v.exactOptional(v.array(text)),
  language: text,
  _dateline: v.strictObject({
    version: v.number(),
    publisher: text,
    direction: v.picklist(['ltr', 'rtl']),
    section: optionalText,
    dateline: optionalText,
    credit: optionalText,
    rights: rightsEntry,
    wordCount: v.number(),
    readingMinutes: v.number(),
    corrections: v.exactOptional(correctionsEntry),
    translations: v.exactOptional(translationsEntry),
  }),
});

const jsonFeedSchema = v.pipe(
  v.strictObject({
    version: v.literal('https://jsonfeed.org/version/1.1'),
    title: text,
    home_page_url: text,
    feed_url: text,
    description: text,
    language: text,
    next_url: optionalText,
    hubs: v.array(v.strictObject({ type: v.literal('WebSub'), url: text })),
    _dateline: v.strictObject({ withdrawn: v.array(v.strictObject({ id: text, at: instant })) }),
    items: v.array(jsonFeedItem),
  }),
  v.title('JsonFeed'),
  v.description('[JSON Feed 1.1](https://www.jsonfeed.org/version/1.1/).'),
);

const plainTexts = v.array(v.strictObject({ role: text, contentType: text, value: text }));

const rendition = v.strictObject({
  name: text,
  contentType: optionalText,
  href: text,
  width: optionalNumber,
  height: optionalNumber,
});

const ninjsItem = v.strictObject({
  uri: text,
  name: text,
  type: v.literal('text'),
  representationType: v.exactOptional(v.picklist(['full', 'partial'])),
  version: optionalText,
  pubStatus: v.picklist(['usable', 'canceled']),
  firstCreated: v.exactOptional(instant),
  contentCreated: v.exactOptional(instant),
  versionCreated: instant,
  expires: v.exactOptional(instant),
  language: optionalText,
  headlines: v.exactOptional(plainTexts),
  descriptions: v.exactOptional(plainTexts),
  bodies: v.exactOptional(
    v.array(v.strictObject({ role: text, contentType: text, wordCount: v.number(), value: text })),
  ),
  by: optionalText,
  people: v.exactOptional(v.array(v.strictObject({ name: text, rel: text, uri: optionalText }))),
  located: optionalText,
  subjects: v.exactOptional(v.array(v.strictObject({ name: text, rel: text }))),
  infoSources: v.exactOptional(
    v.array(v.strictObject({ name: optionalText, role: text, literal: optionalText })),
  ),
  copyrightNotice: optionalText,
  usageTerms: optionalText,
  rightsInfo: v.exactOptional(v.strictObject({ linkedRights: text })),
  renditions: v.exactOptional(v.array(rendition)),
  associations: v.exactOptional(
    v.array(
      v.strictObject({
        uri: text,
        name: text,
        rel: text,
        type: v.literal('picture'),
        by: optionalText,
        descriptions: plainTexts,
        renditions: v.array(rendition),
      }),
    ),
  ),
});

const ninjsSchema = v.pipe(
  v.strictObject({
    uri: text,
    standard: v.strictObject({ name: v.literal('ninjs'), version: text, schema: text }),
    type: v.literal('composite'),
    title: text,
    descriptions: plainTexts,
    language: text,
    versionCreated: instant,
    associations: v.array(ninjsItem),
  }),
  v.title('Ninjs'),
  v.description('[IPTC ninjs 3.1](https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json).'),
);

const essence = (mediaType: string): string => mediaType.split(';', 1)[0] ?? '';

const JSON_FORMATS: Readonly<Record<string, v.GenericSchema>> = { json: jsonFeedSchema, ninjs: ninjsSchema };

const feedContent = {
  ...Object.fromEntries(
    FEED_FORMATS.map(({ extension, mediaType }) => [essence(mediaType), JSON_FORMATS[extension] ?? text]),
  ),
  // A browser that opens RSS or Atom displays it with Dateline's style sheet.
  'application/xml': text,
};

const LINKS = 'The feed’s `self` and `hub`, and its `first`, `previous` and `next` pages (RFC 5005, WebSub).';

/** A feed in one of its formats. */
export const feedAnswers: Readonly<Record<number, Answer>> = {
  200: { description: 'The feed.', content: feedContent, headers: { Link: LINKS } },
};

/** A page for readers. */
export const page = (description: string): Answer => ({ description, content: { 'text/html': text } });

/** A document that is not JSON. */
export const document = (mediaType: string, description: string): Answer => ({
  description,
  content: { [mediaType]: text },
});
