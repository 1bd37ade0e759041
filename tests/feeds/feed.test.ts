import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Article, toCard } from '../../src/domain/article.ts';
import { MAX_ARTICLE_BYTES } from '../../src/domain/article-size.ts';
import { FEED_BYTES } from '../../src/domain/settings.ts';
import { type FeedPage, renderFeed } from '../../src/feeds/feed.ts';
import { type Listing, positionOf, readInPortions } from '../../src/feeds/listing.ts';
import type { FeedFormat } from '../../src/formats/feed.ts';
import { FEED_FORMATS } from '../../src/formats/registry.ts';
import { utf8Length } from '../../src/text/bytes.ts';
import { hindi, site } from '../formats/articles.ts';
import { hostileArticle } from '../formats/hostile.ts';

const URL = 'https://news.example/feeds/all';
const names = async () => new Map([['ganga-times', 'गंगा टाइम्स']]);

/** Articles with these bodies, newest first, each with an id of its own. */
const articlesWith = (...texts: string[]): Article[] =>
  texts.map((text, index) => ({
    ...hindi,
    id: `0article${String(index).padStart(8, '0')}`,
    publishedAt: new Date(Date.parse('2026-11-22T10:00:00.000Z') - index * 60_000).toISOString(),
    body: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
  }));

/** A feed's page of these articles; article n changed with the sequence number 100 - n. */
function pageOf(
  format: FeedFormat,
  articles: readonly Article[],
  { feedBytes, withdrawals = 0 }: { feedBytes?: number; withdrawals?: number } = {},
): FeedPage & { reads: string[][]; damaged: string[] } {
  const reads: string[][] = [];
  const damaged: string[] = [];
  const last = articles.at(-1);
  const listing: Listing = {
    sequence: 100,
    changedAt: '2026-11-22T12:00:00.000Z',
    ...(last && { next: positionOf(last) }),
    withdrawn: () =>
      Array.from({ length: withdrawals }, (_, index) => ({
        id: `0gone00${String(index).padStart(9, '0')}`,
        at: '2026-11-22T11:00:00.000Z',
        sequence: 1,
      })),
    cards: articles,
    items(since) {
      const entries = articles
        .map((article) => ({ ...positionOf(article), article, bytes: JSON.stringify(article).length }))
        .filter((_, index) => 100 - index > since);
      return readInPortions(entries, async (portion) => {
        reads.push(portion.map(({ id }) => id));
        return new Map(portion.map(({ id, article }) => [id, article]));
      });
    },
  };
  const address = {
    origin: site.origin,
    urlOf: (before?: { id: string }) => `${URL}.${format.extension}${before ? `?before=${before.id}` : ''}`,
  };
  return {
    ...{ title: site.name, homeUrl: site.origin, format, listing, address, reads, damaged },
    onDamage: (id: string) => void damaged.push(id),
    site: { ...site, ...(feedBytes !== undefined && { feedBytes }) },
  };
}

/** The ids of a document's articles, and of those in full. */
const idsIn = (text: string, articles: readonly Article[]) =>
  articles.filter(({ id }) => text.includes(`urn:dateline:${id}`)).map(({ id }) => id);

