import fc from 'fast-check';
import type { Block, Image, Inline } from '../../../src/domain/blocks.ts';

/**
 * Bodies in the one form the normalizer gives them, every kind of block and of inline content among them:
 * - neighbouring texts are one, a style is not twice in a chain, a span is around the styles in it;
 * - the letters of a line are mostly of its own direction, and a change all of a quote has is the quote's;
 * - a picture has both its sizes or none, a gallery two pictures, a table more than one bare cell;
 * - code begins with no blank line and ends with no white space; dividers stand between blocks;
 * - a list counts from nought or above, and an embed is of a provider whose addresses are known.
 */

export interface Tongue {
  language: string;
  direction: 'ltr' | 'rtl';
  /** Words that open no label, place line or credit; the first is longer than any language's short one. */
  words: readonly string[];
  /** A short word, for lines in another language. */
  short: string;
}

const HINDI: Tongue = {
  language: 'hi',
  direction: 'ltr',
  words: 'किताबघर नदी शाम क्‍षमा सात ज़मीन बच्चे है।'.split(' '),
  short: 'शाम',
};
const URDU: Tongue = {
  language: 'ur',
  direction: 'rtl',
  words: 'کتابخانہ دریا شام بچے می‌خواهم سات ہے۔'.split(' '),
  short: 'شام',
};
const ENGLISH: Tongue = {
  language: 'en',
  direction: 'ltr',
  words: 'lantern harbour quiet seven café naïve & <x> &amp; "so" it’s'.split(' '),
  short: 'quay',
};

export const TONGUES: readonly Tongue[] = [ENGLISH, HINDI, URDU];

/** Every kind of block there is: a new one is to be generated here too. */
type Kinds = { [Kind in Block['type']]: Extract<Block, { type: Kind }> };

type Picture = Image & { url: string };

const STYLES = ['strong', 'em', 'code', 'sub', 'sup', 'mark', 'quote'] as const;
const HREFS = [
  'https://a.example/?q=1&r=%222%22',
  'http://b.example/x',
  'mailto:desk@c.example',
  'tel:+911234567890',
];
const CODE = ['if (a < b) {\n  run("&amp;");\n}', '  indented\n\nlast', '</code></pre>', 'tab\there'];

const BREAK: Inline = { type: 'break' };
const text = (words: string): Inline => ({ type: 'text', text: words });

/** The lines of a language: words with every kind of inline content. */
function linesIn({ words, direction }: Tongue) {
  const phrase = fc
    .array(fc.constantFrom(...words), { minLength: 1, maxLength: 5 })
    .map((all) => all.join(' '));
  const plain = phrase.map((all) => [text(all)]);
  const other = TONGUES.find((each) => each.direction !== direction) ?? ENGLISH;
  const change = { language: other.language, direction: other.direction };

  const styled: fc.Arbitrary<Inline> = fc.record({ type: fc.constantFrom(...STYLES), content: plain });
  const inStyle = fc
    .tuple(
      fc.constantFrom('strong', 'em', 'mark', 'quote'),
      fc.constantFrom('code', 'sub', 'sup'),
      phrase,
      plain,
    )
    .map(
      ([type, inner, before, content]): Inline => ({
        type,
        content: [text(`${before} `), { type: inner, content }],
      }),
    );
  const link: fc.Arbitrary<Inline> = fc.record({
    type: fc.constant('link'),
    href: fc.constantFrom(...HREFS),
    content: fc.oneof(
      plain,
      styled.map((node) => [node]),
    ),
  });
  const abbreviation: fc.Arbitrary<Inline> = fc.record({
    type: fc.constant('abbreviation'),
    title: phrase,
    content: plain,
  });
  const ruby = fc.tuple(phrase, plain).map(
    ([before, content]): Inline => ({
      type: 'ruby',
      content: [text(before), { type: 'reading', content }],
    }),
  );
  const isolated = plain.map((content): Inline => ({ type: 'span', direction: 'auto', content }));
  const wrapped = fc.oneof(styled, inStyle, link, abbreviation, ruby, isolated);
  const span: Inline = { type: 'span', ...change, content: [text(other.short)] };

  const line: fc.Arbitrary<Inline[]> = fc.oneof(
    plain,
    fc.tuple(phrase, wrapped, phrase).map(([one, node, two]) => [text(`${one} `), node, text(` ${two}`)]),
    fc.tuple(phrase, wrapped).map(([before, node]) => [text(`${before} `), node]),
    fc.tuple(phrase, wrapped).map(([before, node]) => [text(before), BREAK, node]),
    fc.tuple(link, link).map((links) => [...links]),
    phrase.map((after) => [text(`${words[0]} `), span, text(` ${after}`)]),
  );
  const foreign = fc
    .array(fc.constantFrom(other.words[0] ?? '', other.short), { minLength: 1, maxLength: 4 })
    .map((all): Inline[] => [text(all.join(' '))]);
  return { phrase, line, foreign, change };
}

