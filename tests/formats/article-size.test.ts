import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Article, toCard } from '../../src/domain/article.ts';
import {
  cardSizeOf,
  cutForPage,
  excessOf,
  MAX_ARTICLE_BYTES,
  sizeOf,
} from '../../src/domain/article-size.ts';
import type { Block, Inline } from '../../src/domain/blocks.ts';
import { articlePage } from '../../src/formats/amp/article-page.ts';
import { renderCards } from '../../src/formats/amp/card.ts';
import { pageMedia } from '../../src/formats/amp/media.ts';
import { phrasesFor } from '../../src/formats/amp/phrases.ts';
import { FEED_FORMATS } from '../../src/formats/registry.ts';
import { utf8Length } from '../../src/text/bytes.ts';
import { articles, english, hindi, publisher, site } from './articles.ts';
import { feedOf } from './feeds.ts';
import { hostileArticle, hostileText } from './hostile.ts';

const words = (text: string): Inline[] => [{ type: 'text', text }];
const paragraph = (text: string): Block => ({ type: 'paragraph', content: words(text) });
const { items: _items, ...feed } = feedOf([]);

/** What a page has of the site's own, around an article: styles, navigation, footer. */
const SURROUNDINGS = 40_000;

function expectBounded(article: Article): void {
  const bound = sizeOf(article);
  for (const format of FEED_FORMATS) {
    expect(utf8Length(format.item(article, feed)), format.extension).toBeLessThanOrEqual(bound.feed);
    const card = toCard(article);
    expect(utf8Length(format.item(card, feed)), format.extension).toBeLessThanOrEqual(sizeOf(card).feed);
  }
  const page = articlePage({ article, site, publisher, sections: [article.section ?? 'x'] });
  expect(utf8Length(page), 'page').toBeLessThanOrEqual(bound.page + SURROUNDINGS);
}

