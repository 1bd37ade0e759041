import { describe, expect, test, vi } from 'vitest';
import { readStoredFeed, writeStoredFeed } from '../../src/feeds/stored-feed.ts';

const HEAD = {
  sequence: 7,
  changedAt: '2026-11-20T10:00:00.000Z',
  bytes: [10, 20, 30],
  sequences: [7, 5, 6],
  withdrawn: [{ id: 'c000000000000000', at: '2026-11-20T09:00:00.000Z', sequence: 4 }],
  more: false,
};
// JSON writes what would end a line as an escape.
const CARDS = ['one', 'two\nlines', 'trois\u2028lignes'].map((headline, index) => ({
  id: `${index}`,
  headline,
}));
const TEXT = writeStoredFeed(
  HEAD,
  CARDS.map((card) => JSON.stringify(card)),
);

describe('a stored feed', () => {
  test('is read back as it was written', () => {
    expect(readStoredFeed(TEXT)).toMatchObject(HEAD);
    expect(readStoredFeed(TEXT).cards(100)).toEqual(CARDS);
  });

  test('returns the newest cards, fewer or more of them later', () => {
    const feed = readStoredFeed(TEXT);
    expect(feed.cards(2)).toEqual(CARDS.slice(0, 2));
    expect(feed.cards(1)).toEqual(CARDS.slice(0, 1));
    expect(feed.cards(3)).toEqual(CARDS);
    expect(feed.cards(0)).toEqual([]);
  });

  test('is parsed as far as it is shown, and no card twice', () => {
    const feed = readStoredFeed(TEXT);
    const parse = vi.spyOn(JSON, 'parse');
    feed.cards(2);
    feed.cards(2);
    feed.cards(3);
    expect(parse).toHaveBeenCalledTimes(3);
    parse.mockRestore();
  });

  test('may be empty', () => {
    expect(readStoredFeed(writeStoredFeed({ ...HEAD, bytes: [], sequences: [] }, [])).cards(10)).toEqual([]);
  });
});
