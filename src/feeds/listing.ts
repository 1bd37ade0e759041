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
  cards?: readonly { publisher: string; language: string }[];
  /**
   * The articles that changed after `since`, newest first, in portions of at most `PORTION_BYTES`. Reads a portion when it
   * is asked for, so that a page that stops reads no more than it shows.
   */
  items(since: number): AsyncIterable<readonly ListedItem[]>;
}

/** An article of a page, and where it stands in the list. */
export interface ListedItem {
  position: Position;
  item: Article | Card;
}

/** A list that never had an article. */
export const EMPTY_LISTING: Listing = {
  sequence: 0,
  changedAt: new Date(0).toISOString(),
  withdrawn: () => [],
  async *items() {},
};

/** Articles per page, unless a request specifies a limit. */
export const DEFAULT_LIMIT = 50;

/** The most content that is read for a page, as JSON. What is written of it has a bound of its own (`feed.ts`). */
const MAX_PAGE_BYTES = 8 * 1_048_576;

/** The most content that is in memory at once, as JSON: parsed, it takes a few times as much of an isolate's 128 MB. */
const PORTION_BYTES = 2 * 1_048_576;

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

/** Consecutive entries in portions of at most `PORTION_BYTES` of content, or of one entry. */
function* portions<Entry extends { bytes: number }>(entries: readonly Entry[]): Generator<Entry[]> {
  let portion: Entry[] = [];
  let total = 0;
  for (const entry of entries) {
    if (portion.length > 0 && total + entry.bytes > PORTION_BYTES) {
      yield portion;
      portion = [];
      total = 0;
    }
    portion.push(entry);
    total += entry.bytes;
  }
  if (portion.length > 0) yield portion;
}

/**
 * Reads the articles of a page portion by portion.
 * @param entries in the order of the page
 * @param read reads the articles of a portion; one that is not in the result is left out
 */
export async function* readInPortions<Entry extends Position & { bytes: number }>(
  entries: readonly Entry[],
  read: (portion: readonly Entry[]) => Promise<ReadonlyMap<string, Article | Card>>,
): AsyncGenerator<ListedItem[]> {
  for (const portion of portions(entries)) {
    const found = await read(portion);
    yield portion.flatMap((entry) => {
      const item = found.get(entry.id);
      return item === undefined ? [] : [{ position: positionOf(entry), item }];
    });
  }
}

/** The articles of a page together, for lists of cards. */
export async function allItems(listing: Listing): Promise<ListedItem[]> {
  const all: ListedItem[] = [];
  for await (const portion of listing.items(0)) all.push(...portion);
  return all;
}

/**
 * The first page of a scope, from its stored feed.
 * @param read reads the articles behind cards; one that is not in the result is left out
 */
export function firstPage(
  feed: StoredFeed,
  { limit, content }: { limit: number; content: 'full' | 'summary' },
  read: (cards: readonly StoredCard[]) => Promise<ReadonlyMap<string, Article | Card>>,
): Listing {
  const { sequence, changedAt, sequences, withdrawn } = feed;
  // A page of cards reads no bodies.
  const bytesOf = (index: number) => (content === 'summary' ? 0 : (feed.bytes[index] ?? 0));
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
    items(since) {
      const entries = cards.map((card, index) => ({ ...positionOf(card), card, bytes: bytesOf(index) }));
      const wanted = entries.filter((_entry, index) => (sequences[index] ?? 0) > since);
      return readInPortions(wanted, (portion) => read(portion.map(({ card }) => card)));
    },
  };
}

/** The position of an article in a list. */
export const positionOf = ({ publishedAt, id }: Position): Position => ({ publishedAt, id });
