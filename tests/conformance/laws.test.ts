import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ArticleContent } from '../../src/domain/article.ts';
import { type Block, blockText } from '../../src/domain/blocks.ts';
import { articleHtml } from '../../src/formats/html.ts';
import { normalize } from '../../src/normalize/normalize.ts';
import { draft, read } from '../normalize/drafts.ts';
import { runs } from '../thorough.ts';
import { harm, published } from './attacks/judge.ts';
import { soup } from './attacks/soup.ts';
import { bodiesIn, TONGUES } from './laws/bodies.ts';
import { type Document, markup, page, plainText } from './laws/pages.ts';

/** What holds of every article the normalizer makes, whatever it was made from. */

const FORMATS = ['html', 'text', 'page'] as const;

/** The content made from hostile input; undefined where a page was refused for having no article in it. */
async function made(format: (typeof FORMATS)[number], input: string): Promise<ArticleContent | undefined> {
  if (input.replaceAll('\u0000', '').trim() === '') return undefined;
  const result = await normalize(draft(format, input, { headline: 'A headline' }), { id: 'p', name: 'P' });
  return 'content' in result ? result.content : undefined;
}

/** Holds a law against hostile input in every format. */
const always = (law: (content: ArticleContent, input: string) => void, inputs = soup) =>
  fc.assert(
    fc.asyncProperty(fc.constantFrom(...FORMATS), inputs, async (format, input) => {
      const content = await made(format, input);
      if (content !== undefined) law(content, input);
    }),
    { numRuns: runs(300, 100) },
  );

/** Every text in a value, wherever it stands. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

describe('safety: for any input, each rendered form contains only allowed elements, attributes and URL schemes', () => {
  test('tag soup in every format', () => always((content) => expect(harm(content)).toEqual([])));
});

describe('clean text', () => {
  // Of the controls, tab and line feed are left in code.
  const UNWANTED =
    /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/;

  test('no control, bidi control, byte-order mark or soft hyphen; well-formed', () =>
    always((content) => {
      for (const text of texts(content)) {
        expect(text).not.toMatch(UNWANTED);
        expect(text.isWellFormed()).toBe(true);
      }
    }));

  test('in NFC', () =>
    always((content) => {
      for (const text of texts(content)) expect(text).toBe(text.normalize('NFC'));
    }));

  test('in NFC, also where an element between letter and accent turns out empty', async () => {
    const { body } = await read(draft('html', '<p>caf\u0065<b>&shy;</b>\u0301</p>'));
    expect(body.map(blockText)).toEqual(['caf\u00E9']);
  });

  test('joiners are kept where they stand between letters', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FORMATS),
        fc.array(fc.constantFrom('क्‍ष', 'ক্‌ষ', 'می‌خواهم', '👩‍👩‍👧', 'न्‍य', 'word'), {
          minLength: 3,
          maxLength: 12,
        }),
        async (format, spelled) => {
          const line = spelled.join(' ');
          const content = await made(format, format === 'text' ? line : `<p>${line}</p>`);
          expect(content?.body.map(blockText).join(' ')).toBe(line.normalize('NFC'));
        },
      ),
    ));
});

describe('blocks are never empty', () => {
  const MAY_BE_EMPTY = new Set(['authors', 'tags', 'related', 'corrections', 'translations', 'body']);

  /** The paths of all that holds nothing: text without a character to see, lists without an entry. */
  function empty(value: unknown, path: string): string[] {
    if (typeof value === 'string')
      return /[^\s\p{Cf}]/u.test(value) || (/content\.\d+\.text$/.test(path) && value !== '') ? [] : [path];
    if (typeof value !== 'object' || value === null) return [];
    const isCell = /rows\.\d+\.\d+\.content$/.test(path);
    if (Array.isArray(value) && value.length === 0 && !isCell && !MAY_BE_EMPTY.has(path)) return [path];
    // A term may wait for its meaning, and a meaning stand without a term.
    if ('terms' in value && 'descriptions' in value) {
      const halves = [value.terms, value.descriptions].filter(
        (half) => Array.isArray(half) && half.length > 0,
      );
      return halves.length === 0 ? [path] : halves.flatMap((half) => empty(half, path));
    }
    return Object.entries(value).flatMap(([key, each]) => empty(each, path === '' ? key : `${path}.${key}`));
  }

  test('nor is any line, list, caption or field', () =>
    always((content) => {
      expect(empty(content, '')).toEqual([]);
      for (const block of content.body) {
        if (['image', 'gallery', 'embed', 'divider'].includes(block.type)) continue;
        expect(JSON.stringify(block)).toMatch(/"type":"(?:image|embed|gallery)"|"text":"[^"]*[^\s"\p{Cf}]/u);
      }
    }));

  test.each(['<ol><li><hr></ol>', '<blockquote><hr></blockquote>', '<aside><hr></aside>'])(
    'nor is there a block of nothing but a divider: %s',
    async (html) => {
      expect((await read(draft('html', `<p>one</p>${html}<p>two</p>`))).body).toHaveLength(2);
    },
  );
});

