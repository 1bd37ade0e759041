import type { Article, ArticleContent, Instant, Status } from '../../domain/article.ts';
import type { Issue, Warning } from '../../domain/draft.ts';
import type { DialectName, SignatureName, SignatureSettings } from '../../domain/publisher.ts';
import type { Position } from '../../feeds/cursor.ts';
import type { Withdrawn } from '../../feeds/stored-feed.ts';
import type { Detail } from './detail.ts';
import type { ListKind } from './lists.ts';

// From intake: deliveries of publishers.

/** The content of an article that lists and the Desk's rules need. */
export type CardContent = Omit<ArticleContent, keyof Detail | 'publishedAt' | 'updatedAt'>;

/** Normalized content that intake sends to the Desk. */
export interface Revision {
  /** SHA-256 of the content without `updatedAt`, in hex. */
  hash: string;
  card: CardContent;
  /** The rest of the content: its `Detail` as JSON, compressed with gzip. The Desk never parses it. */
  detail: Uint8Array<ArrayBuffer>;
  /** The size of the whole content as JSON in UTF-8. */
  bytes: number;
  publishedAt?: Instant;
  updatedAt?: Instant;
}

/**
 * An event of a delivery for one article. Revisions of an article are ordered by `revisedAt`, the sender's own time; it
 * is absent when the sender gave none, and the Desk then decides (`settleRevisedAt`).
 */
export type ArticleEvent =
  | {
      kind: 'published' | 'updated';
      id: string;
      revisedAt?: Instant;
      revision: Revision;
      /** The hash of this article's part of the body, for one of several under a signature without a time. */
      source?: string;
    }
  | {
      kind: 'withdrawn';
      id: string;
      publisher: string;
      sourceId: string;
      revisedAt?: Instant;
      /** Ignored unless the Desk has the article: an unknown draft is ignored, a draft of a published article withdraws it. */
      ifHeld?: boolean;
    }
  | { kind: 'ignored'; why?: Issue };

/** An invalid article of a delivery. */
export interface RefusedArticle {
  kind: 'refused';
  issues: Issue[];
}

/** How a delivery came in. */
export interface Arrival {
  source?: DialectName;
  signature: SignatureName;
  /** Intake's processing time, up to the call of the Desk. */
  milliseconds: number;
}

/** Who signed a delivery, and by what. Intake may have verified it by a record that has changed since. */
export interface Signer {
  publisher: string;
  /** The sealed secret under which the signature holds. No two are the same. */
  sealed: string;
  /** The scheme by which it was verified. */
  settings: SignatureSettings;
}

export interface Delivery {
  publisher: string;
  /** The sender uses the same id on every attempt. */
  id: string;
  arrival: Arrival;
  /**
   * A hash of the body, when the signature covers no time: anyone who has seen the delivery can then send it again at any
   * time.
   */
  bodyHash?: string;
  /** The event of each article, in the sender's order; at least one. */
  events: (ArticleEvent | RefusedArticle)[];
}

