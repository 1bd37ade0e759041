import type { ArticleContent, Instant, Status } from '../../domain/article.ts';
import type { Issue, Warning } from '../../domain/draft.ts';
import type { DialectName, SignatureName } from '../../domain/publisher.ts';
import type { Position } from '../../feeds/cursor.ts';
import type { Withdrawn } from '../../feeds/stored-feed.ts';
import type { ListKind } from './memberships.ts';

/** The parts of an article that only its own page shows, kept as JSON and never read by the Desk. */
type Detail = 'body' | 'related' | 'corrections' | 'translations';

/** What the Desk needs to know of an article's content; the rest is `detail`. */
export type CardContent = Omit<ArticleContent, Detail | 'publishedAt' | 'updatedAt'>;

/** Normalized content on its way to the Desk. */
export interface Revision {
  /** SHA-256 of the content, in hex; `updatedAt` is no part of it. */
  hash: string;
  card: CardContent;
  /** JSON of the rest: body, related, corrections, translations. */
  detail: string;
  /** Size of the whole content as JSON in UTF-8. */
  bytes: number;
  publishedAt?: Instant;
  updatedAt?: Instant;
}

/** What a delivery says happened. `revisedAt` is the time revisions of one article are compared by. */
export type ArticleEvent =
  | { kind: 'published' | 'updated'; id: string; revisedAt: Instant; revision: Revision }
  | {
      kind: 'withdrawn';
      id: string;
      publisher: string;
      sourceId: string;
      revisedAt: Instant;
      /** Only if the Desk holds the article: a draft is not news, but a draft of what was published takes it back. */
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
  /** From its receipt until it was handed to the Desk. */
  milliseconds: number;
}

export interface Delivery {
  publisher: string;
  /** The same on every attempt of the sender's. */
  id: string;
  arrival: Arrival;
  /** What it says of each article, in its order; at least one. */
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
  /** The absolute URL of its page; absent when the Desk holds a tombstone alone. */
  url?: string;
}

export interface Outcome {
  status: DeliveryStatus;
  article?: ArticleReference;
  /** What is to be mended, or why it was ignored. */
  issues?: Issue[];
  warnings: Warning[];
}

/** What became of a delivery: of the whole, and of each article in its order. */
export interface Receipt {
  status: DeliveryStatus;
  outcomes: Outcome[];
}

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
  /** Of a delivery of several. */
  articles?: LoggedArticle[];
}

/** Which deliveries are asked for; newest first. */
export interface LogQuery {
  /** Only those before this row of the log. */
  before: number;
  limit: number;
  status?: DeliveryStatus;
  /** Only those received then or later. */
  since?: Instant;
}

export interface Change {
  seq: number;
  kind: 'upsert' | 'withdraw';
  id: string;
  version: number;
  at: Instant;
}

/** Names by the kind of list: any of them will do. */
type Names = Partial<Record<ListKind, readonly string[]>>;

/** What is asked for: articles on a list of every kind in `include`, and on none of those in `exclude`. */
export interface Filters {
  include: Names;
  exclude: Names;
  /** Only what was published then or earlier. */
  until?: Instant;
}

/** A page of a list: ids and sizes only, for bodies live in KV. */
export interface IdPage {
  items: (Position & { version: number; bytes: number; sequence: number })[];
  /** Where the next page starts, when there is one. */
  next?: Position;
  /** Where the page before starts, on every page but the first; null when that is the first. */
  previous?: Position | null;
  /** What was taken back lately, newest first; on the first page only. */
  withdrawn: Withdrawn[];
  /** The newest change to what was asked, for validators; 0 when nothing was ever in it. */
  sequence: number;
  changedAt: Instant;
}

/**
 * One message of the push queue: what KV holds since a drain. A feed is named by its path without an extension, as
 * `feedPath` writes it; an article by its id. `at` is when it changed.
 */
export type Announcement =
  | { kind: 'feed'; path: string; sequence: number; at: Instant }
  | { kind: 'article'; id: string; version: number; at: Instant };

/** What the operator's call did to an article. */
export type Takedown =
  | { found: true; article: { id: string; version: number; status: Status } }
  | { found: false; reason: 'unknown' | 'not-withdrawn-by-operator' | 'body-gone' };

/** A day on which something was published that is still shown: UTC, `2026-11-22`. */
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
