import { describe, expect, test } from 'vitest';
import type { Card } from '../../src/domain/article.ts';
import { firstPage, fitOnPage, type Listing } from '../../src/feeds/listing.ts';
import { readStoredFeed, type StoredCard, writeStoredFeed } from '../../src/feeds/stored-feed.ts';

const MIB = 1_048_576;

describe('how many articles fit on a page', () => {
  test.each([
    ['none', [], 50, 0],
    ['fewer than asked for', [1, 2], 50, 2],
    ['as many as asked for', [1, 2, 3], 2, 2],
    ['no more than 8 MiB together', [3 * MIB, 3 * MIB, 3 * MIB], 50, 2],
    ['exactly 8 MiB together', [4 * MIB, 4 * MIB, 1], 50, 2],
    ['one, however large it is', [20 * MIB, 1], 50, 1],
  ])('%s', (_what, sizes, limit, count) => {
    expect(fitOnPage(sizes, limit)).toBe(count);
  });
});

describe('the first page of a scope', () => {
  const cards = ['c', 'b', 'a'].map((id, n) => ({ id, publishedAt: `2026-11-20T1${2 - n}:00:00.000Z` }));
  const feedOf = (change: { bytes?: number[]; more?: boolean } = {}) =>
    readStoredFeed(
      writeStoredFeed(
        {
          sequence: 9,
          changedAt: '2026-11-20T13:00:00.000Z',
          bytes: [10, 10, 10],
          sequences: [7, 9, 5],
          withdrawn: [
            { id: 'y', at: '2026-11-20T12:30:00.000Z', sequence: 8 },
            { id: 'x', at: '2026-11-20T09:00:00.000Z', sequence: 3 },
          ],
          more: false,
          ...change,
        },
        cards.map((card) => JSON.stringify(card)),
      ),
    );
  const reads: number[] = [];
  const read = async (asked: readonly StoredCard[]) => {
    reads.push(asked.length);
    return new Map(asked.map((card) => [card.id, card as Card]));
  };
  const itemsOf = async (page: Listing, since: number) => {
    const items: unknown[] = [];
    for await (const portion of page.items(since)) items.push(...portion.map(({ item }) => item));
    return items;
  };
  const full = { limit: 50, content: 'full' } as const;

  test('is the only one when it shows all there is', () => {
    const page = firstPage(feedOf(), full, read);
    expect(page).toMatchObject({ sequence: 9, changedAt: '2026-11-20T13:00:00.000Z', cards });
    expect(page.newest).toEqual(cards[0]);
    expect(page).not.toHaveProperty('next');
    expect(page).not.toHaveProperty('previous');
  });

  test('is followed by another when older articles are cut off, too large, or not in KV', () => {
    expect(firstPage(feedOf(), { ...full, limit: 2 }, read).next).toEqual(cards[1]);
    expect(firstPage(feedOf({ bytes: [9 * MIB, 10, 10] }), full, read).next).toEqual(cards[0]);
    expect(firstPage(feedOf({ more: true }), full, read).next).toEqual(cards[2]);
  });

  test('shows summaries whatever the size of their articles', () => {
    const page = firstPage(feedOf({ bytes: [9 * MIB, 10, 10] }), { ...full, content: 'summary' }, read);
    expect(page.cards).toHaveLength(3);
  });

  test('returns what changed after a sequence number, and reads no other article', async () => {
    const page = firstPage(feedOf(), full, read);
    expect(await itemsOf(page, 0)).toEqual(cards);
    expect(await itemsOf(page, 6)).toEqual(cards.slice(0, 2));
    expect(await itemsOf(page, 9)).toEqual([]);
    expect(page.withdrawn(0).map(({ id }) => id)).toEqual(['y', 'x']);
    expect(page.withdrawn(7).map(({ id }) => id)).toEqual(['y']);
  });

  test('reads ordinary articles together, and large ones in portions of 2 MiB', async () => {
    reads.length = 0;
    await itemsOf(firstPage(feedOf(), full, read), 0);
    expect(reads).toEqual([3]);
    reads.length = 0;
    const page = firstPage(feedOf({ bytes: [MIB, MIB, MIB] }), full, read);
    await page.items(0)[Symbol.asyncIterator]().next();
    expect(reads).toEqual([2]);
    reads.length = 0;
    expect(await itemsOf(page, 0)).toEqual(cards);
    expect(reads).toEqual([2, 1]);
  });
});
