import { expect, test } from 'vitest';
import { type Block, blockText, type Inline, inlineText } from '../../src/domain/blocks.ts';

const text = (words: string): Inline => ({ type: 'text', text: words });
const paragraph = (words: string): Block => ({ type: 'paragraph', content: [text(words)] });

test('inline text goes through every node, breaks as line ends', () => {
  const link: Inline = {
    type: 'link',
    href: 'https://a.example/',
    content: [text('c'), { type: 'em', content: [text('d')] }],
  };
  expect(inlineText([text('a'), { type: 'break' }, { type: 'strong', content: [text('b'), link] }])).toBe(
    'a\nbcd',
  );
  expect(inlineText([])).toBe('');
});

test.each<[string, Block, string]>([
  ['a heading', { type: 'heading', level: 2, content: [text('a')] }, 'a'],
  [
    'a nested list',
    {
      type: 'list',
      ordered: true,
      items: [
        [paragraph('a'), { type: 'list', ordered: false, items: [[paragraph('b')]] }],
        [paragraph('c')],
      ],
    },
    'a\nb\nc',
  ],
  ['a quote', { type: 'quote', blocks: [paragraph('a'), paragraph('b')], citation: [text('c')] }, 'a\nb\nc'],
  [
    'definitions',
    { type: 'definitions', items: [{ terms: [[text('a')]], descriptions: [[paragraph('b')]] }] },
    'a\nb',
  ],
  ['an aside', { type: 'aside', blocks: [paragraph('a'), paragraph('b')] }, 'a\nb'],
  ['quoted words', { type: 'paragraph', content: [{ type: 'quote', content: [text('a')] }] }, '“a”'],
  ['a quote by nobody', { type: 'quote', blocks: [paragraph('a')] }, 'a'],
  ['an image', { type: 'image', url: 'https://a.example/', alt: 'x', caption: 'a', credit: 'b' }, 'a\nb'],
  [
    'a gallery',
    {
      type: 'gallery',
      images: [{ url: 'https://a.example/1', caption: 'a' }, { url: 'https://a.example/2' }],
    },
    'a',
  ],
  [
    'a table',
    { type: 'table', caption: [text('a')], rows: [[{ content: [text('b')] }, { content: [text('c')] }]] },
    'a\nb\nc',
  ],
  ['code', { type: 'code', text: 'a\nb', language: 'js' }, 'a\nb'],
  ['an embed', { type: 'embed', provider: 'youtube', id: 'x', url: 'https://a.example/' }, ''],
  ['a divider', { type: 'divider' }, ''],
])('the words of %s', (_name, block, words) => {
  expect(blockText(block)).toBe(words);
});
