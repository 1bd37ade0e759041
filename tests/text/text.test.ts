import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cleanText,
  countWords,
  countWordsOf,
  countWordsOfEach,
  hasMoreWords,
  occurrencesOf,
  oneLine,
  toNfc,
  truncate,
} from '../../src/text/text.ts';

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

describe('toNfc is NFC as the runtime has it, which is asked only where a text may change', () => {
  const characters = function* () {
    for (let code = 0; code < 0x20000; code += 1)
      if (code < 0xd800 || code > 0xdfff) yield String.fromCodePoint(code);
  };

  test('of every character, alone and taken apart', () => {
    for (const character of characters()) {
      const apart = character.normalize('NFD');
      for (const text of [character, apart, `a${character}`, `x${apart}\u0301`]) {
        if (toNfc(text) !== text.normalize('NFC')) expect.soft(toNfc(text)).toBe(text.normalize('NFC'));
      }
    }
  });

  test('of every pair that becomes one character', () => {
    for (const character of characters()) {
      const marks = [...character.normalize('NFD')];
      const last = marks.pop();
      const pair = `${marks.join('').normalize('NFC')}${last}`;
      if (toNfc(pair) !== pair.normalize('NFC')) expect.soft(toNfc(pair)).toBe(pair.normalize('NFC'));
    }
  });

  test('of marks in any order', () => {
    const mark = fc.constantFrom(...[...characters()].filter((character) => /\p{M}/u.test(character)));
    const letter = fc.constantFrom('a', 'e', 'न', 'क', 'ে', 'ו', 'ا', '가', 'か', '\u{1D157}');
    const text = fc.array(fc.oneof({ weight: 3, arbitrary: mark }, letter), { maxLength: 20 });
    fc.assert(
      fc.property(text, (parts) => {
        const written = parts.join('');
        expect(toNfc(written)).toBe(written.normalize('NFC'));
      }),
      { numRuns: 5_000 },
    );
  });

  test('but for more than thirty marks on a letter', () => {
    expect(toNfc(`a${'\u0323'.repeat(40)}`)).toBe(`ạ${'\u0323'.repeat(29)}`);
    expect(toNfc(`क${'ी'.repeat(40)}`)).toBe(`क${'ी'.repeat(30)}`);
  });
});

test('oneLine changes of every character, beside others, what cleanText and white space change', () => {
  for (let code = 0; code < 0x10000; code += 1) {
    const character = String.fromCharCode(code);
    for (const text of [`e${character}`, `${character}e`, `e ${character} e`, `e${character}\u0301`]) {
      const line = cleanText(text).replace(/\s+/g, ' ').trim();
      if (oneLine(text) !== line) expect.soft(oneLine(text)).toBe(line);
    }
  }
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

  test('as a pattern finds them, in scripts with spaces between words', () => {
    const WORD = /[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}'’_-]|\u200C|\u200D)*/gu;
    const character = fc.constantFrom(...[..."aÉ1 .,-_’'\u200C\u200D\u0301कि्ीं।اےءא가😀𝒜\n"]);
    fc.assert(
      fc.property(fc.array(character, { maxLength: 30 }), (characters) => {
        const text = characters.join('');
        expect(countWords(text)).toBe(text.match(WORD)?.length ?? 0);
      }),
      { numRuns: 2_000 },
    );
  });

  test('where nothing is between words, a dictionary tells them apart', () => {
    expect(countWords('สวัสดีชาวโลก', 'th')).toBeGreaterThan(1);
    expect(countWords('我们今天出发', 'zh')).toBeGreaterThan(1);
  });
});

describe('counting words without counting all', () => {
  const TEXTS = [
    '',
    'a',
    'two words',
    'it’s well-known here',
    'สวัสดีชาวโลก',
    '我们今天出发',
    'ก',
    '今日 a b',
    '...',
  ];

  test('hasMoreWords agrees with the count', () => {
    for (const text of TEXTS) {
      for (let limit = 0; limit < 8; limit += 1) {
        expect(hasMoreWords(text, limit), `${text} ${limit}`).toBe(countWords(text) > limit);
      }
    }
  });

  test('the words of lines together are those of each', () => {
    const sum = TEXTS.reduce((words, text) => words + countWords(text, 'th'), 0);
    expect(countWordsOf(TEXTS, 'th')).toBe(sum);
    expect(countWordsOfEach(TEXTS, 'th')).toEqual(TEXTS.map((text) => countWords(text, 'th')));
    expect(countWordsOfEach(['', ...TEXTS, '', ''], 'th').slice(1, -2)).toEqual(
      TEXTS.map((text) => countWords(text, 'th')),
    );
    expect(countWordsOfEach([], 'th')).toEqual([]);
  });
});

test('occurrences of a part are counted from an index on, and do not overlap', () => {
  expect(occurrencesOf('&', '&a&b&')).toBe(3);
  expect(occurrencesOf('&', '&a&b&', 1)).toBe(2);
  expect(occurrencesOf('aa', 'aaaaa')).toBe(2);
  expect(occurrencesOf('&', '')).toBe(0);
});
