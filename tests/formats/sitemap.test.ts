import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { articlePath } from '../../src/domain/identity.ts';
import { xmlText } from '../../src/formats/escape.ts';
import { NEWS_SITEMAP_LIMITS, newsSitemap } from '../../src/formats/news-sitemap.ts';
import {
  MAX_SITEMAP_BYTES,
  SITEMAP_LIMITS,
  SITEMAP_PAGES,
  sitemap,
  sitemapIndex,
} from '../../src/formats/sitemap.ts';
import { utf8Length } from '../../src/text/bytes.ts';
import { hindi, site } from './articles.ts';
import { cards } from './feeds.ts';
import { hostileText } from './hostile.ts';
import { readXml, textOf, type XmlElement } from './xml.ts';

const SITEMAP = 'http://www.sitemaps.org/schemas/sitemap/0.9';
const NEWS = 'http://www.google.com/schemas/sitemap-news/0.9';
const IMAGE = 'http://www.google.com/schemas/sitemap-image/1.1';

const child = (element: XmlElement | undefined, name: string) =>
  element?.children.find((each) => each.name === name);

describe('a sitemap', () => {
  const page = { url: 'https://news.example/news/0a/%E0%A4%98', lastModified: '2026-11-22T12:00:00.000Z' };

  test('lists pages with the time of their newest change, and their picture', () => {
    const root = readXml(sitemap([{ ...page, imageUrl: 'https://images.example/a.jpg?b=1&c=2' }, page]));
    expect(root).toMatchObject({ name: 'urlset', namespace: SITEMAP });
    const [first, second] = root.children;
    expect(first).toMatchObject({ name: 'url', namespace: SITEMAP });
    expect(textOf(first, 'loc')).toBe(page.url);
    expect(textOf(first, 'lastmod')).toBe(page.lastModified);
    const image = child(first, 'image:image');
    expect(child(image, 'image:loc')).toMatchObject({
      namespace: IMAGE,
      text: 'https://images.example/a.jpg?b=1&c=2',
    });
    expect(second?.children.map(({ name }) => name)).toEqual(['loc', 'lastmod']);
  });

  test('leaves out a picture that is no web address, or has one longer than the protocol takes', () => {
    for (const imageUrl of ['data:image/png;base64,', `https://images.example/${'a'.repeat(2_048)}`]) {
      expect(sitemap([{ ...page, imageUrl }])).not.toContain('image:loc');
    }
  });

  test('escapes an address as the protocol asks: ampersands, quotes and brackets', () => {
    const url = `https://news.example/?a='1'&b="2"<3>`;
    const xml = sitemap([{ ...page, url }]);
    expect(xml).toContain('<loc>https://news.example/?a=&#39;1&#39;&amp;b=&quot;2&quot;&lt;3&gt;</loc>');
    expect(textOf(readXml(xml).children[0], 'loc')).toBe(url);
  });

  test('stays within the bytes allowed with the longest addresses there may be, and drops what is beyond', () => {
    const longest = (start: string) => start + '&'.repeat(SITEMAP_LIMITS.url - start.length);
    const worst = {
      ...page,
      url: longest('https://news.example/?'),
      imageUrl: longest('https://images.example/?'),
    };
    const xml = sitemap(Array.from({ length: SITEMAP_PAGES + 1 }, () => worst));
    expect(xml.match(/<url>/g)).toHaveLength(SITEMAP_PAGES);
    expect(new TextEncoder().encode(xml).length).toBeLessThan(SITEMAP_LIMITS.bytes);
    expect(SITEMAP_PAGES).toBeLessThanOrEqual(SITEMAP_LIMITS.entries);
  });

  test('has room for all its pages with the longest addresses of a site, and drops pictures that do not fit', () => {
    const origin = `https://${'a'.repeat(63)}.${'b'.repeat(63)}.example`;
    const url = `${origin}${articlePath('0a00000000000000', 'ट'.repeat(500))}`;
    const imageUrl = `https://images.example/?${'&'.repeat(2_000)}`;
    const xml = sitemap(Array.from({ length: SITEMAP_PAGES }, () => ({ ...page, url, imageUrl })));
    expect(xml.match(/<url>/g)).toHaveLength(SITEMAP_PAGES);
    expect(utf8Length(xml)).toBeLessThanOrEqual(MAX_SITEMAP_BYTES);
    expect(xml.match(/<image:loc>/g)?.length).toBeGreaterThan(50);
  });

  test('an index stops at its bytes with the newest sitemaps', () => {
    const days = Array.from({ length: 10_000 }, (_, day) => ({
      ...page,
      url: `https://a.example/${day}.xml`,
    }));
    expect(sitemapIndex(days).match(/<loc>/g)).toHaveLength(10_000);
    const xml = sitemapIndex(days, 20_000);
    expect(utf8Length(xml)).toBeLessThanOrEqual(20_000);
    expect(xml).toContain('/0.xml');
  });

  test('the news sitemap stops at its bytes with the newest articles', () => {
    const [card] = cards;
    const long = Array.from({ length: 1_000 }, () => ({ ...(card ?? hindi), headline: '&'.repeat(500) }));
    const news = { ...site, name: '"'.repeat(120) };
    expect(newsSitemap(news, long).match(/<url>/g)?.length).toBeGreaterThan(900);
    const xml = newsSitemap(news, long, 100_000);
    expect(utf8Length(xml)).toBeLessThanOrEqual(100_000);
    expect(xml.match(/<url>/g)?.length).toBeGreaterThan(20);
  });

  test('an index lists sitemaps', () => {
    const url = 'https://news.example/sitemap.xml?page=1&x=2';
    const root = readXml(sitemapIndex([{ url, lastModified: page.lastModified }]));
    expect(root).toMatchObject({ name: 'sitemapindex', namespace: SITEMAP });
    expect(root.children.map(({ name }) => name)).toEqual(['sitemap']);
    expect(textOf(root.children[0], 'loc')).toBe(url);
    expect(textOf(root.children[0], 'lastmod')).toBe(page.lastModified);
  });

  test('of nothing is a document all the same', () => {
    expect(readXml(sitemap([])).children).toEqual([]);
    expect(readXml(sitemapIndex([])).children).toEqual([]);
  });
});

