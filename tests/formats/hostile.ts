import fc from 'fast-check';
import type { Article } from '../../src/domain/article.ts';
import type { Block, Image, Inline } from '../../src/domain/blocks.ts';
import { hindi } from './articles.ts';

/** Articles from someone who means harm: text in every field that tries to become markup. */

const ATTACKS = [
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '<!--<script>',
  '-->',
  ']]>',
  ']]]]><![CDATA[>',
  '<![CDATA[',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '&lt;b&gt; &amp;amp; &#60;script&#62; &nbsp; &bogus;',
  '&#0;&#x1F;&#xD800;',
  '\u0000\u0001\u0008\u000b\u000c\u001f\ufffe\uffff',
  '\ud800 lone \udc00',
  '\u2028\u2029\u0085',
  '</style><style>*{display:none}',
  '</title></head><body onload=alert(1)>',
  '<svg/onload=alert(1)>',
  '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
  '{publisher} {minutes} {provider} $& $1 $`',
  '__proto__',
  'constructor',
  '\u202eright to left\u202c',
  'क्‍ष ক্‌ ی‌ہ 👩‍👩‍👧',
];

export const hostileText = fc.oneof(
  fc.constantFrom(...ATTACKS),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(fc.constantFrom(...ATTACKS, ' ', 'a', '<', '&', '"', ']]', '>'), { maxLength: 6 })
    .map((all) => all.join('')),
);

/** A name is a key and a part of URLs before it is text: the draft's schema refuses half a character in it. */
const hostileName = hostileText.map((text) => text.toWellFormed());

export const hostileUrl = fc.oneof(
  fc.constantFrom(
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//elsewhere.example/',
    '/relative',
    '',
    'https://a.example/?a=1&b="2"\'<>',
    'http://a.example/x.jpg',
    'https://a.example/x.jpg',
    'mailto:a@b.example',
    'tel:+911234567890',
  ),
  hostileText,
  hostileText.map((text) => `https://a.example/${text}`),
);

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Leaves out the fields that came out undefined: an absent field and an undefined one are not the same here. */
const withoutGaps = <T extends object>(record: T) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

const image = fc
  .record({
    url: hostileUrl,
    width: optional(fc.integer({ min: 1, max: 100_000 })),
    height: optional(fc.integer({ min: 1, max: 100_000 })),
    alt: optional(hostileText),
    caption: optional(hostileText),
    credit: optional(hostileText),
  })
  .map((record) => withoutGaps(record) as Image & { url: string });

const hostileTag = fc.oneof(fc.constantFrom('en', 'ur-PK', 'zh-Hant'), hostileText);
const hostileDirection = fc.oneof(fc.constantFrom('ltr', 'rtl', 'auto'), hostileText);

const trees = fc.letrec<{ inline: Inline; content: Inline[]; block: Block; blocks: Block[] }>((tie) => ({
  inline: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    hostileText.map((text): Inline => ({ type: 'text', text })),
    fc.constant<Inline>({ type: 'break' }),
    fc.record({
      type: fc.constantFrom('strong', 'em', 'code', 'sub', 'sup', 'mark', 'quote', 'ruby', 'reading'),
      content: tie('content'),
    }),
    fc.record({ type: fc.constant('abbreviation'), title: hostileText, content: tie('content') }),
    fc.record({
      type: fc.constant('span'),
      language: hostileTag,
      direction: hostileDirection,
      content: tie('content'),
    }),
    fc.record({ type: fc.constant('link'), href: hostileUrl, content: tie('content') }),
  ) as fc.Arbitrary<Inline>,
  content: fc.array(tie('inline'), { maxLength: 3 }),
  block: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({
      type: fc.constant('paragraph'),
      content: tie('content'),
      language: hostileTag,
      direction: hostileDirection,
    }),
    fc.record({
      type: fc.constant('heading'),
      level: fc.integer({ min: 2, max: 6 }),
      content: tie('content'),
    }),
    fc.record({
      type: fc.constant('list'),
      ordered: fc.boolean(),
      start: fc.integer(),
      items: fc.array(tie('blocks'), { maxLength: 3 }),
    }),
    fc.record({
      type: fc.constant('definitions'),
      items: fc.array(
        fc.record({
          terms: fc.array(tie('content'), { maxLength: 2 }),
          descriptions: fc.array(tie('blocks'), { maxLength: 2 }),
        }),
        { maxLength: 2 },
      ),
    }),
    fc.record({ type: fc.constant('aside'), blocks: tie('blocks') }),
    fc.record({ type: fc.constant('quote'), blocks: tie('blocks'), citation: tie('content') }),
    image.map((picture) => ({ type: 'image', ...picture })),
    fc.record({ type: fc.constant('gallery'), images: fc.array(image, { maxLength: 2 }) }),
    fc.record({
      type: fc.constant('table'),
      caption: tie('content'),
      rows: fc.array(
        fc.array(
          fc
            .record({
              header: fc.constantFrom(true, undefined),
              columnSpan: fc.integer(),
              rowSpan: fc.integer(),
              content: tie('content'),
            })
            .map(withoutGaps),
          { maxLength: 3 },
        ),
        { maxLength: 3 },
      ),
    }),
    fc.record({ type: fc.constant('code'), text: hostileText, language: hostileText }),
    fc.record({
      type: fc.constant('embed'),
      provider: fc.oneof(
        fc.constantFrom(
          'youtube',
          'x',
          'facebook',
          'reddit',
          'pinterest',
          'soundcloud',
          'video',
          'audio',
          'frame',
        ),
        hostileText,
      ),
      id: fc.oneof(fc.constantFrom('M7lc1UVf-VE', '20', 'tracks/20'), hostileText),
      url: hostileUrl,
      poster: hostileUrl,
    }),
    fc.constant({ type: 'divider' }),
  ) as fc.Arbitrary<Block>,
  blocks: fc.array(tie('block'), { maxLength: 4 }),
}));

/** Any article: hostile wherever a publisher's words or URLs stand, right where Dateline writes itself. */
export const hostileArticle: fc.Arbitrary<Article> = fc
  .record({
    headline: hostileText,
    summary: optional(hostileText),
    dateline: optional(hostileText),
    credit: optional(hostileText),
    section: optional(hostileName),
    canonicalUrl: optional(hostileUrl),
    language: fc.constantFrom('hi', 'ur', 'en', 'te', 'zh-Hant', 'und', 'ar-u-nu-latn'),
    direction: fc.constantFrom('ltr', 'rtl'),
    authors: fc.array(fc.record({ name: hostileName, url: hostileUrl }), { maxLength: 2 }),
    tags: fc.array(hostileName, { maxLength: 3 }),
    image: optional(image),
    body: trees.blocks,
    related: fc.array(fc.record({ title: hostileText, url: hostileUrl }), { maxLength: 2 }),
    rights: fc.record({ copyright: hostileText, licence: hostileText, usageTerms: hostileText }),
    corrections: fc.array(fc.record({ at: fc.constant(hindi.updatedAt), note: hostileText }), {
      maxLength: 2,
    }),
    translations: fc.array(fc.record({ language: fc.constantFrom('ur', 'hi-u-nu-deva'), url: hostileUrl }), {
      maxLength: 2,
    }),
  })
  .map((record) => {
    const { summary, dateline, credit, section, canonicalUrl, image: _image, ...base } = hindi;
    return { ...base, ...withoutGaps(record) } as Article;
  });