describe('blocks of what nobody sees', () => {
  test.each([
    ['a noncharacter, which no renderer writes', '\uFFFE'],
    ['an Arabic letter mark', '\u061C'],
    ['a variation selector', '\uFE0F'],
    ['a Mongolian vowel separator', '\u180E'],
    ['a Hangul filler', '\u3164'],
    ['a language tag', '\u{E0001}'],
    ['a joiner', '\u200D'],
  ])('%s alone is no paragraph', async (_name, character) => {
    expect((await read(draft('html', `<p>${character}</p><p>word</p>`))).body).toHaveLength(1);
  });
});

test('code of what nobody sees is no block', async () => {
  expect((await read(draft('html', '<pre>&zwj;</pre><p>word</p>'))).body).toHaveLength(1);
});

describe('size: what comes out is linear in what comes in', () => {
  const length = (content: ArticleContent) => JSON.stringify(content).length;

  test('tag soup', () =>
    always((content, input) => expect(length(content)).toBeLessThan(60 * input.length + 2_000)));

  // Each a piece that makes the most of its few characters, behind what is repeated for every one of them.
  test.each([
    ['breaks under every style', '<b><i><code><sub><sup><mark><q>', 'a<br>'],
    ['cells', '<table>', '<td>'],
    ['rows', '<table>', '<tr><td>a'],
    ['items', '<ul>', '<li>a'],
    ['descriptions', '<dl>', '<dd>a'],
    ['dividers', '', 'a<hr>'],
    ['pictures', '', '<img src=a>'],
    ['links', '', '<a href=a>b</a>'],
    ['paragraphs in another language', '', '<p lang=ur dir=rtl>a'],
    ['asides', '', '<aside>a</aside>'],
    ['figures', '', '<figure><img src=a><figcaption>b</figure>'],
    ['a title', `<abbr title="${'t'.repeat(200)}">`, 'a<br>'],
  ])('%s', async (_name, start, piece) => {
    for (const times of [500, 5_000]) {
      const html = start + piece.repeat(times);
      expect(length(await read(draft('html', html)))).toBeLessThan(70 * html.length + 2_000);
    }
  });

  test('a long address around many paragraphs', async () => {
    const html = `<a href="https://a.example/${'x'.repeat(2_000)}">${'<p>a'.repeat(5_000)}`;
    expect(length(await read(draft('html', html)))).toBeLessThan(70 * html.length);
  });

  test('many short addresses under a long one', async () => {
    const html = '<a href=a>b</a>'.repeat(5_000);
    const url = `https://publisher.example/${'x'.repeat(2_000)}/`;
    expect(length(await read(draft('html', html, { url })))).toBeLessThan(70 * html.length);
  });
});

type Known = Pick<ArticleContent, 'language' | 'direction' | 'dateline' | 'credit'>;

/** The body that comes of a body's rendered HTML, read as a newsroom's that says what else is known of the article. */
async function again(body: Block[], { language, direction, dateline, credit }: Known) {
  const { image: _image, credit: _credit, dateline: _dateline, ...bare } = await read(draft('text', 'word'));
  const html = articleHtml(published({ ...bare, language, direction, body }));
  const known = { language, direction, ...(dateline ? { dateline } : {}), ...(credit ? { credit } : {}) };
  return (await read(draft('html', html, known))).body;
}

