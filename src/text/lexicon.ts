/**
 * The word lists of the languages' files, prepared for lookup. `Lexicon` has the lists for articles in one language.
 * `frameWords` has the words of all languages that sites write around articles, for patterns built by `onceForAll`.
 */
import { allLocales, type Locale, lexiconSources, localeOf } from '../locales/locales.ts';
import type { FrameList, WordList } from '../locales/schema.ts';
import { memoizeByObject } from '../memoize.ts';
import { foldLine } from './fold-line.ts';
import { calendarOf, monthNames } from './month-names.ts';
import { UNSPACED_SCRIPTS } from './text.ts';

// The longest phrase of a list; no more of a line is searched.
const MAX_PHRASE_LENGTH = 60;
// A hyphen between two Latin letters is not a separator: `Bild-Zeitung`.
const SEPARATOR = /(?:[:：–—|>»›]|-(?!(?<=\p{Script=Latin}-)\p{Script=Latin}))+/gu;

const ANY_SEPARATOR = /[:：–—|>»›-]/;

/**
 * The prepared lists of a language. Folding all of them takes longer than normalizing a short article, so each is folded
 * once, at first use.
 */
interface Prepared {
  readonly sources: readonly [own: Locale, ...others: Locale[]];
  readonly spellings: readonly (readonly [from: string, to: string])[];
  readonly sets: Map<WordList | 'months', ReadonlySet<string>>;
  /** By source, and for each month from January on: its whole names. */
  months: readonly (readonly (readonly string[])[])[] | undefined;
}

const preparedOf = onceForAll(() =>
  memoizeByObject(
    (own: Locale): Prepared => ({
      sources: lexiconSources(own),
      spellings: Object.entries(own.spellings ?? {}),
      sets: new Map(),
      months: undefined,
    }),
  ),
);

/** The word lists of a language, of its fallback and of English, prepared for lookup. */
export class Lexicon {
  /** BCP 47. */
  readonly language: string;
  readonly #prepared: Prepared;
  /** A cache of one line, because a line is looked up several times in a row. */
  #last = { line: '', folded: '' };
  readonly #publisher: ReadonlySet<string>;

  /** @param own lines that the article's publisher has configured as boilerplate */
  constructor(language: string, own: readonly string[] = []) {
    this.language = language;
    this.#prepared = preparedOf()(localeOf(language));
    this.#publisher = new Set(own.map((line) => this.#fold(line)).filter(Boolean));
  }

  /** The language's own locale. */
  get locale(): Locale {
    return this.#prepared.sources[0];
  }

  /** Whether `line` is boilerplate that the publisher has configured. */
  isOwn(line: string): boolean {
    return (
      this.#publisher.size > 0 &&
      line.length <= MAX_PHRASE_LENGTH * 4 &&
      this.#publisher.has(this.#foldOnce(line))
    );
  }

  /** Whether the whole of `line` is on the list. */
  has(list: WordList | 'months', line: string): boolean {
    return line.length <= MAX_PHRASE_LENGTH * 2 && this.#set(list).has(this.#foldOnce(line));
  }

  /** Whether `line` starts with words on the list. */
  opens(list: WordList, line: string): boolean {
    const opening = this.#foldOnce(line.slice(0, MAX_PHRASE_LENGTH));
    const set = this.#set(list);
    for (let end = opening.indexOf(' '); end !== -1; end = opening.indexOf(' ', end + 1))
      if (set.has(opening.slice(0, end))) return true;
    return set.has(opening);
  }

