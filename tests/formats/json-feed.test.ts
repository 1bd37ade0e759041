import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { parseJsonFeed } from 'feedsmith';
import { describe, expect, test } from 'vitest';
import { articleHtml } from '../../src/formats/html.ts';
import { jsonFeed } from '../../src/formats/json-feed.ts';
import { articles, bengali, english, hindi, urdu } from './articles.ts';
import { cards, feedOf, render } from './feeds.ts';
import { hostileArticle } from './hostile.ts';
import schema from './schemas/json-feed-1.1.json' with { type: 'json' };

const read = (...args: Parameters<typeof feedOf>) => JSON.parse(render(jsonFeed, feedOf(...args)));

const valid = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
formats.default(valid);
const isJsonFeed = valid.compile(schema);
const faults = (feed: unknown) => (isJsonFeed(feed) ? [] : isJsonFeed.errors);

describe('JSON Feed 1.1', () => {
  test('is valid against the specification, in full and as summaries', () => {
    const withdrawn = [{ id: '0gone00000000009', at: '2026-11-22T11:00:00.000Z' }];
    expect(
      faults(read(articles, { withdrawn, nextUrl: 'https://news.example/feeds/all.json?before=a' })),
    ).toEqual([]);
    expect(faults(read(cards))).toEqual([]);
    expect(faults({ ...read([hindi]), items: [{ title: 'without an id' }] })).not.toEqual([]);
  });

  test('a withdrawn article is listed at the top level, and is never an item', () => {
    const withdrawn = [{ id: '0gone00000000009', at: '2026-11-22T11:00:00.000Z' }];
    const feed = read([hindi], { withdrawn });
    expect(feed._dateline).toEqual({
      withdrawn: [{ id: 'urn:dateline:0gone00000000009', at: '2026-11-22T11:00:00.000Z' }],
    });
    expect(feed.items.map(({ id }: { id: string }) => id)).toEqual(['urn:dateline:0hindi0000000001']);
  });

  test('has the extension and media type of the specification', () => {
    expect(jsonFeed.extension).toBe('json');
    expect(jsonFeed.mediaType).toBe('application/feed+json; charset=utf-8');
  });

  test('says what the feed is', () => {
    expect(read([])).toEqual({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'दैनिक दिशा',
      home_page_url: 'https://news.example/',
      feed_url: 'https://news.example/feeds/all.rss?limit=7&content=full',
      description: 'देश-दुनिया की ख़बरें, कई भाषाओं में',
      language: 'hi',
      hubs: [{ type: 'WebSub', url: 'https://news.example/hub' }],
      _dateline: { withdrawn: [] },
      items: [],
    });
  });

  test('has a next page only when there is one', () => {
    const nextUrl = 'https://news.example/feeds/all.json?before=abc';
    expect(read([], { nextUrl }).next_url).toBe(nextUrl);
    expect(read([])).not.toHaveProperty('next_url');
  });

  test('an item has all the article has', () => {
    expect(read([hindi]).items).toEqual([
      {
        id: 'urn:dateline:0hindi0000000001',
        url: hindi.url,
        external_url: hindi.canonicalUrl,
        title: hindi.headline,
        summary: hindi.summary,
        content_html: articleHtml(hindi),
        image: 'https://images.example/ghat.jpg',
        date_published: hindi.publishedAt,
        date_modified: hindi.updatedAt,
        authors: [{ name: 'हिंदी डेस्क', url: 'https://ganga-times.example/desk' }],
        tags: ['संस्कृति', 'पुस्तकालय', 'गंगा'],
        language: 'hi',
        _dateline: {
          version: 3,
          publisher: 'ganga-times',
          direction: 'ltr',
          section: 'संस्कृति',
          dateline: 'हरिद्वार',
          credit: '(भाषा)',
          rights: hindi.rights,
          wordCount: 120,
          readingMinutes: 1,
          corrections: hindi.corrections,
          translations: hindi.translations,
        },
      },
    ]);
  });

  test('a parser of feeds reads every article back, in order', () => {
    const feed = parseJsonFeed(render(jsonFeed, feedOf()));
    expect(feed.items?.map((item) => item.title)).toEqual(articles.map((article) => article.headline));
    expect(feed.items?.map((item) => item.content_html)).toEqual(articles.map(articleHtml));
    expect(feed.items?.map((item) => item.date_published)).toEqual(
      articles.map((article) => article.publishedAt),
    );
  });

  test('an item names its language, for partners who keep it without its feed', () => {
    expect(read([hindi, urdu]).items.map((item: { language: string }) => item.language)).toEqual([
      'hi',
      'ur',
    ]);
  });

  test('authors are left out rather than empty', () => {
    expect(read([bengali]).items[0]).not.toHaveProperty('authors');
    expect(read([english]).items[0].authors).toEqual([{ name: 'Coast desk' }, { name: 'Science desk' }]);
  });

  test('summaries: plain text in place of HTML, the headline where nothing else is known', () => {
    for (const [index, item] of read(cards).items.entries()) {
      expect(item).not.toHaveProperty('content_html');
      expect(item.content_text).toBe(cards[index]?.summary ?? cards[index]?.headline);
    }
  });

  test('whatever comes in, addresses are web addresses and an item has one content', () => {
    fc.assert(
      fc.property(hostileArticle, (article) => {
        const feed = read([article]);
        expect(faults(feed)).toEqual([]);
        const [item] = feed.items;
        for (const url of [
          item.external_url,
          item.image,
          ...(item.authors ?? []).map((by: { url?: string }) => by.url),
        ]) {
          if (url !== undefined) expect(url).toMatch(/^https?:/);
        }
        expect(typeof item.content_html).toBe('string');
        expect(item.title).toBe(
          article.headline.toWellFormed() === article.headline ? article.headline : item.title,
        );
      }),
    );
  });
});
