import { describe, expect, test } from 'vitest';
import { cleanText, countWords, oneLine, truncate } from '../../src/article/text.ts';

describe('cleanText', () => {
  test('composes to NFC', () => {
    expect(cleanText('e\u0301')).toBe('\u00E9');
    // U+0958 is excluded from composition: NFC writes it as the letter and its nukta.
    expect(cleanText('\u0958')).toBe('\u0915\u093C');
  });

  test('keeps the joiners that scripts and emoji are spelled with', () => {
    for (const text of ['क्\u200Dष', 'می\u200Cروم', '👩\u200D🚒']) expect(cleanText(text)).toBe(text);
  });

  test('keeps tabs and line ends', () => {
    expect(cleanText('a\tb\r\nc')).toBe('a\tb\r\nc');
  });

  test.each([
    ['soft hyphen', 'a\u00ADb'],
    ['byte-order mark', '\uFEFFab'],
    ['bidi override', 'a\u202Eb\u202C'],
    ['bidi isolate', '\u2067ab\u2069'],
    ['directional mark', 'a\u200Fb'],
    ['NUL', 'a\u0000b'],
    ['escape', 'a\u001Bb'],
    ['C1 control', 'a\u0085b'],
    ['delete', 'a\u007Fb'],
  ])('takes away a %s', (_name, text) => {
    expect(cleanText(text)).toBe('ab');
  });

  test('makes every no-break space a space, and mends lone surrogates', () => {
    expect(cleanText('a\u00A0b\u202Fc\u2007d')).toBe('a b c d');
    expect(cleanText('a\uD800b')).toBe('a\uFFFDb');
  });
});

test('oneLine leaves single spaces, none at the ends', () => {
  expect(oneLine(' \n a\t\u00A0 b\u2028c \u00AD ')).toBe('a b c');
  expect(oneLine('\u00A0\uFEFF')).toBe('');
});

describe('truncate', () => {
  test('leaves what is short enough', () => {
    expect(truncate('नमस्ते', 4)).toBe('नमस्ते');
    expect(truncate('', 5)).toBe('');
  });

  test('counts graphemes, the … among them', () => {
    expect(truncate('abcdef', 4)).toBe('abc…');
    expect(truncate('👩\u200D👩\u200D👧🇮🇳👍🏽x', 3)).toBe('👩\u200D👩\u200D👧🇮🇳…');
  });

  test('never parts a consonant from its vowel sign or a conjunct from its second half', () => {
    const text = `कि${'की'.repeat(10)}${'क्षि'.repeat(10)}`;
    const whole = new Set([...new Intl.Segmenter('hi').segment(text)].map(({ index }) => index));
    for (let limit = 1; limit < 20; limit += 1) {
      const cut = truncate(text, limit).replace('…', '');
      expect(whole.has(cut.length)).toBe(true);
    }
  });

  test('cuts between words where a space is near, and leaves none before the …', () => {
    expect(truncate('पुराने घाट की सफाई', 11)).toBe('पुराने घाट की…');
    expect(truncate('a verylongwordindeed', 12)).toBe('a verylongw…');
    expect(truncate('one two three', 8)).toBe('one two…');
  });
});

describe('countWords', () => {
  test.each([
    ['', 0],
    ['… — !', 0],
    ['one two-three don’t', 3],
    ['3 boats, 2.5 metres', 5],
    ['नगर निगम ने घाट साफ़ किए।', 6],
    ['क्\u200Dष می\u200Cروم', 2],
    ['இரண்டு சொற்கள்', 2],
    ['یہ خبر ہے۔', 3],
  ])('%s: %i', (text, count) => {
    expect(countWords(text)).toBe(count);
  });

  test('where nothing is between words, a dictionary tells them apart', () => {
    expect(countWords('สวัสดีชาวโลก', 'th')).toBeGreaterThan(1);
    expect(countWords('我们今天出发', 'zh')).toBeGreaterThan(1);
  });
});