describe('the bound for an article’s size', () => {
  test('holds for every format and the page, whatever the article contains', () => {
    fc.assert(fc.property(hostileArticle, expectBounded), { numRuns: 200 });
  });

  const CHARACTERS = [
    '&',
    '<',
    '>',
    '"',
    "'",
    '\\',
    '\u0001',
    '\n',
    '\ud800',
    '\u2028',
    'é',
    'क',
    'م',
    '😀',
    ']]>',
    '%',
    '|',
  ];

  /** Every place in which a text may stand, filled with it. */
  const filled = (text: string): Article => ({
    ...hindi,
    headline: text,
    summary: text,
    dateline: text,
    credit: text,
    section: text.toWellFormed(),
    canonicalUrl: `https://a.example/${text}`,
    authors: Array.from({ length: 20 }, () => ({
      name: text.toWellFormed(),
      url: `https://a.example/?${text}`,
    })),
    tags: Array.from({ length: 20 }, (_, index) => `${text.toWellFormed()}${index}`),
    image: { url: `https://a.example/#${text}`, alt: text, caption: text, credit: text },
    related: Array.from({ length: 20 }, () => ({ title: text, url: `mailto:${text}` })),
    rights: {
      copyright: text,
      licence: text,
      usageTerms: text,
      territories: [text],
      excludePartners: [text],
    },
    corrections: Array.from({ length: 20 }, () => ({ at: hindi.publishedAt, note: text })),
    translations: Array.from({ length: 20 }, () => ({ language: 'ur', url: `https://a.example/${text}` })),
    body: [
      paragraph(text),
      {
        type: 'heading',
        level: 2,
        content: [{ type: 'strong', content: words(text) }],
        language: 'ur',
        direction: 'rtl',
      },
      {
        type: 'list',
        ordered: true,
        start: 123_456,
        items: [[paragraph(text), { type: 'divider' }], [paragraph('')]],
      },
      { type: 'definitions', items: [{ terms: [words(text)], descriptions: [[paragraph(text)]] }] },
      { type: 'quote', blocks: [paragraph(text)], citation: words(text), language: 'ur', direction: 'rtl' },
      { type: 'aside', blocks: [{ type: 'code', text, language: 'typescript' }] },
      {
        type: 'image',
        url: `https://a.example/${text}`,
        alt: text,
        caption: text,
        credit: text,
        width: 100_000,
        height: 100_000,
      },
      {
        type: 'gallery',
        images: [{ url: `https://a.example/?${text}`, alt: text, caption: text, credit: text }],
      },
      {
        type: 'table',
        caption: words(text),
        rows: [[{ header: true, columnSpan: 1_000, rowSpan: 1_000, content: words(text) }, { content: [] }]],
      },
      ...['youtube', 'video', 'audio', 'facebook', 'frame', 'spotify'].map(
        (provider): Block => ({
          type: 'embed',
          provider,
          id: text,
          url: `https://a.example/${text}`,
          poster: `https://a.example/${text}`,
        }),
      ),
      {
        type: 'paragraph',
        content: [
          { type: 'abbreviation', title: text, content: words(text) },
          { type: 'span', language: 'te-Latn-IN', direction: 'auto', content: words(text) },
          { type: 'link', href: `mailto:${text}`, content: words(text) },
          { type: 'ruby', content: [...words(text), { type: 'reading', content: words(text) }] },
          { type: 'break' },
        ],
      },
    ],
  });

  test.each(CHARACTERS)('holds where every field is full of %j', (character) => {
    for (const count of [1, 100, 700]) expectBounded(filled(character.repeat(count)));
  });

  test.each<[string, Block]>([
    ['dividers', { type: 'divider' }],
    ['embeds', { type: 'embed', provider: 'frame', id: 'x', url: 'https://a.example/' }],
    ['embeds without a URL', { type: 'embed', provider: 'youtube', id: 'x', url: '' }],
    ['pictures', { type: 'image', url: 'https://a.example/' }],
    ['tables', { type: 'table', rows: [[{ content: [] }]] }],
    ['breaks', { type: 'paragraph', content: Array.from({ length: 5 }, () => ({ type: 'break' })) }],
    ['lists', { type: 'list', ordered: true, start: 2, items: [[], [paragraph('')]] }],
    [
      'languages',
      { type: 'paragraph', content: [{ type: 'span', language: 'ur', direction: 'rtl', content: [] }] },
    ],
  ])('holds for thousands of %s', (_name, block) => {
    for (const language of ['en', 'ml', 'ur']) {
      expectBounded({ ...hindi, language, body: Array.from({ length: 3_000 }, () => block) });
    }
  });

  test('holds for a summary taken from a paragraph of endless graphemes', () => {
    const marks = `a${'\u0301'.repeat(200_000)}`;
    const { summary: _summary, ...rest } = hindi;
    expectBounded({ ...rest, body: [paragraph(marks.repeat(2)), paragraph(`${'&\u0301'.repeat(100_000)}`)] });
  });

  test('is at most 3 times what an article full of markup has, and 1.2 times what prose has', () => {
    const largest = (article: Article) =>
      Math.max(...FEED_FORMATS.map((format) => utf8Length(format.item(article, feed))));
    const long = (article: Article): Article => ({
      ...article,
      body: Array.from({ length: 120 }, () => article.body).flat(),
    });
    for (const article of articles) {
      expect(sizeOf(long(article)).feed, article.id).toBeLessThan(3 * largest(long(article)));
    }
    for (const text of ['A sentence, as they are. ', 'नदी के किनारे एक पुस्तकालय खुला। ']) {
      const prose = { ...hindi, body: Array.from({ length: 120 }, () => paragraph(text.repeat(12))) };
      expect(sizeOf(prose).feed).toBeLessThan(1.2 * largest(prose) + 20_000);
    }
  });

  test('lets an ordinary article of 300 kB pass, in any script', () => {
    for (const article of [hindi, english]) {
      let body = article.body;
      while (utf8Length(JSON.stringify(body)) < 300_000) body = [...body, ...article.body];
      expect(excessOf({ ...article, body })).toBeUndefined();
    }
    for (const text of [
      'A sentence with “quotes” & an ampersand. ',
      'नदी के किनारे एक पुस्तकालय खुला। ',
      '川のそばに図書館。',
    ]) {
      const body = Array.from({ length: 300 }, () =>
        paragraph(text.repeat(Math.ceil(1_000 / utf8Length(text)))),
      );
      expect(excessOf({ ...hindi, body })).toBeUndefined();
    }
  });

  test('says in which form an article exceeds the limit, and how large it is there', () => {
    const ampersands = { ...english, body: [paragraph('&'.repeat(1_000_000))] };
    expect(excessOf(ampersands)?.bytes).toBeGreaterThanOrEqual(5_000_000);
    const territories = Array.from({ length: 20_000 }, (_, index) => `${'क'.repeat(100)}${index}`);
    expect(excessOf({ ...hindi, rights: { territories } })).toMatchObject({ form: 'an item of a feed' });
    const tables = Array.from({ length: 4_000 }, (): Block => ({ type: 'table', rows: [[{ content: [] }]] }));
    expect(excessOf({ ...english, body: tables })).toMatchObject({ form: 'a page' });
    expect(excessOf({ ...english, body: [paragraph('&'.repeat(370_000))] })).toBeUndefined();
  });

  test('does not depend on the depth to which an article nests', () => {
    let deep: Block = paragraph('&');
    for (let depth = 0; depth < 20_000; depth += 1) deep = { type: 'aside', blocks: [deep] };
    const article = { ...hindi, body: [deep] };
    for (const format of FEED_FORMATS) {
      expect(utf8Length(format.item(article, feed))).toBeLessThanOrEqual(sizeOf(article).feed);
    }
  });
});

test('the page of an article above the limit has its first blocks, and says that more is elsewhere', () => {
  const body = [paragraph('First.'), paragraph('&'.repeat(1_000_000)), paragraph('Last.')];
  const article: Article = { ...english, body, canonicalUrl: 'https://gazette.example/long' };
  expect(cutForPage(article).article.body).toEqual(body.slice(0, 1));
  const page = articlePage({ article, site, publisher });
  expect(utf8Length(page)).toBeLessThan(MAX_ARTICLE_BYTES);
  expect(page).toContain('<p>First.</p>');
  expect(page).toContain('Sorry, this cannot be shown on this page.');
  expect(page).toContain('<a href="https://gazette.example/long">View on gazette.example</a>');
  expect(page).not.toContain('Last.');
  expect(articlePage({ article: hindi, site, publisher })).not.toContain('Sorry');
});

test('a card on a page is within the bound of a card', () => {
  const media = pageMedia(phrasesFor('en'));
  fc.assert(
    fc.property(hostileArticle, hostileText, (article, name) => {
      const card = toCard(article);
      const html = renderCards([card], {
        site,
        media,
        scope: { kind: 'all' },
        level: 'h2',
        publisherOf: () => name,
      });
      expect(utf8Length(html)).toBeLessThanOrEqual(cardSizeOf(card));
    }),
  );
});