/** The result for an article, or for a whole delivery. */
export const DELIVERY_STATUSES = [
  'accepted',
  'duplicate',
  'unchanged',
  'stale',
  'ignored',
  'refused',
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export interface ArticleReference {
  id: string;
  version: number;
  /** The absolute URL of its page; absent when the Desk has only a tombstone. */
  url?: string;
}

/** The result for one article of a delivery. */
export interface Outcome {
  status: DeliveryStatus;
  article?: ArticleReference;
  /** What to correct, or why the article was ignored or is stale. */
  issues?: Issue[];
  warnings: Warning[];
}

/** The result for a delivery, and for each of its articles in order. */
export interface Receipt {
  status: DeliveryStatus;
  outcomes: Outcome[];
  /**
   * Set when too many keys of this publisher wait to be written: the seconds after which to send the delivery again. Only
   * its withdrawals were taken.
   */
  retryAfter?: number;
}

// To intake: the delivery log.

/** An article in the delivery log. */
export interface LoggedArticle {
  status: DeliveryStatus;
  article?: { id: string; version: number };
  issues?: Issue[];
}

export interface LoggedDelivery extends Partial<Arrival> {
  id: string;
  at: Instant;
  status: DeliveryStatus;
  /** For a delivery of one article. */
  article?: { id: string; version: number };
  issues?: Issue[];
  /** For a delivery of several articles. */
  articles?: LoggedArticle[];
}

/** Which deliveries to list, newest first. */
export interface LogQuery {
  /** Only those before this row of the log. */
  before: number;
  limit: number;
  status?: DeliveryStatus;
  /** Only those received at this time or later. */
  since?: Instant;
}

// To the edge: lists of articles.

/** Names by kind of list; an article matches when it is on the list of any of them. */
type Names = Partial<Record<ListKind, readonly string[]>>;

/** Selects the articles that match every kind in `include`, and none in `exclude`. */
export interface Filters {
  include: Names;
  exclude: Names;
  /** The id of the partner that asks. The Desk excludes what is withheld from it under any name that it has or had. */
  partner?: string;
  /** Only articles published at this time or earlier. */
  until?: Instant;
}

/** A page of a list, as ids and sizes: the edge reads the bodies from KV. */
export interface IdPage {
  items: (Position & { version: number; bytes: number; sequence: number })[];
  /** Where the next page starts, when there is one. */
  next?: Position;
  /** Where the previous page starts, on every page but the first; null when that is the first page. */
  previous?: Position | null;
  /** The rows that were examined to find the articles. */
  examined: number;
  /** The recent withdrawals, newest first; on the first page only. */
  withdrawn: Withdrawn[];
  /** The sequence number of the newest change to the list, and when that was; 0 when the list never had an article. */
  sequence: number;
  changedAt: Instant;
}

/** An article's newest change, for `/changes`. */
export interface Change {
  seq: number;
  kind: 'upsert' | 'withdraw';
  id: string;
  version: number;
  at: Instant;
}

/** A day (UTC, `2026-11-22`) on which an article was published that is still listed. */
export interface Day {
  day: string;
  articles: number;
  changedAt: Instant;
}

/** A sitemap's entry for an article. */
export interface ArchivedPage {
  id: string;
  headline: string;
  language: string;
  publishedAt: Instant;
  updatedAt: Instant;
  imageUrl: string | null;
}

/** How often each article's page was sent to a reader. */
export type Views = readonly (readonly [id: string, views: number])[];

// To the edge: values that KV lacks.

/** What the Desk answers for a key that KV lacks. */
export type Lookup =
  /** The text of its value. */
  | string
  /** There is none. */
  | null
  | Hidden
  | Unavailable;

/** An article that was shown, and is under embargo now. */
export interface Hidden {
  /** Cards of earlier versions are outdated. */
  hiddenBefore: number;
  /** A feed of all articles with this sequence number, or a higher one, is without the article. */
  sequence: number;
}

/** A value that exists and cannot be made for now. It is not absent. */
export interface Unavailable {
  /** Why. */
  unavailable: string;
  /** The JSON of an article's card, when its body is missing or damaged for good. */
  card?: string;
}

// To push, by the queue.

/**
 * Announces that KV has a new version of a feed or an article. A feed is identified by its path without an extension
 * (`feedPath`), an article by its id. `at` is when it changed.
 */
export type Announcement =
  | { kind: 'feed'; path: string; sequence: number; at: Instant }
  | { kind: 'article'; id: string; version: number; at: Instant };

// To the operator.

/** The state of the bucket of old bodies. `incomplete`: it has lost some of them. */
export type ArchiveHealth = 'ok' | 'failing' | 'incomplete' | 'unbound';

/** A page of the Desk's part of a backup. */
export interface DeskExport {
  /** The entries, one per line. */
  lines: string;
  rows: number;
  /** The position of the next page; null when the entries so far are the Desk's state at `at`. */
  next: string | null;
  at: Instant;
  /** The last sequence number. */
  sequence: number;
  /** Until when the push queue may hold announcements that Subscriptions has not got, in milliseconds since the epoch. */
  settlesAt: number;
}

/** The progress of an import: its last page, and what came with it. */
export interface ImportProgress {
  /** The number of the last page; 0 before the first. */
  page: number;
  /** Its digest, and the cursor of the next page. */
  sha256: string;
  next: string;
  /** Entries up to there; those of subscriptions that were left out because the site has another origin. */
  rows: number;
  leftOut: number;
  /** The origin of the backup, and the time of its beginning. */
  origin: string;
  madeAt: Instant;
  startedAt: Instant;
  finishedAt?: Instant;
}

interface Found {
  found: true;
  article: { id: string; version: number; status: Status };
}

/** The result of a takedown, of a restore, and of the restore of an earlier version. */
export type Takedown =
  | Found
  | {
      found: false;
      reason:
        | 'unknown'
        | 'not-withdrawn-by-operator'
        | 'body-gone'
        | 'erased'
        | 'unknown-version'
        | 'withdrawn';
    };

/** The result of deleting an article's words. */
export type Erasure = Found | { found: false; reason: 'unknown' | 'not-withdrawn' };

/** An earlier version of an article, in a list. */
export interface VersionSummary {
  version: number;
  headline: string;
  publishedAt: Instant;
  updatedAt: Instant;
  /** When the next version replaced it. */
  replacedAt: Instant;
  /** The size of its content as JSON in UTF-8. */
  bytes: number;
}

/** The whole of an earlier version. */
export interface ArticleVersion extends VersionSummary {
  article: Article;
}