describe('the news sitemap', () => {
  const newsOf = (...args: Parameters<typeof newsSitemap>) =>
    readXml(newsSitemap(...args)).children.map((url) => ({
      loc: textOf(url, 'loc'),
      news: child(url, 'news:news'),
    }));
  const languageOf = (language: string, own = site) =>
    textOf(child(newsOf(own, [{ ...hindi, language }])[0]?.news, 'news:publication'), 'news:language');

  test('says of each article what Google News asks for', () => {
    const read = newsOf(site, cards);
    expect(read.map(({ loc }) => loc)).toEqual(cards.map(({ url }) => url));
    expect(read[0]?.news?.namespace).toBe(NEWS);
    expect(read[0]?.news?.children.map(({ name }) => name)).toEqual([
      'news:publication',
      'news:publication_date',
      'news:title',
    ]);
    expect(read.map(({ news }) => textOf(news, 'news:title'))).toEqual(cards.map(({ headline }) => headline));
    expect(textOf(child(read[0]?.news, 'news:publication'), 'news:name')).toBe(site.name);
    expect(read.map(({ news }) => textOf(child(news, 'news:publication'), 'news:language'))).toEqual(
      cards.map(({ language }) => language),
    );
  });

  test('has the original date of publication, whatever was updated since', () => {
    const updated = { ...hindi, updatedAt: '2026-11-23T00:00:00.000Z' };
    expect(textOf(newsOf(site, [updated])[0]?.news, 'news:publication_date')).toBe(hindi.publishedAt);
    expect(newsSitemap(site, [updated])).not.toContain(updated.updatedAt);
  });

  test.each([
    ['hi-IN', 'hi'],
    ['kok', 'kok'],
    ['zh', 'zh-cn'],
    ['zh-Hans-SG', 'zh-cn'],
    ['zh-CN', 'zh-cn'],
    ['zh-Hant', 'zh-tw'],
    ['zh-yue-Hant', 'zh-tw'],
    ['zh-HK', 'zh-tw'],
    ['zh-TW', 'zh-tw'],
  ])('%s is %s there', (tag, language) => {
    expect(languageOf(tag)).toBe(language);
  });

  test('an article in no known language is in the site’s', () => {
    expect(languageOf('und')).toBe('hi');
  });

  test('has a thousand articles at most, the newest', () => {
    const many = Array.from({ length: 1_001 }, (_, index) => ({
      ...hindi,
      url: `https://news.example/${index}`,
    }));
    const read = newsOf(site, many);
    expect(read).toHaveLength(NEWS_SITEMAP_LIMITS.pages);
    expect(read.at(-1)?.loc).toBe('https://news.example/999');
    expect(NEWS_SITEMAP_LIMITS).toEqual({ pages: 1_000, ageMs: 172_800_000 });
  });

  test('whatever a headline and a site are called, it is words', () => {
    fc.assert(
      fc.property(hostileText, (words) => {
        const [read] = newsOf({ ...site, name: words }, [{ ...hindi, headline: words }]);
        // XML 1.0 section 2.11.
        const text = xmlText(words).replace(/\r\n?/g, '\n');
        expect(child(read?.news, 'news:title')?.text).toBe(text);
        expect(child(child(read?.news, 'news:publication'), 'news:name')?.text).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});
