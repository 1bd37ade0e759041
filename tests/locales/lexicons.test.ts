import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { wordsFor } from '../../src/locales/lexicons/registry.ts';
import type { LanguageWords } from '../../src/locales/lexicons/words.ts';
import { interfaceFor } from '../../src/locales/strings/registry.ts';
import type { Strings } from '../../src/locales/strings/strings.ts';
import { foldLine } from '../../src/text/fold-line.ts';
import { monthNames } from '../../src/text/month-names.ts';

const WORDS = await languagesIn<LanguageWords>('locales/lexicons');
const STRINGS = await languagesIn<Strings>('locales/strings');

/** Every language that has a file in a folder of src, with what the file exports under the language's name. */
async function languagesIn<Data>(folder: string): Promise<[language: string, data: Data][]> {
  const path = join(import.meta.dirname, '../../src', folder);
  const others = ['registry.ts', 'words.ts', 'strings.ts'];
  const files = readdirSync(path)
    .filter((file) => !others.includes(file))
    .sort();
  return Promise.all(
    files.map(async (file): Promise<[string, Data]> => {
      const language = file.replace(/\.ts$/, '');
      const exported: Record<string, Data> = await import(join(path, file));
      const data = exported[language];
      if (data === undefined) throw new Error(`${folder}/${file} exports no ${language}`);
      return [language, data];
    }),
  );
}

/** ISO 15924's names for several scripts together, which Unicode has no property for. */
const MIXED: Readonly<Record<string, readonly string[]>> = {
  Jpan: ['Hani', 'Hira', 'Kana'],
  Kore: ['Hang', 'Hani'],
  Hans: ['Hani'],
};

/** A letter, or a mark on one, of a script in which `language` is not written; Latin stands in all of them. */
function foreignLetter(language: string): RegExp {
  const script = new Intl.Locale(language).maximize().script ?? '';
  const own = (MIXED[script] ?? [script]).map((each) => `\\p{scx=${each}}`).join('');
  return new RegExp(`(?![${own}\\p{scx=Latn}])[\\p{L}\\p{M}]`, 'u');
}

const repeated = (list: readonly string[]) => list.filter((word, index) => list.indexOf(word) !== index);

test.each([
  ['hi', 'আ'],
  ['hi', 'ક'],
  ['ur', 'प'],
  ['en', 'а'],
])('in %s, “%s” is a foreign letter', (language, letter) => {
  expect(letter).toMatch(foreignLetter(language));
});

test.each([
  ['hi', 'ज़्‍या'],
  ['ur', 'ہۂآ'],
  ['te', 'WhatsApp 24×7'],
])('in %s, “%s” holds none', (language, word) => {
  expect(word).not.toMatch(foreignLetter(language));
});

describe.each(WORDS)('the words of %s', (language, words) => {
  const lists = Object.entries(words);
  const all = lists.flatMap(([, list]) => list);

  test('are found by the registry', () => {
    expect(wordsFor(language)).toContain(words);
  });

  test('are NFC, trimmed and not empty', () => {
    expect(all.filter((word) => word !== word.normalize('NFC').trim() || word === '')).toEqual([]);
  });

  test.each(lists)('stand once in %s', (_name, list) => {
    expect(repeated(list)).toEqual([]);
  });

  test('are in the script of the language, or Latin', () => {
    expect(all.filter((word) => foreignLetter(language).test(word))).toEqual([]);
  });

  test('are single words where words are looked up one by one', () => {
    expect([...words.months, ...words.stopWords].filter((word) => /\s/.test(word))).toEqual([]);
  });

  test('name no month that CLDR names alike', () => {
    const known = new Set([...monthNames(language), ...monthNames('en')]);
    // Malayalam's are in all encodings of each word.
    const listed = language === 'ml' ? [] : words.months;
    expect(listed.filter((month) => known.has(foldLine(month)))).toEqual([]);
  });

  test('let every place they list be a dateline', () => {
    const refused = new Set(words.stopWords);
    expect(words.places.filter((place) => place.split(' ').some((word) => refused.has(word)))).toEqual([]);
  });
});

// Assamese and Bengali share a script, but each writes its r with a letter of its own, and only one has w.
test.each([
  ['as', /\u09B0/],
  ['bn', /[\u09F0\u09F1]/],
])('the words of %s hold no letter of the other language in its script', (language, other) => {
  const [words] = wordsFor(language);
  expect(Object.values(words ?? {}).flat()).not.toContainEqual(expect.stringMatching(other));
  expect(JSON.stringify(interfaceFor(language))).not.toMatch(other);
});

describe.each(STRINGS)('the interface in %s', (language, strings) => {
  const { kinds, readingTime, ...texts } = strings;
  const all = [...Object.values(texts), ...Object.values(kinds), ...Object.values(readingTime)];

  test('is found by the registry', () => {
    expect(interfaceFor(language).strings).toBe(strings);
  });

  test('is NFC, trimmed and without a gap', () => {
    expect(all.filter((text) => text !== text.normalize('NFC').trim() || text === '')).toEqual([]);
  });

  test('is in the script of the language, but for what is filled in', () => {
    const written = all.map((text) => text.replace(/\{\w+\}/g, ''));
    expect(written.filter((text) => foreignLetter(language).test(text))).toEqual([]);
  });
});

test('a language that has an interface has words', () => {
  const languages = WORDS.map(([language]) => language);
  expect(languages).toEqual(expect.arrayContaining(STRINGS.map(([language]) => language)));
});
