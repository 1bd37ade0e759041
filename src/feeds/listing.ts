import type { Article, Card, Instant } from '../domain/article.ts';
import type { Position } from './cursor.ts';
import type { StoredCard, StoredFeed, Withdrawn } from './stored-feed.ts';

/** One page of a list of articles, before their bodies are read. */
export interface Listing {
  /** The site-wide sequence number of the newest change to the list, and when that was. */
  sequence: number;
  changedAt: Instant;
  /** The position of the first article. */
  newest?: Position;
  /** Where the page of older articles starts, when there is one. */
  next?: Position;
  /** Where the page of newer articles starts, on every page but the first; null when that is the first page. */
  previous?: Position | null;
  /** The withdrawals after the change with this sequence number, newest first. */
  withdrawn(since: number): Withdrawn[];
  /** The cards of the page, when they are known before the bodies are read. */
  cards?: readonly { publisher: string }[];
  /** The articles that changed after `since`, newest first. Reads their bodies when it is called. */
  items(since: number): Promise<(Article | Card)[]>;
}

/** A list that never had an article. */
export const EMPTY_LISTING: Listing = {
  sequence: 0,
  changedAt: new Date(0).toISOString(),
  withdrawn: () => [],
  items: async () => [],
};

/** Articles per page, unless a request specifies a limit. */
export const DEFAULT_LIMIT = 50;

/** The most content on a page: a KV bulk read returns at most 25 MiB, and an isolate has 128 MB. */
const MAX_PAGE_BYTES = 8 * 1_048_576;

/**
 * How many articles of these sizes fit on a page of at most `limit`, within `MAX_PAGE_BYTES`. At least one, whatever its
 * size, or a client could not page past it.
 */
export function fitOnPage(sizes: readonly number[], limit: number): number {
  let total = 0;
  for (const [index, size] of sizes.entries()) {
    total += size;
    if (index >= limit) return limit;
    if (total > MAX_PAGE_BYTES && index > 0) return index;
  }
  return sizes.length;
}

/**
 * The first page of a scope, from its stored feed.
 * @param readItems reads the articles behind cards, in their order
 */
export function firstPage(
  feed: StoredFeed,
  { limit, content }: { limit: number; content: 'full' | 'summary' },
  readItems: (cards: readonly StoredCard[]) => Promise<(Article | Card)[]>,
): Listing {
  const { sequence, changedAt, sequences, withdrawn } = feed;
  const cards = feed.cards(content === 'summary' ? limit : fitOnPage(feed.bytes, limit));
  const [first] = cards;
  const last = cards.at(-1);
  const hasMore = cards.length < feed.bytes.length || feed.more;
  return {
    sequence,
    changedAt,
    ...(first && { newest: positionOf(first) }),
    ...(last && hasMore && { next: positionOf(last) }),
    withdrawn: (since) => withdrawn.filter((each) => each.sequence > since),
    cards,
    items: (since) => readItems(cards.filter((_card, index) => (sequences[index] ?? 0) > since)),
  };
}

/** The position of an article in a list. */
export const positionOf = ({ publishedAt, id }: Position): Position => ({ publishedAt, id });
