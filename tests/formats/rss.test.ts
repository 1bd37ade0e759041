import fc from 'fast-check';
import { parseRssFeed } from 'feedsmith';
import { describe, expect, test } from 'vitest';
import { toCard } from '../../src/domain/article.ts';
import { xmlText } from '../../src/formats/escape.ts';
import { articleHtml } from '../../src/formats/html.ts';
import { rss } from '../../src/formats/rss.ts';
import { articles, bengali, english, hindi, urdu } from './articles.ts';
import { cards, feedOf, render } from './feeds.ts';
import { hostileArticle, hostileText } from './hostile.ts';
import { readXml, textOf, type XmlElement } from './xml.ts';

const parsed = (...args: Parameters<typeof feedOf>) => parseRssFeed(render(rss, feedOf(...args)));
const channelOf = (xml: string): XmlElement | undefined => readXml(xml).children[0];
const itemsOf = (xml: string): XmlElement[] =>
  channelOf(xml)?.children.filter((child) => child.name === 'item') ?? [];

describe('RSS 2.0', () => {
  test('has the extension and media type feed readers know', () => {
    expect(rss.extension).toBe('rss');
    expect(rss.mediaType).toBe('application/rss+xml; charset=utf-8');
  });

  test('the channel says what the feed is, and when it last changed', () => {
    const feed = parsed();
    expect(feed).toMatchObject({
      title: 'दैनिक दिशा',
      link: 'https://news.example/',
      description: 'देश-दुनिया की ख़बरें, कई भाषाओं में',
      language: 'hi',
      generator: 'Dateline',
      lastBuildDate: 'Sun, 22 Nov 2026 12:00:00 GMT',
    });
  });

  test('lastBuildDate is never now: a feed rendered twice is the same bytes', () => {
    expect(render(rss, feedOf())).toBe(render(rss, feedOf()));
    expect(parsed([], { updatedAt: '2020-01-01T00:00:00.000Z' }).lastBuildDate).toBe(
      'Wed, 01 Jan 2020 00:00:00 GMT',
    );
  });

  test('links to itself, its hub, and to its other pages when there are any', () => {
    const type = 'application/rss+xml';
    const always = [
      { href: 'https://news.example/feeds/all.rss?limit=7&content=full', rel: 'self', type },
      { href: 'https://news.example/hub', rel: 'hub' },
    ];
    expect(parsed().atom?.links).toEqual(always);
    const page = (name: string) => `https://news.example/feeds/all.rss?limit=7&before=${name}`;
    const pages = { firstUrl: page('first'), previousUrl: page('previous'), nextUrl: page('next') };
    expect(parsed(undefined, pages).atom?.links).toEqual([
      ...always,
      { href: page('first'), rel: 'first', type },
      { href: page('previous'), rel: 'previous', type },
      { href: page('next'), rel: 'next', type },
    ]);
  });

  test('says how often it changes, for readers without the hub', () => {
    expect(parsed().sy).toEqual({ updatePeriod: 'hourly', updateFrequency: 12 });
  });

  test('an empty feed is a feed', () => {
    expect(itemsOf(render(rss, feedOf([])))).toEqual([]);
  });

  test('an item reads back as the article it was', () => {
    const [item] = parsed([hindi]).items ?? [];
    expect(item).toMatchObject({
      title: hindi.headline,
      link: hindi.url,
      description: hindi.summary,
      guid: { value: 'urn:dateline:0hindi0000000001', isPermaLink: false },
      pubDate: 'Sun, 22 Nov 2026 10:00:00 GMT',
      categories: [{ name: 'संस्कृति' }, { name: 'पुस्तकालय' }, { name: 'गंगा' }],
      dc: { creators: ['हिंदी डेस्क'], rights: ['© 2026 गंगा टाइम्स'] },
      atom: { updated: '2026-11-22T12:00:00.000Z' },
      dcterms: { modified: ['2026-11-22T12:00:00.000Z'] },
      content: { encoded: articleHtml(hindi) },
      media: {
        contents: [
          {
            url: 'https://images.example/ghat.jpg',
            medium: 'image',
            width: 1200,
            height: 675,
            title: { value: hindi.image?.alt },
            description: { value: hindi.image?.caption },
            credits: [{ value: 'गंगा टाइम्स' }],
            thumbnails: [{ url: 'https://images.example/ghat.jpg', width: 1200, height: 675 }],
          },
        ],
      },
    });
  });

  test('every article of a feed comes back, in order', () => {
    const items = parsed().items ?? [];
    expect(items.map((item) => item.title)).toEqual(articles.map((article) => article.headline));
    expect(items.map((item) => item.content?.encoded)).toEqual(articles.map(articleHtml));
  });

  test('every author is a creator, and absent things are absent', () => {
    const [item] = parsed([english]).items ?? [];
    expect(item?.dc?.creators).toEqual(['Coast desk', 'Science desk']);
    expect(item?.media).toBeUndefined();
    const [plain] = itemsOf(render(rss, feedOf([bengali])));
    expect(plain?.children.map((child) => child.name)).not.toContain('dc:creator');
  });

  test('a publisher is named where its name is known', () => {
    const publisherNames = new Map([['ganga-times', 'गंगा टाइम्स']]);
    const [own, other] = parsed([hindi, english], { publisherNames }).items ?? [];
    expect(own?.dc?.publishers).toEqual(['गंगा टाइम्स']);
    expect(other?.dc?.publishers).toBeUndefined();
  });

  test('an item in another language than the feed’s says so', () => {
    const [own, other] = parsed([hindi, urdu]).items ?? [];
    expect(own?.dc?.languages).toBeUndefined();
    expect(other?.dc?.languages).toEqual(['ur']);
  });

  test('without a summary the description is the beginning of the text', () => {
    const [item] = parsed([english]).items ?? [];
    expect(item?.description).toMatch(/^The brass pen has drawn/);
  });

  test('a description is HTML, so plain words are escaped for it', () => {
    const [item] = itemsOf(render(rss, feedOf([{ ...hindi, summary: 'AT&T < 5 <b>' }])));
    expect(textOf(item, 'description')).toBe('AT&amp;T &lt; 5 &lt;b&gt;');
  });

  test('summaries: no content, and a description only where there is one', () => {
    const items = parsed(cards).items ?? [];
    expect(items.map((item) => item.content)).toEqual(cards.map(() => undefined));
    expect(items.map((item) => item.description)).toEqual(cards.map((card) => card.summary));
    expect(items.map((item) => item.title)).toEqual(cards.map((card) => card.headline));
  });

  test('a headline is words, whatever it looks like', () => {
    fc.assert(
      fc.property(hostileText, (headline) => {
        // XML 1.0 section 2.11: a carriage return is read as a line feed.
        const words = xmlText(headline).replace(/\r\n?/g, '\n').trim();
        fc.pre(/\P{White_Space}/u.test(words));
        const [item] = itemsOf(render(rss, feedOf([{ ...hindi, headline }])));
        expect(textOf(item, 'title')).toBe(words);
      }),
      { numRuns: 500 },
    );
  });

  test('whatever comes in, the document is well-formed and has every item', () => {
    fc.assert(
      fc.property(fc.array(hostileArticle, { maxLength: 3 }), hostileText, (items, title) => {
        const xml = render(rss, feedOf([...items, ...items.map(toCard)], { title, description: title }));
        expect(itemsOf(xml)).toHaveLength(items.length * 2);
      }),
      { numRuns: 300 },
    );
  });
});