/** The arbitraries of a language: each kind of block, and whole bodies without dividers. */
export function bodiesIn(tongue: Tongue) {
  const { phrase, line, foreign, change } = linesIn(tongue);
  const pixels = fc.integer({ min: 50, max: 4_000 });
  const words = { alt: phrase, caption: phrase, credit: phrase };
  const url = fc.nat(99).map((number) => `https://pictures.example/${number}.jpg?a=1&b=2`);
  const picture: fc.Arbitrary<Picture> = fc.oneof(
    fc.record({ url, ...words }, { requiredKeys: ['url'] }),
    fc.record({ url, width: pixels, height: pixels, ...words }, { requiredKeys: ['url', 'width', 'height'] }),
  );
  const spanned = fc.integer({ min: 2, max: 1_000 });
  const cell = fc.record(
    { header: fc.constant(true), columnSpan: spanned, rowSpan: spanned, content: line },
    { requiredKeys: ['content'] },
  );
  const paragraph = fc.record({ type: fc.constant('paragraph'), content: line });
  const changed = foreign.map((content): Kinds['paragraph'] => ({ type: 'paragraph', content, ...change }));

  const {
    block: _block,
    blocks,
    ...kinds
  } = fc.letrec<Kinds & { block: Block; blocks: Block[] }>((tie) => ({
    paragraph: fc.oneof(paragraph, changed),
    heading: fc.record({
      type: fc.constant('heading'),
      level: fc.constantFrom(2, 3, 4, 5, 6),
      content: line,
    }),
    list: fc.oneof(
      fc.record({ type: fc.constant('list'), ordered: fc.constant(false), items: some(tie('blocks')) }),
      fc.record(
        {
          type: fc.constant('list'),
          ordered: fc.constant(true),
          start: fc.constantFrom(0, 2, 1_947),
          items: some(tie('blocks')),
        },
        { requiredKeys: ['type', 'ordered', 'items'] },
      ),
    ),
    definitions: fc.record({
      type: fc.constant('definitions'),
      items: some(fc.record({ terms: some(line), descriptions: some(tie('blocks')) })),
    }),
    quote: fc.oneof(
      fc.record(
        { type: fc.constant('quote'), blocks: tie('blocks'), citation: line },
        { requiredKeys: ['type', 'blocks'] },
      ),
      some(foreign).map((all): Kinds['quote'] => ({
        type: 'quote',
        blocks: all.map((content) => ({ type: 'paragraph', content })),
        ...change,
      })),
    ),
    aside: fc.record({ type: fc.constant('aside'), blocks: tie('blocks') }),
    image: picture.map((image) => ({ type: 'image' as const, ...image })),
    gallery: fc.record({
      type: fc.constant('gallery'),
      images: fc.array(picture, { minLength: 2, maxLength: 3 }),
    }),
    table: fc.record(
      {
        type: fc.constant('table'),
        caption: line,
        rows: some(fc.array(cell, { minLength: 2, maxLength: 3 })),
      },
      { requiredKeys: ['type', 'rows'] },
    ),
    code: fc.record(
      {
        type: fc.constant('code'),
        text: fc.constantFrom(...CODE),
        language: fc.constantFrom('js', 'c++', 'c#'),
      },
      { requiredKeys: ['type', 'text'] },
    ),
    embed: fc.constantFrom<Kinds['embed']>(
      {
        type: 'embed',
        provider: 'youtube',
        id: 'M7lc1UVf-VE',
        url: 'https://www.youtube.com/watch?v=M7lc1UVf-VE',
      },
      { type: 'embed', provider: 'x', id: '20', url: 'https://x.com/i/status/20' },
    ),
    divider: fc.constant({ type: 'divider' }),
    block: fc.oneof(
      { maxDepth: 2, depthSize: 'small', withCrossShrink: true },
      paragraph,
      tie('heading'),
      tie('code'),
      tie('image'),
      tie('gallery'),
      tie('table'),
      tie('list'),
      tie('definitions'),
      tie('aside'),
      fc.record({ type: fc.constant('quote'), blocks: tie('blocks'), citation: line }),
    ),
    blocks: some(tie('block')),
  }));
  return { kinds, blocks };
}

const some = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 3 });
