import { describe, expect, test } from 'vitest';
import { draft, read } from '../drafts.ts';

const HINDI = '<p>नगर निगम ने घाट की सफाई का काम शुरू कर दिया है और वह चलता रहेगा।</p>';
const URDU = '<p>یہ خبر شہر کے پرانے ریلوے اسٹیشن کی گھڑی کے بارے میں ہے۔</p>';

/** The blocks behind a first paragraph in the article's own language. */
async function behind(first: string, html: string, fields: object = {}) {
  return (await read(draft('html', first + html, { headline: '…', ...fields }))).body.slice(1);
}

const text = (words: string) => ({ type: 'text', text: words });

describe('a language is told where it is another than the article’s', () => {
  test('of a paragraph, of words, of a quote as a whole', async () => {
    const html =
      '<p lang="en">High water.</p><p>शब्द <em lang="fr">marée</em> है।</p><blockquote lang="en"><p>One.</p><p>Two.</p></blockquote>';
    expect(await behind(HINDI, html)).toEqual([
      { type: 'paragraph', language: 'en', content: [text('High water.')] },
      {
        type: 'paragraph',
        content: [
          text('शब्द '),
          { type: 'span', language: 'fr', content: [{ type: 'em', content: [text('marée')] }] },
          text(' है।'),
        ],
      },
      {
        type: 'quote',
        language: 'en',
        blocks: [
          { type: 'paragraph', content: [text('One.')] },
          { type: 'paragraph', content: [text('Two.')] },
        ],
      },
    ]);
  });

  test('not where it is the same, or cannot be true', async () => {
    const html =
      '<p lang="hi-IN">पहला <span lang="hi">शब्द</span></p><p lang="EN-US">दूसरा</p><p>a <span lang="ar">b</span></p>';
    expect(await behind(HINDI, html)).toEqual([
      { type: 'paragraph', content: [text('पहला शब्द')] },
      { type: 'paragraph', content: [text('दूसरा')] },
      { type: 'paragraph', content: [text('a b')] },
    ]);
  });

  test('in lists, definitions, tables and asides too', async () => {
    const html =
      '<ul><li lang="en">a</li></ul><dl><dt lang="hi">क</dt><dd lang="en">b</dd></dl><table><tr><td lang="hi">ख</td><td>ग</td></tr></table><aside lang="en">c</aside>';
    const line = (words: string) => ({ type: 'paragraph', language: 'en', content: [text(words)] });
    expect(await behind(HINDI, html)).toEqual([
      { type: 'list', ordered: false, items: [[line('a')]] },
      { type: 'definitions', items: [{ terms: [[text('क')]], descriptions: [[line('b')]] }] },
      { type: 'table', rows: [[{ content: [text('ख')] }, { content: [text('ग')] }]] },
      { type: 'aside', blocks: [line('c')] },
    ]);
  });
});

describe('a block runs in the direction of most of its letters', () => {
  test('said where the article runs in the other', async () => {
    const html =
      '<p>The clock was built by hand.</p><h2>پرانی گھڑی اور Platform 1</h2><ul><li>Only parts</li></ul>';
    expect(await behind(URDU, html)).toMatchObject([
      { direction: 'ltr' },
      { type: 'heading', content: [text('پرانی گھڑی اور Platform 1')] },
      { items: [[{ direction: 'ltr' }]] },
    ]);
    const [, heading] = await behind(URDU, html);
    expect(heading).not.toHaveProperty('direction');
  });

  test('whatever an editor declares for all; what has no letters keeps what was declared', async () => {
    const html =
      '<p dir="ltr">گھڑی چل پڑی</p><p dir="ltr">+92 300</p><p>فون <span dir="ltr">+92 300</span> ہے</p>';
    expect(await behind(URDU, html)).toEqual([
      { type: 'paragraph', content: [text('گھڑی چل پڑی')] },
      { type: 'paragraph', direction: 'ltr', content: [text('+92 300')] },
      {
        type: 'paragraph',
        content: [text('فون '), { type: 'span', direction: 'ltr', content: [text('+92 300')] }, text(' ہے')],
      },
    ]);
  });
});
