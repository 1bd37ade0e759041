import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Article, type Card, toCard } from '../../src/domain/article.ts';
import { articleUrn } from '../../src/domain/identity.ts';
import { atom } from '../../src/formats/atom.ts';
import { xmlText } from '../../src/formats/escape.ts';
import type { FeedFormat } from '../../src/formats/feed.ts';
import { articleHtml } from '../../src/formats/html.ts';
import { isFull, itemSummary, itemTags } from '../../src/formats/item.ts';
import { FEED_FORMATS } from '../../src/formats/registry.ts';
import { rss } from '../../src/formats/rss.ts';
import { safeWebUrl } from '../../src/formats/url.ts';
import { oneLine } from '../../src/text/text.ts';
import { articles, hindi, site } from './articles.ts';
import { cards, feedOf, render } from './feeds.ts';
import { hostileArticle, hostileText } from './hostile.ts';
import { PARSERS, type ReadItem } from './parsers.ts';
import { readXml, type XmlElement } from './xml.ts';

const XML_DIALECTS = [rss, atom];
const NEXT = 'https://news.example/feeds/all?before=abc&limit=7';

/** What a parser of the dialect must find of an article, as far as it looks for it. */
function expected(item: Article | Card, feedAuthors: ReadItem['authors'] = []): ReadItem {
  return {
    id: articleUrn(item.id),
    title: item.headline,
    url: item.url,
    published: item.publishedAt,
    updated: item.updatedAt,
    summary: itemSummary(item),
    content: isFull(item) ? articleHtml(item) : undefined,
    authors: item.authors.length > 0 ? item.authors.map(({ name }) => name) : feedAuthors,
    tags: itemTags(item),
    image: safeWebUrl(item.image?.url),
  };
}

const pick = (item: ReadItem, names: readonly string[]) =>
  Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));

const parsings = XML_DIALECTS.flatMap((format) =>
  Object.entries(PARSERS).map(([parser, parse]) => ({ dialect: format.extension, format, parser, parse })),
);

describe.each(parsings)('$dialect read by $parser', ({ format, parse }) => {
  test.each([
    { content: 'full', items: articles },
    { content: 'summary', items: cards },
  ])('says of every article what it says, $content', async ({ items }) => {
    const read = await parse(render(format, feedOf(items, { nextUrl: NEXT })));
    expect(read.items).toHaveLength(items.length);
    for (const [index, item] of read.items.entries()) {
      const source = items[index];
      if (source) expect(item).toEqual(pick(expected(source, read.authors), Object.keys(item)));
    }
  });

  test('says what the feed is', async () => {
    const read = await parse(render(format, feedOf()));
    expect(read.title).toBe(site.name);
    expect(read.homeUrl).toBe('https://news.example/');
    expect(read.selfUrl).toBe('https://news.example/feeds/all.rss?limit=7&content=full');
  });

  test('is not disturbed by withdrawn articles', async () => {
    const withdrawn = [{ id: '0gone00000000009', at: '2026-11-22T11:00:00.000Z' }];
    const read = await parse(render(format, feedOf([hindi], { withdrawn })));
    expect(read.items.map(({ id }) => id)).toEqual([articleUrn(hindi.id)]);
  });
});

interface Core {
  id: unknown;
  title: unknown;
  published: unknown;
  updated: unknown;
}

const childOf = (element: XmlElement, name: string) =>
  element.children.find((child) => child.name === name)?.text;
const itemsIn = (xml: string, name: string): XmlElement[] =>
  (name === 'item' ? readXml(xml).children[0]?.children : readXml(xml).children)?.filter(
    (child) => child.name === name,
  ) ?? [];

/** The items of a document of each dialect: a strict reader's view, with nothing forgiven. */
const CORES: Record<string, (document: string) => Core[]> = {
  rss: (xml) =>
    itemsIn(xml, 'item').map((item) => ({
      id: childOf(item, 'guid'),
      title: childOf(item, 'title'),
      published: new Date(childOf(item, 'pubDate') ?? '').toISOString(),
      updated: childOf(item, 'dcterms:modified'),
    })),
  atom: (xml) =>
    itemsIn(xml, 'entry').map((entry) => ({
      id: childOf(entry, 'id'),
      title: childOf(entry, 'title'),
      published: childOf(entry, 'published'),
      updated: childOf(entry, 'updated'),
    })),
  json: (json) =>
    JSON.parse(json).items.map((item: Record<string, unknown>) => ({
      id: item.id,
      title: item.title,
      published: item.date_published,
      updated: item.date_modified,
    })),
  ninjs: (json) =>
    JSON.parse(json).associations.map(
      (item: Record<string, unknown> & { headlines: { value: string }[] }) => ({
        id: item.uri,
        title: item.headlines[0]?.value,
        published: item.firstCreated,
        updated: item.versionCreated,
      }),
    ),
};

const instant = fc
  .date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => new Date(Math.floor(date.getTime() / 1_000) * 1_000).toISOString());