describe.each(FEED_FORMATS)('a feed as $extension', (format) => {
  test('has as many of its articles as fit, and `next` starts after the last of them', async () => {
    const articles = articlesWith(...Array.from({ length: 50 }, () => '&'.repeat(40_000)));
    const { text, links, next } = await renderFeed(pageOf(format, articles, { feedBytes: 1_000_000 }), names);
    expect(utf8Length(text)).toBeLessThanOrEqual(1_000_000);
    expect(utf8Length(text)).toBeGreaterThan(780_000);
    const shown = idsIn(text, articles);
    expect(shown).toEqual(articles.slice(0, shown.length).map(({ id }) => id));
    expect(shown).toHaveLength(4);
    expect(next?.id).toBe(shown.at(-1));
    expect(links.next).toBe(`${URL}.${format.extension}?before=${shown.at(-1)}`);
    if (format.extension !== 'ninjs') expect(text).toContain(`before=${shown.at(-1)}`);
  });

  test('is at most 2 MB by default, whatever escaping makes of its articles', async () => {
    expect(FEED_BYTES.default).toBe(2_000_000);
    for (const character of ['&', '"', '\u0001', 'क', '\ud83d\ude00']) {
      const articles = articlesWith(...Array.from({ length: 8 }, () => character.repeat(300_000)));
      const { text } = await renderFeed(pageOf(format, articles, { withdrawals: 100 }), names);
      expect(utf8Length(text), character).toBeLessThanOrEqual(2_000_000);
      expect(idsIn(text, articles).length, character).toBeGreaterThan(0);
    }
  });

  test('shows an article that is too large for any page as its summary, and goes on', async () => {
    const { summary: _summary, ...large } =
      articlesWith('x', `Large. ${'&'.repeat(1_000_000)}`, 'y')[1] ?? hindi;
    const articles = [...articlesWith('First.'), large, ...articlesWith('', '', 'Last.').slice(2)];
    const { text, next } = await renderFeed(pageOf(format, articles), names);
    expect(utf8Length(text)).toBeLessThan(100_000);
    expect(idsIn(text, articles)).toEqual(articles.map(({ id }) => id));
    expect(text).toContain('First.');
    expect(text).toContain('Last.');
    expect(text).toContain('Large.');
    expect(next?.id).toBe(articles.at(-1)?.id);
  });

  test('an article above the bound of a small feed is a summary in it wherever it stands', async () => {
    const articles = articlesWith('First.', '&'.repeat(150_000), '&'.repeat(150_000), 'Last.');
    const { text } = await renderFeed(pageOf(format, articles, { feedBytes: 500_000 }), names);
    expect(idsIn(text, articles)).toHaveLength(4);
    expect(utf8Length(text)).toBeLessThan(500_000);
  });

  test('shows what is too large even as a summary by its headline', async () => {
    const tags = Array.from({ length: 60_000 }, (_, index) => `tag ${index} of an earlier release`);
    const [first, second] = articlesWith('First.', 'Second.');
    const articles = [{ ...(first ?? hindi), tags }, second ?? hindi];
    const { text } = await renderFeed(pageOf(format, articles), names);
    expect(utf8Length(text)).toBeLessThan(100_000);
    expect(idsIn(text, articles)).toHaveLength(2);
    expect(text).not.toContain('of an earlier release');
  });

  test('shows an article that cannot be rendered as its summary', async () => {
    const articles = articlesWith('First.', 'Broken.', 'Last.').map((article, index) =>
      index === 1 ? { ...article, body: [null] as never } : article,
    );
    const page = pageOf(format, articles);
    const { text } = await renderFeed(page, names);
    expect(idsIn(text, articles)).toHaveLength(3);
    expect(text).toContain('Last.');
    // Once, although it has several forms.
    expect(page.damaged).toEqual([articles[1]?.id]);
  });

  test('reads no more articles than it shows, and one portion more', async () => {
    const articles = articlesWith(...Array.from({ length: 12 }, () => '&'.repeat(350_000)));
    const page = pageOf(format, articles);
    await renderFeed(page, names);
    expect(page.reads).toHaveLength(1);
    expect(page.reads[0]?.length).toBeLessThanOrEqual(6);
  });

  test('a document of changes stops at the bound as well, and its `next` starts after its last article', async () => {
    const articles = articlesWith(...Array.from({ length: 10 }, () => '&'.repeat(80_000)));
    const { text, next } = await renderFeed(pageOf(format, articles, { feedBytes: 1_000_000 }), names, 92);
    expect(utf8Length(text)).toBeLessThanOrEqual(1_000_000);
    expect(idsIn(text, articles)).toHaveLength(2);
    expect(next?.id).toBe(articles[1]?.id);
  });

  test('following `next` shows every article once, however small the bound is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 12 }),
        fc.constantFrom('&', 'क', '"'),
        async (lengths, character) => {
          const articles = articlesWith(...lengths.map((length) => character.repeat(length)));
          let left: readonly Article[] = articles;
          const seen: string[] = [];
          while (left.length > 0) {
            const { text, next } = await renderFeed(pageOf(format, left, { feedBytes: 200_000 }), names);
            expect(utf8Length(text)).toBeLessThanOrEqual(200_000);
            seen.push(...idsIn(text, left));
            const end = left.findIndex(({ id }) => id === next?.id);
            expect(end).toBeGreaterThanOrEqual(0);
            left = left.slice(end + 1);
          }
          expect(seen).toEqual(articles.map(({ id }) => id));
        },
      ),
      { numRuns: 8 },
    );
  });

  test('is within its bound whatever its articles contain', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostileArticle, { minLength: 1, maxLength: 8 }), async (articles) => {
        for (const feedBytes of [5_000, 20_000]) {
          const { text } = await renderFeed(pageOf(format, articles, { feedBytes }), names);
          expect(utf8Length(text)).toBeLessThanOrEqual(feedBytes);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('of summaries has the same bound', async () => {
    const articles = articlesWith(...Array.from({ length: 50 }, () => '')).map(
      (article) => ({ ...toCard(article), summary: '&'.repeat(5_000) }) as Article,
    );
    const { text, next } = await renderFeed(pageOf(format, articles, { feedBytes: 500_000 }), names);
    expect(utf8Length(text)).toBeLessThanOrEqual(500_000);
    expect(idsIn(text, articles).at(-1)).toBe(next?.id);
  });
});

test('every article that intake accepts fits into a feed of its own, but for the feed’s frame', () => {
  expect(MAX_ARTICLE_BYTES).toBeLessThanOrEqual(FEED_BYTES.default);
});
