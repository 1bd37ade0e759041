import { describe, expect, test } from 'vitest';
import { normalize } from '../../src/normalize/normalize.ts';
import { draft, outline, read } from './drafts.ts';

describe('the article', () => {
  test('has what the publisher sent, and nothing for what it did not', async () => {
    const result = await normalize(draft('text', 'Some words.'), { id: 'samachar', name: 'Samachar' });
    expect(result).toStrictEqual({
      content: {
        publisher: 'samachar',
        sourceId: '1',
        canonicalUrl: 'https://publisher.example/news/1',
        language: 'en',
        direction: 'ltr',
        headline: 'A headline',
        authors: [],
        tags: [],
        body: [{ type: 'paragraph', content: [{ type: 'text', text: 'Some words.' }] }],
        related: [],
        corrections: [],
        translations: [],
        wordCount: 2,
        readingMinutes: 1,
      },
      warnings: [],
    });
    // `toStrictEqual` tells an absent property from one that is undefined.
    expect(Object.values('content' in result ? result.content : {})).not.toContain(undefined);
  });

  test('keeps every field', async () => {
    const fields = {
      summary: 'S.',
      dateline: 'D',
      section: 'City',
      tags: ['a', 'b'],
      authors: [
        { name: 'Desk', url: 'https://publisher.example/desk' },
        { name: 'Agency', url: null },
      ],
      image: { url: 'https://publisher.example/a.jpg', width: 10, height: 20, alt: 'x' },
      credit: 'C',
      rights: { licence: 'CC-BY-4.0', copyright: '' },
      corrections: [{ at: '2026-11-22T10:00:00Z', note: 'A name was wrong.' }],
      translations: [{ language: 'HI-in', url: 'https://publisher.example/hi/1' }],
      publishedAt: '2026-11-22T15:30:00+05:30',
      updatedAt: '2026-11-22T11:00:00Z',
      embargoUntil: '2026-11-23T00:00:00Z',
      expiresAt: '2027-11-23T00:00:00Z',
    };
    const article = await read(draft('text', 'Words.', fields));
    expect(article).toMatchObject({
      ...fields,
      authors: [{ name: 'Desk', url: 'https://publisher.example/desk' }, { name: 'Agency' }],
      rights: { licence: 'CC-BY-4.0' },
      corrections: [{ at: '2026-11-22T10:00:00.000Z', note: 'A name was wrong.' }],
      translations: [{ language: 'hi-IN', url: 'https://publisher.example/hi/1' }],
      publishedAt: '2026-11-22T10:00:00.000Z',
      updatedAt: '2026-11-22T11:00:00.000Z',
      embargoUntil: '2026-11-23T00:00:00.000Z',
      expiresAt: '2027-11-23T00:00:00.000Z',
    });
    expect(Object.keys(article.rights ?? {})).toEqual(['licence']);
    expect(Object.keys(article.authors[1] ?? {})).toEqual(['name']);
  });

  test('may have no body at all', async () => {
    const { body: _body, ...rest } = draft('text', 'x');
    expect(await read(rest)).toMatchObject({ body: [], wordCount: 0, readingMinutes: 0 });
  });

  test('an image without URL and caption is left out', async () => {
    expect(await read(draft('text', 'x', { image: { alt: 'x' } }))).not.toHaveProperty('image');
  });

  test('counts words in its body, 200 a minute', async () => {
    expect(await read(draft('text', 'word '.repeat(200)))).toMatchObject({
      wordCount: 200,
      readingMinutes: 1,
    });
    expect(await read(draft('text', 'word '.repeat(201)))).toMatchObject({
      wordCount: 201,
      readingMinutes: 2,
    });
    expect(await read(draft('text', 'क्या हाल है'))).toMatchObject({ wordCount: 3, readingMinutes: 1 });
  });
});

describe('plain text', () => {
  test('blank lines part paragraphs, a line end within one is a space', async () => {
    expect(outline((await read(draft('text', 'one\ntwo\r\n \t\r\nthree\n\n\n\nfour'))).body)).toEqual([
      'p one two',
      'p three',
      'p four',
    ]);
  });

  test('without blank lines each line is a paragraph', async () => {
    expect(outline((await read(draft('text', 'one\ntwo\nthree\n'))).body)).toEqual([
      'p one',
      'p two',
      'p three',
    ]);
  });

  test('markup in it is text', async () => {
    expect(outline((await read(draft('text', '<script>1 &amp; 2</script>'))).body)).toEqual([
      'p <script>1 &amp; 2</script>',
    ]);
  });
});

describe('language', () => {
  const HINDI = 'नगर निगम ने घाट की सफाई का काम शुरू कर दिया है।';
  const MARATHI = 'नगरपालिकेने घाटाच्या साफसफाईचे काम सुरू केले आहे आणि ते चालू राहील.';

  test.each([
    ['the publisher’s word goes first', HINDI, { language: 'mr' }, {}, 'mr'],
    ['else the script tells', HINDI, {}, {}, 'hi'],
    ['and words, where languages share one', MARATHI, {}, {}, 'mr'],
    ['the publisher’s usual one, in that script', 'राम सेतु', {}, { language: 'ne' }, 'ne'],
    ['not in another', HINDI, {}, { language: 'en' }, 'hi'],
    ['its usual one when there are no letters', '123', { headline: '1' }, { language: 'ta' }, 'ta'],
    ['and none at all', '123', { headline: '1' }, {}, 'und'],
  ])('%s', async (_rule, content, fields, publisher, language) => {
    expect((await read(draft('text', content, { headline: '…', ...fields }), publisher)).language).toBe(
      language,
    );
  });

  test('direction follows it, unless the publisher says otherwise', async () => {
    expect((await read(draft('text', 'یہ خبر ہے', { headline: 'خبر' }))).direction).toBe('rtl');
    expect((await read(draft('text', 'x', { language: 'ur' }))).direction).toBe('rtl');
    // Letters alone say how a text runs whose language nobody knows.
    expect(await read(draft('text', 'ببب', { headline: 'ببب' }))).toMatchObject({
      language: 'und-Arab',
      direction: 'rtl',
    });
    expect((await read(draft('text', 'x', { language: 'ur', direction: 'ltr' }))).direction).toBe('ltr');
  });
});
