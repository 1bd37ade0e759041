import type { ArticleContent, Instant, Status } from '../../domain/article.ts';
import type { Issue, Warning } from '../../domain/draft.ts';
import type { DialectName, SignatureName } from '../../domain/publisher.ts';
import type { Position } from '../../feeds/cursor.ts';
import type { Withdrawn } from '../../feeds/stored-feed.ts';
import type { ListKind } from './lists.ts';

// From intake: deliveries of publishers.

/** What only an article's own page shows. The Desk keeps it as JSON and never reads it. */
type Detail = 'body' | 'related' | 'corrections' | 'translations';

/** The content of an article that lists and the Desk's rules need. */
export type CardContent = Omit<ArticleContent, Detail | 'publishedAt' | 'updatedAt'>;

/** Normalized content on its way to the Desk. */
export interface Revision {
  /** SHA-256 of the content without `updatedAt`, in hex. */
  hash: string;
  card: CardContent;
  /** The rest of the content as JSON: body, related, corrections, translations. */
  detail: string;
  /** The size of the whole content as JSON in UTF-8. */
  bytes: number;
  publishedAt?: Instant;
  updatedAt?: Instant;
}

/** What a delivery says of an article. Revisions of one article are ordered by `revisedAt`. */
export type ArticleEvent =
  | { kind: 'published' | 'updated'; id: string; revisedAt: Instant; revision: Revision }
  | {
      kind: 'withdrawn';
      id: string;
      publisher: string;
      sourceId: string;
      revisedAt: Instant;
      /** Ignored unless the Desk holds the article: a new draft is no news, a draft of a published article withdraws it. */
      ifHeld?: boolean;
    }
  | { kind: 'ignored'; why?: Issue };

/** An article of a delivery that its sender has to mend. */
export interface RefusedArticle {
  kind: 'refused';
  issues: Issue[];
}

/** How a delivery came in. */
export interface Arrival {
  source?: DialectName;
  signature: SignatureName;
  /** The time intake took, up to the call of the Desk. */
  milliseconds: number;
}

export interface Delivery {
  publisher: string;
  /** The sender uses the same id on every attempt. */
  id: string;
  arrival: Arrival;
  /** What it says of each article, in the sender's order; at least one. */
  events: (ArticleEvent | RefusedArticle)[];
}

/** What became of an article, or of a delivery as a whole. */
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
  /** The absolute URL of its page; absent when the Desk holds only a tombstone. */
  url?: string;
}

/** What became of one article of a delivery. */
export interface Outcome {
  status: DeliveryStatus;
  article?: ArticleReference;
  /** What to mend, or why it was ignored. */
  issues?: Issue[];
  warnings: Warning[];
}

/** What became of a delivery, and of each of its articles in their order. */
export interface Receipt {
  status: DeliveryStatus;
  outcomes: Outcome[];
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
  /** Of a delivery of one article. */
  article?: { id: string; version: number };
  issues?: Issue[];
  /** Of a delivery of several articles. */
  articles?: LoggedArticle[];
}

/** Which deliveries to list, newest first. */
export interface LogQuery {
  /** Only those before this row of the log. */
  before: number;
  limit: number;
  status?: DeliveryStatus;
  /** Only those received then or later. */
  since?: Instant;
}

// To the edge: lists of articles.

/** Names by kind of list; an article matches when it is on the list of any of them. */
type Names = Partial<Record<ListKind, readonly string[]>>;

/** Selects the articles that match every kind in `include`, and none in `exclude`. */
export interface Filters {
  include: Names;
  exclude: Names;
  /** Only what was published then or earlier. */
  until?: Instant;
}

/** A page of a list, as ids and sizes: the edge reads the bodies from KV. */
export interface IdPage {
  items: (Position & { version: number; bytes: number; sequence: number })[];
  /** Where the next page starts, when there is one. */
  next?: Position;
  /** Where the previous page starts, on every page but the first; null when that is the first page. */
  previous?: Position | null;
  /** The recent withdrawals, newest first; on the first page only. */
  withdrawn: Withdrawn[];
  /** The sequence number of the newest change to the list, and when that was; 0 when nothing was ever on it. */
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

/** A day (UTC, `2026-11-22`) on which something was published that is still shown. */
export interface Day {
  day: string;
  articles: number;
  changedAt: Instant;
}

/** What a sitemap says of an article. */
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

// To push, by the queue.

/**
 * Says that KV holds a new version of a feed or an article. A feed is named by its path without an extension, as
 * `feedPath` writes it; an article by its id. `at` is when it changed.
 */
export type Announcement =
  | { kind: 'feed'; path: string; sequence: number; at: Instant }
  | { kind: 'article'; id: string; version: number; at: Instant };

// To the operator.

/** What a takedown, or its end, did to an article. */
export type Takedown =
  | { found: true; article: { id: string; version: number; status: Status } }
  | { found: false; reason: 'unknown' | 'not-withdrawn-by-operator' | 'body-gone' };
