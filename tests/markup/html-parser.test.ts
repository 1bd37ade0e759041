import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { describe, expect, test } from 'vitest';
import { parseHtml } from '../../src/markup/html-parser.ts';
import { soup } from '../conformance/attacks/soup.ts';

type Told = [
  what: string,
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  at: number,
];

/** What is reported of a document, neighbouring texts as one. */
function told(html: string): Told[] {
  const all: Told[] = [];
  parseHtml(html, {
    open: (name, attributes, start) => all.push(['open', name, { ...attributes }, start]),
    close: (name, end) => all.push(['close', name, {}, end]),
    text: (text) => addText(all, text),
  });
  return all;
}

/** The same by htmlparser2 itself. */
function toldByItself(html: string): Told[] {
  const all: Told[] = [];
  const parser: Parser = new Parser({
    onopentag: (name, attributes) => all.push(['open', name, { ...attributes }, parser.startIndex]),
    onclosetag: (name, implied) =>
      all.push(['close', name, {}, implied ? parser.startIndex : parser.endIndex + 1]),
    ontext: (text) => addText(all, text),
  });
  parser.end(html);
  return all;
}

function addText(all: Told[], text: string): void {
  const last = all.at(-1);
  if (last?.[0] === 'text') last[1] += text;
  else all.push(['text', text, {}, 0]);
}

describe('a document is reported as htmlparser2 reports it', () => {
  test.each([
    '<p>a &amp; b &AMP c&nbsp;&notit; &#x41;&#66 &#xD800; &nosuch; &',
    '<a href="?a=1&copy=2&copy;&amp;b" title=\'&lt;&quot\' data-a=&gt;>&copy=</a>',
    '<script>a &amp; b</script>&amp;<style>&lt;</style><xmp>&lt;</xmp><iframe>&lt;</iframe>&lt;',
    '<title>a &amp; b</title><textarea>&lt;p&gt;</textarea>',
    '<svg><style>a &amp; b</style><script>&lt;</script><![CDATA[&amp;]]></svg>&amp;',
    '<svg><desc><style>a &amp; b</style></desc></svg><plaintext>&amp;</plaintext>&amp;',
    '<form><form a="&amp;">&amp;</form></p>&amp;</br>&amp;<p a=&amp/>&amp',
    '<!-- &amp; -->&amp;<? &amp; ?>&amp;</p &amp;>&amp;<![CDATA[&amp;]]>&amp;',
    '< &amp; <&amp;> </ &amp;>&am<b>p;</b>&amp',
  ])('%s', (html) => expect(told(html)).toEqual(toldByItself(html)));

  test('in tag soup', () => {
    const entity = fc.constantFrom(
      '&amp;',
      '&lt',
      '&#60;',
      '&#x3c',
      '&copy=',
      '&notin;',
      '&',
      '&;',
      'a',
      '=',
      '"',
      ' ',
    );
    const html = fc
      .array(fc.oneof(soup, entity), { maxLength: 12 })
      // Only ours is bounded in depth.
      .map((parts) => parts.join('').replace(/(<\w+>)\1{50,}/g, '$1'))
      // In a title, htmlparser2 leaves the entity behind a `<` as it is; HTML does not.
      .filter((text) => !/<(?:title|textarea)/i.test(text) || !/<\/?&/.test(text));
    fc.assert(
      fc.property(html, (text) => {
        expect(told(text)).toEqual(toldByItself(text));
      }),
      { numRuns: 1_500 },
    );
  });
});

describe('elements nested too deeply', () => {
  const depths = (html: string): { end: number; least: number; most: number; text: string } => {
    const seen = { end: 0, least: 0, most: 0, text: '' };
    parseHtml(html, {
      open: () => {
        seen.end += 1;
        seen.most = Math.max(seen.most, seen.end);
      },
      close: () => {
        seen.end -= 1;
        seen.least = Math.min(seen.least, seen.end);
      },
      text: (text) => {
        seen.text += text;
      },
    });
    return seen;
  };

  test('are empty, and their text is still reported', () => {
    const html = `${'<b>'.repeat(1_000)}a${'</b>'.repeat(1_000)}`;
    expect(depths(html)).toEqual({ end: 0, least: 0, most: 257, text: 'a' });
  });

  test.each(['form', 'p', 'title', 'iframe', 'svg', 'br'])('close as often as they open: %s', (name) => {
    const deep = `<${name} a="1">b</${name}></p>`;
    const html = `<${name}></${name}><form>${'<div>'.repeat(300)}${deep}${'</div>'.repeat(300)}</form>`;
    expect(depths(html)).toMatchObject({ end: 0, least: 0 });
  });
});

test('an element has at most 256 named attributes', () => {
  const names = Array.from({ length: 300 }, (_, index) => `data-${index}`);
  const found: string[] = [];
  parseHtml(`<p ${names.join(' ')}>a</p>`, {
    open: (_name, attributes) => found.push(...Object.keys(attributes)),
    close: () => {},
    text: () => {},
  });
  expect(found.filter(Boolean)).toEqual(names.slice(0, 256));
});
