import type { Instant } from '../domain/article.ts';
import type { StoredCard } from './records.ts';

/** What a scope's first page says besides its cards. */
export interface FeedHead {
  /** The site-wide sequence number of the newest change to this scope, and when that was. */
  sequence: number;
  changedAt: Instant;
  /** The size of each card's whole article, as JSON in UTF-8: a page of them must stay readable at once. */
  bytes: number[];
  /** The sequence number of each card's newest change. */
  sequences: number[];
  /** What was taken back lately, newest first. */
  withdrawn: { id: string; at: Instant; sequence: number }[];
  /** Whether there are older ones. */
  more: boolean;
}

/** A scope's first page. */
export interface StoredFeed extends FeedHead {
  /** The newest cards, at most so many and at most `FEED_CARDS`, newest first. */
  cards(most: number): readonly StoredCard[];
}

/**
 * A first page as it lies in KV: the head in the first line, each card in one of its own, all as JSON. Who shows six
 * cards of a hundred parses six; the Desk puts cards together that it has as JSON already.
 */
export const feedText = (head: FeedHead, cards: readonly string[]): string =>
  [JSON.stringify(head), ...cards].join('\n');

/** What `feedText` wrote. */
export function parseFeed(text: string): StoredFeed {
  const [head = '', ...lines] = text.split('\n');
  const parsed: StoredCard[] = [];
  return {
    ...(JSON.parse(head) as FeedHead),
    cards(most) {
      for (const line of lines.slice(parsed.length, most)) parsed.push(JSON.parse(line) as StoredCard);
      return parsed.slice(0, most);
    },
  };
}
