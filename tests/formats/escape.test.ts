import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeAttribute, escapeText, scriptJson, xmlText } from '../../src/formats/escape.ts';
import { attribute, elements, textContent } from './markup.ts';

describe('escaping', () => {
  test('text keeps its quotes, an attribute does not', () => {
    expect(escapeText(`<a b="c" d='e'> & co`)).toBe(`&lt;a b="c" d='e'&gt; &amp; co`);
    expect(escapeAttribute(`<a b="c" d='e'>`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;');
  });

  test('what is already escaped is escaped again: it was words, not markup', () => {
    expect(escapeText('&lt;b&gt;')).toBe('&amp;lt;b&amp;gt;');
  });

  test('characters that XML 1.0 forbids are removed; whole characters and joiners stay', () => {
    expect(xmlText('a\u0000b\u0008c\u000bd\u001fe\ufffef\uffffg\ud800h\udc00i')).toBe('abcdefghi');
    const kept = 'tab\tline\nक्‍ष ی‌ہ 😀 \u{10ffff} \ufffd';
    expect(xmlText(kept)).toBe(kept);
  });

  test('a browser reads back what was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const clean = xmlText(text).replaceAll('\r', '');
        const [element] = elements(`<p title="${escapeAttribute(clean)}">${escapeText(clean)}</p>`);
        expect(element && attribute(element, 'title')).toBe(clean);
        expect(element && textContent(element)).toBe(clean);
      }),
    );
  });

  test('JSON in a script element can neither end it nor open a comment, and means the same', () => {
    const value = { a: '</script><!--<script>]]>&\u2028' };
    const json = scriptJson(value);
    expect(json).not.toMatch(/[<>&\u2028]/);
    expect(JSON.parse(json)).toEqual(value);
  });
});