describe('every dialect', () => {
  test('is held against the law below', () => {
    expect(Object.keys(CORES)).toEqual(FEED_FORMATS.map(({ extension }) => extension));
  });

  test.each(FEED_FORMATS)('$extension: any article reads back with its id, title and dates', (format) => {
    const coresOf = CORES[format.extension] ?? (() => []);
    fc.assert(
      fc.property(hostileArticle, hostileText, instant, instant, (article, words, publishedAt, updatedAt) => {
        // What the draft's schema lets through.
        const headline = xmlText(oneLine(words));
        fc.pre(headline !== '');
        const item = { ...article, headline, publishedAt, updatedAt };
        const core = { id: articleUrn(item.id), title: headline, published: publishedAt, updated: updatedAt };
        expect(coresOf(render(format, feedOf([item, toCard(item)])))).toEqual([core, core]);
      }),
      { numRuns: 300 },
    );
  });

  const revised: Article = {
    ...hindi,
    version: hindi.version + 1,
    headline: 'नया शीर्षक',
    url: 'https://news.example/news/0hindi0000000001/new',
    updatedAt: '2026-11-23T01:00:00.000Z',
  };

  test.each(FEED_FORMATS)(
    '$extension: a revision keeps its id and publication, and moves its update',
    (format) => {
      const coresOf = CORES[format.extension] ?? (() => []);
      const [before] = coresOf(render(format, feedOf([hindi])));
      const [after] = coresOf(render(format, feedOf([revised])));
      expect(after).toEqual({ ...before, title: revised.headline, updated: revised.updatedAt });
    },
  );

  test.each(FEED_FORMATS)('$extension: the same feed is the same bytes', (format: FeedFormat) => {
    expect(render(format, feedOf())).toBe(render(format, feedOf()));
  });
});

describe('what RSS and Atom share', () => {
  const rootOf = (format: FeedFormat, ...args: Parameters<typeof feedOf>) => {
    const root = readXml(render(format, feedOf(...args)));
    return format === rss ? (root.children[0] ?? root) : root;
  };
  const named = (element: XmlElement | undefined, name: string) =>
    element?.children.filter((child) => child.name === name) ?? [];

  test.each(XML_DIALECTS)('$extension: names its style sheet before its root', (format) => {
    expect(render(format, feedOf()).split('\n')[1]).toBe(
      '<?xml-stylesheet type="text/css" href="/feeds.css"?>',
    );
  });

  test.each(XML_DIALECTS)('$extension: a withdrawn article is a tombstone and nothing else', (format) => {
    const withdrawn = [
      { id: '0gone00000000009', at: '2026-11-22T11:00:00.000Z' },
      { id: '0gone00000000008', at: '2026-11-22T10:00:00.000Z' },
    ];
    const tombstones = named(rootOf(format, [hindi], { withdrawn }), 'at:deleted-entry');
    expect(tombstones.map(({ attributes }) => attributes)).toEqual([
      { ref: 'urn:dateline:0gone00000000009', when: '2026-11-22T11:00:00.000Z' },
      { ref: 'urn:dateline:0gone00000000008', when: '2026-11-22T10:00:00.000Z' },
    ]);
    expect(tombstones[0]?.namespace).toBe('http://purl.org/atompub/tombstones/1.0');
    expect(tombstones[0]?.children).toEqual([]);
    expect(named(rootOf(format), 'at:deleted-entry')).toEqual([]);
  });

  test.each(XML_DIALECTS)('$extension: an item shows its version and what was corrected', (format) => {
    const [item, card] = named(rootOf(format, [hindi, toCard(hindi)]), format === rss ? 'item' : 'entry');
    expect(named(item, 'dateline:version')).toMatchObject([{ text: '3', namespace: 'urn:dateline:feed' }]);
    expect(named(item, 'dateline:correction')).toMatchObject([
      { attributes: { at: hindi.corrections[0]?.at }, text: hindi.corrections[0]?.note },
    ]);
    expect(named(card, 'dateline:version')).toMatchObject([{ text: '3' }]);
  });

  test.each(XML_DIALECTS)(
    '$extension: words that look like the document’s own tags move nothing',
    (format) => {
      const words = '</entry></item></channel></feed> ]]></item>]]>';
      const items = [
        { ...hindi, headline: words, summary: words, corrections: [{ at: hindi.updatedAt, note: words }] },
        hindi,
      ];
      const withdrawn = [{ id: '0gone00000000009', at: '2026-11-22T11:00:00.000Z' }];
      const root = rootOf(format, items, { withdrawn, title: words });
      const read = named(root, format === rss ? 'item' : 'entry');
      expect(read.map((item) => named(item, 'dateline:version').length)).toEqual([1, 1]);
      expect(named(root, 'at:deleted-entry')).toHaveLength(1);
      expect(named(root, 'title')[0]?.text).toBe(words);
      expect(named(read[0], 'dateline:correction')[0]?.text).toBe(words);
    },
  );

  test.each(XML_DIALECTS)('$extension: no white space gets into what the words are', (format) => {
    const root = rootOf(format, [{ ...hindi, headline: 'A & B' }], { title: 'C & D' });
    const [item] = named(root, format === rss ? 'item' : 'entry');
    expect(named(root, 'title')[0]?.text).toBe('C & D');
    expect(named(item, 'title')[0]?.text).toBe('A & B');
  });

  test.each(XML_DIALECTS)('$extension: terms that are the same in both', (format) => {
    const rights = { ...hindi.rights, usageTerms: 'केवल वेब पर' };
    const [item] = named(rootOf(format, [{ ...hindi, rights }]), format === rss ? 'item' : 'entry');
    const terms = Object.fromEntries(
      (item?.children ?? [])
        .filter(({ name }) => name.startsWith('dcterms:'))
        .map(({ name, text }) => [name, text]),
    );
    expect(terms).toEqual({
      'dcterms:license': 'https://ganga-times.example/licence',
      'dcterms:modified': hindi.updatedAt,
      'dcterms:rights': 'केवल वेब पर',
      'dcterms:source': '(भाषा)',
      'dcterms:spatial': 'हरिद्वार',
    });
    const links = (item?.children ?? []).filter(({ name }) => /^(atom:)?link$/.test(name));
    expect(links.map(({ attributes }) => attributes)).toEqual(
      expect.arrayContaining([
        { href: hindi.canonicalUrl, rel: 'canonical' },
        { href: hindi.rights?.licence, rel: 'license' },
      ]),
    );
  });
});
