/**
 * Guesses the language of text that declares none. The script decides alone if only one language uses it. Languages that
 * share a script are told apart by the `guess` of each language's file in `src/locales`: its commonest words, the
 * endings of its words and its letters. docs/languages.md has the rates and how to measure them.
 */
import { primaryLanguage, scriptOf } from '../locales/language-tag.ts';
import { type Locale, localesInScript } from '../locales/locales.ts';
import { memoizeByObject } from '../memoize.ts';

/** How much of a text is read at most, in UTF-16 code units; and how much is read first, which mostly suffices. */
const MAX_SAMPLE = 800;
const BEGINNING = 240;

const LETTERS = /[\p{L}\p{M}]+/gu;
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]+/gu;

/** By ISO 15924 code, those of most articles first: the search ends as soon as the rest cannot outnumber one. */
const SCRIPTS: readonly (readonly [script: string, letters: RegExp])[] = [
  ['Latn', /\p{Script=Latin}+/gu],
  ['Deva', /\p{Script=Devanagari}+/gu],
  ['Arab', /\p{Script=Arabic}+/gu],
  ['Cyrl', /\p{Script=Cyrillic}+/gu],
  ['Taml', /\p{Script=Tamil}+/gu],
  ['Telu', /\p{Script=Telugu}+/gu],
  ['Beng', /\p{Script=Bengali}+/gu],
  ['Gujr', /\p{Script=Gujarati}+/gu],
  ['Knda', /\p{Script=Kannada}+/gu],
  ['Mlym', /\p{Script=Malayalam}+/gu],
  ['Guru', /\p{Script=Gurmukhi}+/gu],
  ['Orya', /\p{Script=Oriya}+/gu],
  ['Hani', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu],
  ['Kore', /\p{Script=Hangul}+/gu],
  ['Thai', /\p{Script=Thai}+/gu],
  ['Sinh', /\p{Script=Sinhala}+/gu],
  ['Mymr', /\p{Script=Myanmar}+/gu],
  ['Khmr', /\p{Script=Khmer}+/gu],
  ['Laoo', /\p{Script=Lao}+/gu],
  ['Grek', /\p{Script=Greek}+/gu],
  ['Hebr', /\p{Script=Hebrew}+/gu],
  ['Ethi', /\p{Script=Ethiopic}+/gu],
  ['Armn', /\p{Script=Armenian}+/gu],
  ['Geor', /\p{Script=Georgian}+/gu],
  ['Tibt', /\p{Script=Tibetan}+/gu],
  ['Thaa', /\p{Script=Thaana}+/gu],
  ['Olck', /\p{Script=Ol_Chiki}+/gu],
  ['Mtei', /\p{Script=Meetei_Mayek}+/gu],
];

/**
 * The ISO 15924 code of the script of most letters in a text's beginning; undefined when it has no letters. `Jpan` is
 * text with kana; `Hani` is Han characters without kana, in Chinese or a short line of Japanese.
 */
export function scriptOfText(text: string): string | undefined {
  const sample = sampleOf(text);
  return dominantScript(sample.slice(0, BEGINNING), CLEAR_SHARE) ?? dominantScript(sample, 0);
}

/** If this share of a text's beginning is in one script, the rest is not read. */
const CLEAR_SHARE = 0.9;

/** The script of most letters; undefined when there are none, or when less than `share` of them are in it. */
function dominantScript(sample: string, share: number): string | undefined {
  const all = count(sample, LETTERS);
  let rest = all;
  let dominant: string | undefined;
  let most = 0;
  for (const [script, letters] of SCRIPTS) {
    if (most >= rest) break;
    const found = count(sample, letters);
    rest -= found;
    if (found > most) {
      dominant = script;
      most = found;
    }
  }
  if (most < all * share) return undefined;
  // Japanese is written with as many Han characters as kana; Chinese has no kana.
  return dominant === 'Hani' && count(sample, KANA) * 10 > most ? 'Jpan' : dominant;
}

/**
 * The most likely language of a text.
 * @param script the result of `scriptOfText`, if the caller has it already
 * @returns a BCP 47 tag, with the script if it is not the language's usual one (`sr-Latn`, `zh-Hant`); `und` when the
 * text has no letters, or too few signs of one language
 */
export function guessLanguage(text: string, script = scriptOfText(text)): string {
  if (script === undefined) return 'und';
  const model = modelOf(localesInScript(script));
  if (model === undefined) return usualLanguage(script);
  const sample = sampleOf(text);
  const early = mostLikely(sample.slice(0, BEGINNING), model, CLEAR_LEAD);
  return early === 'und' ? mostLikely(sample, model, MIN_LEAD) : early;
}

const sampleOf = (text: string): string => text.slice(0, MAX_SAMPLE).normalize('NFC');

