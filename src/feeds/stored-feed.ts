import type { Card, Instant } from '../domain/article.ts';
import type { Withdrawal } from '../formats/feed.ts';

/** A card as KV holds it: without its URL, which depends on the origin it is served under. */
export type StoredCard = Omit<Card, 'url'>;

/** Cards per scope in KV. The Desk lists the older ones. */
export const FEED_CARDS = 100;

/**
 * The most bytes of a scope's cards in KV. A card may have some 500 kB by its schema, so that a hundred would exceed KV's
 * 25 MiB: a value that cannot be written would leave withdrawn articles in the previous one.
 */
export const MAX_FEED_BYTES = 4_000_000;

/** A withdrawn article, and the site-wide sequence number of its withdrawal. */
export interface Withdrawn extends Withdrawal {
  sequence: number;
}

/** A stored feed without its cards. */
export interface StoredFeedHead {
  /** The site-wide sequence number of the newest change to this scope, and when that was. */
  sequence: number;
  changedAt: Instant;
  /** The size of each card's full article, as JSON in UTF-8: `fitOnPage` limits the total of a page. */
  bytes: number[];
  /** The sequence number of each card's newest change. */
  sequences: number[];
  /** The recent withdrawals, newest first. */
  withdrawn: Withdrawn[];
  /** Whether the scope has articles older than these cards. */
  more: boolean;
}

/** A scope's newest cards, as KV stores them. */
export interface StoredFeed extends StoredFeedHead {
  /** The newest cards, newest first: at most `limit`, and at most `FEED_CARDS`. Parses only these. */
  cards(limit: number): readonly StoredCard[];
}

/**
 * Writes the value of a `feed:…` key: the head on the first line, then one line for each card, all as JSON. A reader of
 * six cards out of a hundred parses only six, and the Desk joins cards that it already has as JSON.
 */
export const writeStoredFeed = (head: StoredFeedHead, cards: readonly string[]): string =>
  [JSON.stringify(head), ...cards].join('\n');

/** Reads what `writeStoredFeed` wrote. */
export function readStoredFeed(text: string): StoredFeed {
  const [head = '', ...lines] = text.split('\n');
  const parsed: StoredCard[] = [];
  return {
    ...(JSON.parse(head) as StoredFeedHead),
    cards(limit) {
      for (const line of lines.slice(parsed.length, limit)) parsed.push(JSON.parse(line) as StoredCard);
      return parsed.slice(0, limit);
    },
  };
}
