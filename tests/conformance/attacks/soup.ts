import fc from 'fast-check';
import { FAMILIES } from './registry.ts';

/** Tag soup: real elements and attributes in no order, hostile values, any character there is. */

const names = (list: string) => fc.constantFrom(...list.split(' '));

const elementName = fc.oneof(
  {
    weight: 12,
    arbitrary: names(
      'a abbr address amp-img amp-youtube article aside b base bdi bdo blockquote body br caption center cite code col ' +
        'dd details div dl dt em embed figcaption figure font footer form h1 h2 h3 h6 head header hr html i img input ' +
        'ins li link main mark meta nav object ol option p picture pre q rp rt ruby section small source span strong ' +
        'sub summary sup table tbody td th thead tr ul',
    ),
  },
  // Most of these swallow what is behind them.
  {
    weight: 1,
    arbitrary: names(
      'audio button frameset iframe map math noscript plaintext script select style svg template textarea title video xmp',
    ),
  },
);

const attributeName = names(
  'action alt background cite class colspan content data data-src data-srcset dir height hidden href http-equiv id ' +
    'is lang name onclick onerror onload property rel rowspan src srcdoc srcset start style title type width xml:lang ' +
    'xlink:href xmlns',
);

const attack = fc.constantFrom(...Object.values(FAMILIES).flat()).map(({ html }) => html);

// What normal forms, bidi algorithms and parsers stumble over, in front of what everyone gets right.
const character = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.constantFrom(...'\u0000\u0008\u000B\u001F\u007F\u0085\u009F\u00AD\uFEFF\uFFFE'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...'\u200B\u200C\u200D\u200E\u202A\u202E\u2028\u2029\u2060\u2066\u2069'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...'\u0301\u0338\u093C\u0903\u09BE\u1100\u1161\u11A8\u212B\u037E\u2329'),
  },
  { weight: 2, arbitrary: fc.constantFrom(...'<>&"\'`=/:;#-![]{}() \n\t\u00A0') },
  { weight: 3, arbitrary: fc.constantFrom(...'aeAZ09कषিরیہغ漢字👩🏽') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
);

/** A few characters of any kind, some of them as references. */
const words = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: character },
      { weight: 2, arbitrary: names('one two तीन चार ایک amp lt script') },
      { weight: 1, arbitrary: character.map((each) => `&#x${each.codePointAt(0)?.toString(16)};`) },
      {
        weight: 1,
        arbitrary: names(
          '&amp; &lt; &gt &quot; &nbsp; &shy; &zwj; &colon; &Tab; &lrm; &bogus; &#0; &#xD800;',
        ),
      },
    ),
    { maxLength: 12 },
  )
  .map((all) => all.join(''));

const value = fc.oneof(
  words,
  attack,
  names(
    'javascript:alert(1) data:text/html,alert(1) //evil.example/x https://a.example/x.jpg /x 2 -1 99999 rtl ur ar-Latn',
  ),
  names(
    'gallery wp-caption wp-caption-text twitter-tweet language-js factbox share https://youtu.be/M7lc1UVf-VE',
  ),
);

const quoted = fc
  .tuple(attributeName, value, fc.constantFrom('"', "'", ''))
  .map(
    ([name, text, quote]) => ` ${name}=${quote}${quote === '' ? text : text.replaceAll(quote, '')}${quote}`,
  );

const opening = fc
  .tuple(elementName, fc.array(quoted, { maxLength: 3 }), fc.constantFrom('>', '>', '>', '/>', ''))
  .map(([name, attributes, end]) => `<${name}${attributes.join('')}${end}`);

const piece = fc.oneof(
  { weight: 4, arbitrary: opening },
  { weight: 3, arbitrary: elementName.map((name) => `</${name}>`) },
  { weight: 4, arbitrary: words },
  { weight: 1, arbitrary: attack },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '<!doctype html>',
      '[caption]',
      '[/caption]',
    ),
  },
);

/** Markup nobody would write. */
export const soup = fc
  .array(piece, { minLength: 1, maxLength: 40 })
  .map((pieces) => pieces.join('').toWellFormed());