describe('there and back: the HTML of a body, normalized, is that body', () => {
  const paragraph = (text: string): Block => ({ type: 'paragraph', content: [{ type: 'text', text }] });

  describe.each(TONGUES)('in $language', (tongue) => {
    const { kinds, blocks } = bodiesIn(tongue);
    const between = ([word = ''] = tongue.words, block: Block) => [paragraph(word), block, paragraph(word)];

    test.each(Object.entries(kinds))('%s', (_kind, arbitrary) =>
      fc.assert(
        fc.asyncProperty(arbitrary as fc.Arbitrary<Block>, async (block) => {
          const body = between(tongue.words, block);
          expect(await again(body, tongue)).toEqual(body);
        }),
        { numRuns: runs(40, 15) },
      ),
    );

    test('all kinds together', () =>
      fc.assert(
        fc.asyncProperty(blocks, async (body) => {
          expect(await again(body, tongue)).toEqual(body);
        }),
        { numRuns: runs(60, 20) },
      ));
  });

  // Words that are markup to somebody: the normalizer repairs what was escaped too often, and expands shortcodes.
  const speaksOfMarkup = ({ body }: ArticleContent) =>
    /[<[]\/?[a-z]|&[a-z#]|\\/i.test(body.map(blockText).join('\n'));

  test('of every article the normalizer made, unless its words are markup', () =>
    fc.assert(
      fc.asyncProperty(soup, async (input) => {
        const content = await made('html', input);
        if (content === undefined || content.body.length === 0 || speaksOfMarkup(content)) return;
        expect(await again(content.body, content)).toEqual(content.body);
      }),
      { numRuns: runs(300, 100) },
    ));

  test.each([
    ['a noncharacter', '<p>a\uFFFEb</p>'],
    ['what might be a second dateline', '<p>]]&gt;:ایک:a</p>'],
    ['a list that counts from below nothing', '<ol start="-1"><li>a</ol>'],
    ['nothing but code that shows markup', '<pre><code>&lt;p&gt;&lt;img src="x.jpg"&gt;</code></pre>'],
  ])('with %s', async (_name, html) => {
    const content = await read(draft('html', html));
    expect(await again(content.body, content)).toEqual(content.body);
  });

  test.each([
    ['a style around a change of direction that changes nothing', '<p><b>a<span dir="rtl">b</span>c</b></p>'],
    ['a code’s language with a low line', '<pre><code class="language-objective_c">x</code></pre>'],
  ])('with %s', async (_name, html) => {
    const content = await read(draft('html', html));
    expect(await again(content.body, content)).toEqual(content.body);
  });
});

describe('accounting: every word a reader saw is in the article, or named in its warnings', () => {
  /** The words that are neither in the article nor in what the warnings name; none when the page was refused. */
  async function lost(format: (typeof FORMATS)[number], { content, words }: Document): Promise<string[]> {
    const given = draft(format, content, { headline: 'A headline', language: 'en' });
    const result = await normalize(given, { id: 'p', name: 'P' });
    if ('issues' in result) return [];
    const found = new Set(texts(result).flatMap((text) => text.split(/[^a-z]+/)));
    return words.filter((word) => !found.has(word));
  }

  test.each([
    ['markup', 'html', markup],
    ['plain text', 'text', plainText],
    ['a page’s markup', 'page', page],
    ['a page’s text', 'page', plainText],
  ] as const)('%s', (_name, format, documents) =>
    fc.assert(
      fc.asyncProperty(documents, async (document) => {
        expect(await lost(format, document)).toEqual([]);
      }),
      { numRuns: runs(200, 70) },
    ),
  );

  test('of two words with a picture between them', async () => {
    const content = '<p>one<img src="/x.jpg">two</p>';
    expect(await lost('html', { content, words: ['one', 'two'] })).toEqual([]);
  });

  test.each([
    ['words in a table outside its cells', '<table><tr>one<td>three</td>two</tr></table>'],
    [
      'the options of a list to choose from',
      '<select><option>one</option><option>two</option></select><p>three</p>',
    ],
    [
      'a reading in a caption',
      '<figure><img src="/x.jpg"><figcaption><ruby>one<rt>two</rt></ruby></figcaption></figure>',
    ],
    [
      'two credits in a caption',
      '<figure><img src="/x.jpg"><figcaption><small>one</small><small>two</small></figcaption></figure>',
    ],
    [
      'a table’s second caption',
      '<table><caption>one</caption><caption>two</caption><tr><td>three<td>four</table>',
    ],
    [
      'who a post is by, in its footer',
      '<blockquote class="twitter-tweet"><p>one</p><footer>two</footer><a href="https://x.com/a/status/20">three</a></blockquote>',
    ],
  ])('of %s', async (_name, content) => {
    const words = content.match(/one|two|three|four/g) ?? [];
    expect(await lost('html', { content, words })).toEqual([]);
  });

  test.each(['button', 'select', 'textarea'])('of a %s in a page', async (name) => {
    const story = '<p>Nine people read the first story aloud in the old library on Sunday.</p>'.repeat(4);
    const content = `<html><body><article>${story}<p>word <${name}>choosing</${name}></p></article></body></html>`;
    expect(await lost('page', { content, words: ['choosing'] })).toEqual([]);
  });
});
