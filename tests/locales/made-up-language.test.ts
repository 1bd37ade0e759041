/** One JSON file adds a language: everything that knows of languages reads what it says, and nothing before it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { articlePage } from '../../src/formats/amp/article-page.ts';
import { listPage } from '../../src/formats/amp/list-page.ts';
import { addLocale, interfaceFor, localeOf } from '../../src/locales/locales.ts';
import { LocaleSchema } from '../../src/locales/schema.ts';
import { excerpt } from '../../src/text/excerpt.ts';
import { guessLanguage } from '../../src/text/language.ts';
import { english, publisher, site } from '../formats/articles.ts';
import { draft, outline, read } from '../normalize/drafts.ts';

/** A tag for private use (ISO 639-2, qaa to qtz): CLDR knows nothing of it. */
const TAG = 'qmx';
const FILE = parse(LocaleSchema, JSON.parse(readFileSync(join(import.meta.dirname, `${TAG}.json`), 'utf8')));

const STORY =
  'The steps by the river were swept before sunrise, and the first readers came with the light, each with a book.';
const MORE =
  'By noon the boat that holds the books was empty; the harbour desk wrote the names of all readers on a long list.';
const STORIES = [`p ${STORY}`, `p ${MORE}`];

const readPage = (html: string) => read(draft('page', `<div><h1>Steps</h1>${html}</div>`, { language: TAG }));
const inFront = (line: string) => readPage(`<p>${line}</p><p>${STORY}</p><p>${MORE}</p>`);
const behind = (line: string) => readPage(`<p>${STORY}</p><p>${MORE}</p>${line}`);
const opening = (line: string) => readPage(`<p>${line}${STORY}</p><p>${MORE}</p>`);

/** The tag by which its texts are told: CLDR has no usual script for it. */
const WRITTEN = `${TAG}-Latn`;
const NEWS = 'Zant nuv plim vora tink grelt mosk zolt frem nast';

/** Lines behind a story that are none of it. */
const LINES = [
  ['an advertisement', '<p>Reklo</p>'],
  ['boilerplate', '<p>Splinko</p>'],
  ['a prompt', '<p>Gromt tolo by the river every single morning</p>'],
  ['a label over other articles', '<h2>Multi lezat</h2><p>A bridge of stone</p>'],
  ['what its fallback calls an advertisement', '<p>Iklan</p>'],
  ['a rights line', '<p>Kopra Harbour Press 2026</p>'],
  ['all rights reserved', '<p>Harbour Press 2026, toti drekti</p>'],
  ['a follow line', '<p>Yurp nus telemoken by the river every single morning.</p>'],
  ['comments', `<p>14 remarki</p><div><p>${MORE} ${MORE}</p></div>`],
] as const;

const bodyOf = async (html: string) => outline((await behind(html)).body);
const authorsOf = async (line: string) => (await inFront(line)).authors.map(({ name }) => name);
const timesOf = async (line: string) => {
  const { publishedAt, updatedAt } = await inFront(line);
  return { publishedAt, updatedAt };
};
const pageOf = () =>
  articlePage({ article: { ...english, language: TAG }, site: { ...site, localDigits: true }, publisher });

describe('the file of the made-up language', () => {
  const { lexicon, frame, guess } = LocaleSchema.entries;

  test.each([
    ['a file', LocaleSchema, FILE],
    ['a lexicon', lexicon.wrapped, FILE.lexicon],
    ['a frame', frame.wrapped, FILE.frame],
    ['a guess', guess.wrapped, FILE.guess],
  ])('shows every field of %s', (_what, schema, shown = {}) => {
    expect(Object.keys(shown).sort()).toEqual(Object.keys(schema.entries).sort());
  });
});

describe('without its file, a language', () => {
  test('is not a known language', () => {
    expect(localeOf(TAG)).toEqual({ tag: TAG, lexicon: {} });
  });

  test.each(LINES)('keeps %s', async (_what, html) => {
    expect((await bodyOf(html)).length).toBeGreaterThan(STORIES.length);
  });

  test('is not guessed', () => {
    expect(guessLanguage(NEWS)).toBe('und');
  });

  test('has no interface, digits or hand of its own', () => {
    expect(interfaceFor(TAG).language).toBe('en');
    expect(pageOf()).not.toContain(':lang(qmx)');
    expect(pageOf()).not.toMatch(/[০-৯]/);
  });
});