  /** The offset of the rest of `line`, if it starts with words on the list and a colon, dash or bar. */
  restAfter(list: WordList, line: string): number | undefined {
    const opening = line.slice(0, MAX_PHRASE_LENGTH);
    if (!ANY_SEPARATOR.test(opening)) return undefined;
    SEPARATOR.lastIndex = 0;
    for (let separator = SEPARATOR.exec(opening); separator !== null; separator = SEPARATOR.exec(opening)) {
      if (!this.#set(list).has(this.#fold(line.slice(0, separator.index)))) continue;
      const rest = line.slice(separator.index);
      return separator.index + (/^[\s:：\-–—|>»›.…]*/u.exec(rest)?.[0].length ?? 0);
    }
    return undefined;
  }

  /** The number of a month, from 0, by one of its names or by an unambiguous start of one. */
  monthOf(word: string): number | undefined {
    const folded = this.#foldOnce(word);
    this.#prepared.months ??= this.#prepared.sources.map((source) => this.#monthsIn(source));
    for (const months of this.#prepared.months) {
      const whole = months.findIndex((names) => names.includes(folded));
      if (whole !== -1) return whole;
      const begun = months.flatMap((names, month) =>
        names.some((name) => name.startsWith(folded)) ? [month] : [],
      );
      if (begun.length === 1) return begun[0];
    }
    return undefined;
  }

  /** The phrases of a list as the files spell them. */
  words(list: WordList): string[] {
    return this.#prepared.sources.flatMap(({ lexicon }) => lexicon[list] ?? []);
  }

  /** Like `foldLine`, in the spelling that the language's file prefers. */
  #fold(line: string): string {
    let folded = foldLine(line);
    for (const [from, to] of this.#prepared.spellings)
      if (folded.includes(from)) folded = folded.replaceAll(from, to);
    return folded;
  }

  #foldOnce(line: string): string {
    if (this.#last.line !== line) this.#last = { line, folded: this.#fold(line) };
    return this.#last.folded;
  }

  #set(list: WordList | 'months'): ReadonlySet<string> {
    let set = this.#prepared.sets.get(list);
    if (set === undefined) {
      const words = list === 'months' ? this.#monthWords() : this.words(list).map((word) => this.#fold(word));
      set = new Set(words.filter(Boolean));
      this.#prepared.sets.set(list, set);
    }
    return set;
  }

  #monthWords(): string[] {
    const listed = this.#prepared.sources.flatMap(({ lexicon }) =>
      Object.values(lexicon.months ?? {}).flatMap((names) => names ?? []),
    );
    const ofCldr = this.#prepared.sources.flatMap(({ tag }) => monthNames(tag));
    return [...listed, ...this.words('otherMonths'), ...ofCldr].map((word) => this.#fold(word));
  }

  #monthsIn({ tag, lexicon }: Locale): string[][] {
    const listed = Object.entries(lexicon.months ?? {});
    return Array.from({ length: 12 }, (_, month) => [
      ...calendarOf(tag).slice(month, month + 1),
      ...listed.flatMap(([number, names]) => (Number(number) === month + 1 ? (names ?? []) : [])),
    ]).map((names) => names.map((name) => this.#fold(name)));
  }

  /**
   * Memoizes a value computed from a language's words, shared by all articles in the language. `make` gets a lexicon
   * without a publisher's own lines.
   */
  static perLanguage<Made>(make: (lexicon: Lexicon) => Made): (lexicon: Lexicon) => Made {
    const made = memoizeByObject(({ sources: [own] }: Prepared) => make(new Lexicon(own.tag)));
    return (lexicon) => made(lexicon.#prepared);
  }
}

/** The distinct phrases of a list in all files: a site's frame may be in another language than its article. */
export const frameWords = (list: FrameList): string[] => [
  ...new Set(allLocales().flatMap(({ frame }) => frame?.[list] ?? [])),
];

/** Memoizes a value computed from the words of all languages. */
export function onceForAll<Made>(make: () => Made): () => Made {
  const made = memoizeByObject((_all: readonly Locale[]) => make());
  return () => made(allLocales());
}

// A letter, mark or digit of a script with spaces between words. In other scripts a word may end beside any letter.
const WORD_CHARACTER = `(?![${UNSPACED_SCRIPTS}])[\\p{L}\\p{M}\\p{N}]`;

/**
 * The source of a regular expression (flags `iu`, for text in NFC with single spaces) that finds any of `phrases` as whole
 * words; with a `*` at an end, the word may continue there. Without phrases it matches nothing.
 */
export function patternSource(phrases: readonly string[]): string {
  const written = (begins: boolean, ends: boolean) =>
    phrases
      .filter((phrase) => phrase.startsWith('*') !== begins && phrase.endsWith('*') !== ends)
      .map((phrase) => escapeRegExp(phrase.replace(/^\*|\*$/g, '')).replace(/ /g, '\\s'));
  // One alternation per kind of end: with the ends in every phrase, the pattern is too long for engines to optimize.
  const kinds = [
    [written(true, true), `(?<!${WORD_CHARACTER})`, `(?!${WORD_CHARACTER})`],
    [written(true, false), `(?<!${WORD_CHARACTER})`, ''],
    [written(false, true), '', `(?!${WORD_CHARACTER})`],
    [written(false, false), '', ''],
  ] as const;
  const sources = kinds.flatMap(([words, before, after]) =>
    words.length === 0 ? [] : [`${before}(?:${words.join('|')})${after}`],
  );
  return sources.length === 0 ? '(?!)' : `(?:${sources.join('|')})`;
}

/** Escapes a text for use in a regular expression. */
export const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
