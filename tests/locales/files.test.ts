import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import * as registered from '../../src/locales/files.ts';
import { canonicalLanguage } from '../../src/locales/language-tag.ts';
import { interfaceFor, localeOf } from '../../src/locales/locales.ts';
import { type InterfaceStrings, type LexiconLists, LocaleSchema } from '../../src/locales/schema.ts';
import { Lexicon } from '../../src/text/lexicon.ts';
import { monthNames } from '../../src/text/month-names.ts';

const FOLDER = join(import.meta.dirname, '../../src/locales');
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const LOCALES = FILES.map((file) => [file.replace('.json', ''), read(file)] as const);
const WITH_LEXICON = LOCALES.flatMap(([tag, { lexicon }]) => (lexicon ? [[tag, lexicon] as const] : []));
const WITH_INTERFACE = LOCALES.flatMap(([tag, file]) =>
  file.interface ? [[tag, file.interface] as const] : [],
);

/** A file as it stands; what the schema finds wrong with it, with the place in the file, is the test's message. */
function read(file: string) {
  const { issues, output } = v.safeParse(LocaleSchema, JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
  const found = issues?.map(
    (issue) => `${v.getDotPath(issue) ?? '(top)'}: ${issue.message} (${JSON.stringify(issue.input)})`,
  );
  if (found !== undefined) throw new Error(`src/locales/${file}\n${found.join('\n')}`);
  return output as v.InferOutput<typeof LocaleSchema>;
}

const listsOf = (lexicon: LexiconLists): [name: string, words: readonly string[]][] =>
  Object.entries(lexicon).flatMap(([name, list]): [string, readonly string[]][] =>
    Array.isArray(list)
      ? [[name, list]]
      : Object.entries(list ?? {}).map(([month, words]) => [`${name}.${month}`, words ?? []]),
  );

/** ISO 15924's names for several scripts together, which Unicode has no property for. */
const MIXED: Readonly<Record<string, readonly string[]>> = {
  Jpan: ['Hani', 'Hira', 'Kana'],
  Kore: ['Hang', 'Hani'],
  Hans: ['Hani'],
  Hant: ['Hani'],
};

/** A letter, or a mark on one, of a script in which `language` is not written; Latin stands in all of them. */
function foreignLetter(language: string): RegExp {
  const script = new Intl.Locale(language).maximize().script ?? '';
  const own = (MIXED[script] ?? [script]).map((each) => `\\p{scx=${each}}`).join('');
  return new RegExp(`(?![${own}\\p{scx=Latn}])[\\p{L}\\p{M}]`, 'u');
}

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
])('in %s, “%s” contains none', (language, word) => {
  expect(word).not.toMatch(foreignLetter(language));
});

test('every file has its line in files.ts, and every line its file', () => {
  const lines = Object.keys(registered).map((name) => name.replaceAll('_', '-'));
  expect(lines.sort()).toEqual(LOCALES.map(([tag]) => tag).sort());
});

describe.each(LOCALES)('src/locales/%s.json', (tag, file) => {
  test('is named by a canonical tag, by which it is found', () => {
    expect(canonicalLanguage(tag)).toBe(tag);
    expect(localeOf(tag)).toMatchObject({ ...file, tag });
  });

  test('is written in the script of its language, or Latin', () => {
    const { name, sentenceEnds = [], spellings = {} } = file;
    const all = [name, ...sentenceEnds, ...Object.entries(spellings).flat()];
    expect(all.filter((text) => foreignLetter(tag).test(text))).toEqual([]);
  });

  test('names digits and a script that exist', () => {
    const { digits = 'latn', typography } = file;
    expect(Intl.supportedValuesOf('numberingSystem')).toContain(digits);
    if (typography)
      expect(new Intl.DisplayNames(['en'], { type: 'script' }).of(typography.script)).not.toBe(
        typography.script,
      );
  });

  test('takes no words of a language that has none', () => {
    const { lexiconFallback = 'en' } = file;
    expect(localeOf(lexiconFallback)).toMatchObject({
      tag: lexiconFallback,
      lexicon: { agencies: expect.any(Array) },
    });
  });
});

describe.each(WITH_LEXICON)('the lexicon of %s', (tag, lexicon) => {
  const lists = listsOf(lexicon);

  test('is in the script of the language, or Latin', () => {
    const all = lists.flatMap(([, words]) => words);
    expect(all.filter((word) => foreignLetter(tag).test(word))).toEqual([]);
  });

  test('names no month that CLDR names alike', () => {
    const known = new Set([...monthNames(tag), ...monthNames('en')]);
    const listed = [
      ...Object.values(lexicon.months ?? {}).flatMap((names) => names ?? []),
      ...(lexicon.otherMonths ?? []),
    ];
    expect(listed.filter((month) => known.has(month.toLowerCase()))).toEqual([]);
  });

  test('tells each month by each of its names', () => {
    const words = new Lexicon(tag);
    for (const [number, names = []] of Object.entries(lexicon.months ?? {}))
      for (const name of names) expect([name, words.monthOf(name)]).toEqual([name, Number(number) - 1]);
  });

  test('lets every place it lists be a dateline', () => {
    const refused = new Set(lexicon.stopWords);
    const places = lexicon.places ?? [];
    expect(places.filter((place) => place.split(' ').some((word) => refused.has(word)))).toEqual([]);
  });
});

// Assamese and Bengali share a script, but each writes its r with a letter of its own, and only one has w.
test.each([
  ['as', /\u09B0/],
  ['bn', /[\u09F0\u09F1]/],
])('the file of %s contains no letter of the other language in its script', (tag, other) => {
  expect(readFileSync(join(FOLDER, `${tag}.json`), 'utf8')).not.toMatch(other);
});

/** The forms of a phrase that follow a number go by the phrase's name. */
const flat = ({ readingTime, kinds, ...strings }: InterfaceStrings): [string, string][] => [
  ...Object.entries(strings),
  ...Object.entries(kinds),
  // "One minute" and "two minutes" may be written out.
  ...Object.entries(readingTime).map(([form, text]): [string, string] => [
    `readingTime${/zero|one|two/.test(form) ? `.${form}` : ''}`,
    text ?? '',
  ]),
];

const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe.each(WITH_INTERFACE)('the interface in %s', (tag, strings) => {
  const { strings: english } = interfaceFor('en');

  test('has the same words to fill in as English', () => {
    const expected = new Map(flat(english));
    for (const [key, text] of flat(strings)) {
      if (!key.startsWith('readingTime.')) expect(places(text), key).toEqual(places(expected.get(key) ?? ''));
    }
  });

  test('has a form for every kind of number that the language tells apart', () => {
    const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
    // A phrase that takes the same form for all numbers has but the one.
    const forms = Object.keys(strings.readingTime);
    if (forms.length > 1) expect(forms.sort()).toEqual([...pluralCategories].sort());
  });

  test('is in the script of the language, but for what is filled in', () => {
    const written = flat(strings).map(([, text]) => text.replace(/\{\w+\}/g, ''));
    expect(written.filter((text) => foreignLetter(tag).test(text))).toEqual([]);
  });
});