describe('with its file, a language', () => {
  let remove: (() => void) | undefined;
  beforeAll(() => {
    remove = addLocale(TAG, FILE);
  });
  afterAll(() => {
    remove?.();
    expect(localeOf(TAG)).toEqual({ tag: TAG, lexicon: {} });
  });

  test.each(LINES)('loses %s', async (_what, html) => {
    expect(await bodyOf(html)).toEqual(STORIES);
  });

  test('loses what a site says around an article in another language, too', async () => {
    const article = await read(
      draft('page', `<div><h1>Steps</h1><p>${STORY}</p><p>${MORE}</p><p>Yurp nus telemok</p></div>`, {
        language: 'en',
      }),
    );
    expect(outline(article.body)).toEqual(STORIES);
  });

  test('has its “also read” lines lifted', async () => {
    const article = await behind('<p>Tambi lezu: <a href="/bridge">A bridge of stone</a></p>');
    expect(article.related).toMatchObject([{ title: 'A bridge of stone' }]);
    expect(outline(article.body)).toEqual(STORIES);
  });

  test('has its credits read, in any of its spellings', async () => {
    const article = await behind('<p>Inputo WNU vel XNU</p>');
    expect(article.credit).toBe('Inputo WNU vel XNU');
    expect((await behind('<p>(Takso)</p>')).credit).toBe('Takso');
  });

  test.each([
    ['Skriba: Grilda Mosk', 'Grilda Mosk'],
    ['Skribat da Grilda Mosk', 'Grilda Mosk'],
    ['Vonk Grilda zu Mosk', 'Grilda zu Mosk'],
  ])('has its byline read: %s', async (line, name) => {
    expect(await authorsOf(line)).toEqual([name]);
  });

  test('has its stamps read, with its months and date words', async () => {
    const at = '2026-11-22T05:00:00.000Z';
    expect(await timesOf('Pubrat: 22ek Zorpun lo 2026, 10:30 matu IST')).toMatchObject({ publishedAt: at });
    const both = 'Pubrat: 22 Zorp. 2026, 10:30 IST | Plenkat: 22 Zorpun 2026, 11:30 vespu IST';
    expect(await timesOf(both)).toEqual({ publishedAt: at, updatedAt: '2026-11-22T18:00:00.000Z' });
  });

  test('has its places known in datelines, and its agencies', async () => {
    expect(await opening('Frobnitz da Mar: ')).toMatchObject({ dateline: 'Frobnitz da Mar' });
    expect(await opening('Grolm, 22 Zorpun (WNU): ')).toMatchObject({
      dateline: 'Grolm, 22 Zorpun (WNU)',
      credit: 'WNU',
    });
    expect((await opening('VIDU: ')).dateline).toBeUndefined();
  });

  test('has its captions known', async () => {
    const article = await inFront('The steps by the river. Foto da: Harbour Desk');
    expect(article.image?.caption ?? article.warned.join()).toContain('Foto da');
    expect(outline(article.body)).toEqual(STORIES);
  });

  test('ends its sentences with its own mark, and none with its abbreviations', () => {
    const text = 'Mira Qvr. Grol tola zant nuv‡ Plim vora tink grelt mosk zolt frem nast.';
    expect(excerpt(text, 45, TAG)).toBe('Mira Qvr. Grol tola zant nuv‡');
    expect(excerpt(text, 45, 'en')).toMatch(/…$/);
  });

  test('has its credits read with its own mark behind them', async () => {
    const article = await behind('<p>(WNU)‡</p>');
    expect(article.credit).toBe('WNU');
    expect(outline(article.body)).toEqual(STORIES);
    const last = await readPage(`<p>${STORY}</p><p>${MORE} (WNU)‡</p>`);
    expect(last.credit).toBe('WNU');
    expect(outline(last.body)).toEqual(STORIES);
  });

  test.each([
    ['Frobnitz da Mar‡ ', 'Frobnitz da Mar'],
    ['Grolm, 22 Grumt‡ ', 'Grolm, 22 Grumt'],
    ['Grolm (WNU)‡ ', 'Grolm (WNU)'],
  ])('has its datelines read with its own mark behind them: %s', async (line, dateline) => {
    const article = await opening(line);
    expect(article.dateline).toBe(dateline);
    expect(outline(article.body)).toEqual(STORIES);
  });

  test.each(['Zant nuv‡ FROBNITZ: ', 'ZANT‡ '])('has no dateline in a sentence: %s', async (line) => {
    expect((await opening(line)).dateline).toBeUndefined();
  });

  test.each(['The steps by the river‡ Arkivo foto', 'The steps by the river (Arkivo foto)‡'])(
    'has its captions known by its own mark: %s',
    async (line) => {
      const article = await inFront(line);
      expect(article.image?.caption ?? article.warned.join()).toContain('Arkivo foto');
      expect(outline(article.body)).toEqual(STORIES);
    },
  );

  test('ends a line in front of an article with its own mark: it is no stamp and no byline', async () => {
    expect(await timesOf('Pubrat: 22 Zorpun 2026, 10:30 IST‡')).toEqual({});
    expect(await authorsOf('Skriba: Grilda Mosk‡')).toEqual([]);
  });

  test('is guessed by its words, endings and letters', () => {
    const removeWritten = addLocale(WRITTEN, FILE);
    try {
      expect(guessLanguage(NEWS)).toBe(WRITTEN);
    } finally {
      removeWritten();
    }
    expect(guessLanguage(NEWS)).toBe('und');
  });

  test('frames its pages in its words', () => {
    const html = pageOf();
    expect(html).toContain('Pubrat');
    expect(html).not.toContain('Published</span>');
    const list = listPage({ site, scope: { kind: 'all' }, title: 'Steps', language: TAG, cards: [] });
    expect(list).toContain('Nilo.');
  });

  test('has its digits and its hand on them', () => {
    expect(pageOf()).toMatch(/[০-৯]{2}:[০-৯]{2}/);
    expect(pageOf()).toMatch(/:lang\(qmx\)(?:,:lang\(\w+\))*\{--face:"Noto Nastaliq Urdu"/);
  });

  test('is called by its own name', () => {
    const html = articlePage({
      article: { ...english, translations: [{ language: TAG, url: 'https://news.example/qmx' }] },
      site,
      publisher,
    });
    expect(html).toContain('>Zantori</a>');
  });
});