/** The total length of the runs that match. */
const count = (text: string, runs: RegExp): number =>
  text.match(runs)?.reduce((sum, run) => sum + run.length, 0) ?? 0;

/** The likely language of a script according to CLDR: `Taml` → `ta`, `Geor` → `ka`. */
const usualLanguage = (script: string): string => new Intl.Locale(`und-${script}`).maximize().language;

/** The languages of a sign (a word, an ending or a letter), as indices of `tags`. */
type Signs = ReadonlyMap<string, readonly number[]>;

/** The signs that distinguish the languages of one script. */
interface Model {
  tags: readonly string[];
  words: Signs;
  endings: Signs;
  letters: Signs;
  /** Matches any of `letters`. */
  anyLetter: RegExp;
}

/** The model of one script's locales; undefined when the script alone decides. */
const modelOf = memoizeByObject((locales: readonly Locale[]): Model | undefined => {
  const guessable = locales.flatMap(({ tag, guess }) => (guess === undefined ? [] : [{ tag, ...guess }]));
  if (guessable.length === 0) return undefined;
  const letters = signs(guessable.map((each) => [...(each.letters ?? '')]));
  return {
    tags: guessable.map(({ tag }) => usualTag(tag)),
    words: signs(guessable.map(({ words = '' }) => words.split(' '))),
    endings: signs(guessable.map(({ endings = '' }) => endings.split(' '))),
    letters,
    anyLetter: new RegExp(`[${[...letters.keys()].join('')}]`, 'gu'),
  };
});

/** Removes the script from a tag if it is the language's usual one: `zh-Hans` → `zh`. */
function usualTag(tag: string): string {
  const primary = primaryLanguage(tag);
  return scriptOf(primary) === scriptOf(tag) ? primary : tag;
}

function signs(lists: readonly (readonly string[])[]): Signs {
  const languages = new Map<string, number[]>();
  lists.forEach((list, language) => {
    for (const sign of list) {
      const known = languages.get(sign);
      if (known === undefined) languages.set(sign, [language]);
      else known.push(language);
    }
  });
  return languages;
}

/** A word may contain apostrophes and non-joiners, as in Uzbek and Persian. */
const WORDS = /\p{L}(?:['\u200C]?[\p{L}\p{M}])*/gu;
const APOSTROPHES = /[\u2018\u2019\u02BB\u02BC]/g;
const MAX_ENDING_LENGTH = 6;

// Tuned on the tuning half of bench/language. The fewer languages have a sign, the more it weighs.
const LANGUAGES = 48;
const WORD = 1;
const ENDING = 0.3;
const ENDINGS_SHARE = 0.5;
const LETTERS_SHARE = 0.25;
/** With less evidence per word, the text is in none of the known languages. */
const MIN_EVIDENCE = 0.7;
/** The minimum difference in evidence between the likeliest language and the next. */
const MIN_LEAD = 0.25;
/** A lead that the rest of the text is not expected to change. */
const CLEAR_LEAD = 8;

function mostLikely(sample: string, model: Model, lead: number): string {
  const { tags, words, endings, letters, anyLetter } = model;
  const scores = tags.map(() => 0);
  const add = (languages: readonly number[], share: number, base: number) => {
    const weight = share * (Math.log(LANGUAGES / languages.length) + base);
    for (const language of languages) scores[language] = (scores[language] ?? 0) + weight;
  };
  const text = sample.toLowerCase().replace(APOSTROPHES, "'");
  const found = text.match(WORDS) ?? [];
  for (const word of found) {
    const languages = words.get(word);
    if (languages !== undefined) add(languages, 1, WORD);
    else {
      const ending = endingOf(word, endings);
      if (ending !== undefined) add(ending, ENDINGS_SHARE, ENDING);
    }
  }
  const special = text.match(anyLetter) ?? [];
  for (const letter of special) add(letters.get(letter) ?? [], LETTERS_SHARE, 1 / LETTERS_SHARE);
  // A letter that a language does not have counts against it.
  const [[first, best = 0] = ['und'], [, second = 0] = []] = tags
    .map((tag, language): [string, number] => [tag, (scores[language] ?? 0) - special.length])
    .sort(([, one], [, other]) => other - one);
  if (best - second > lead && best >= MIN_EVIDENCE * found.length) return first;
  // The language is clear and only its script is not: `Hans` or `Hant`.
  const languages = new Set(tags.map(primaryLanguage));
  return languages.size === 1 ? primaryLanguage(first) : 'und';
}

/** The languages of the longest known ending of a word. */
function endingOf(word: string, endings: Signs): readonly number[] | undefined {
  for (let length = Math.min(MAX_ENDING_LENGTH, word.length - 1); length > 0; length -= 1) {
    const languages = endings.get(word.slice(-length));
    if (languages !== undefined) return languages;
  }
  return undefined;
}
