/**
 * The words of the languages' files, made ready to be looked up. `Lexicon` has those that are looked for in articles
 * in one language; `frameWords` those that sites write around articles in any, for `onceForAll` to make patterns of.
 */
import { allLocales, type Locale, lexiconSources, localeOf } from '../locales/locales.ts';
import type { FrameList, WordList } from '../locales/schema.ts';
import { foldLine } from './fold-line.ts';
import { calendarOf, monthNames } from './month-names.ts';
import { UNSPACED_SCRIPTS } from './text.ts';

// No phrase of a list is longer; what is looked for is looked for in so much of a line.
const MAX_PHRASE_LENGTH = 60;
// A hyphen between two letters of the Latin script parts nothing: `Bild-Zeitung`.
const SEPARATOR = /(?:[:：–—|>»›]|-(?!(?<=\p{Script=Latin}-)\p{Script=Latin}))+/gu;

const ANY_SEPARATOR = /[:：–—|>»›-]/;

/**
 * What is made of a language's lists. Folding all of them takes longer than normalizing a short article: each is
 * folded once, when it is first asked for.
 */
interface Prepared {
  /** What `allLocales` was when it was made. */
  readonly all: readonly Locale[];
  readonly sources: readonly [own: Locale, ...others: Locale[]];
  readonly spellings: readonly (readonly [from: string, to: string])[];
  readonly sets: Map<WordList | 'months', ReadonlySet<string>>;
  /** By source, and for each month from January on: its whole names. */
  months: readonly (readonly (readonly string[])[])[] | undefined;
}

const prepared = new WeakMap<Locale, Prepared>();

function prepare(language: string): Prepared {
  const own = localeOf(language);
  const known = prepared.get(own);
  if (known?.all === allLocales()) return known;
  const made: Prepared = {
    all: allLocales(),
    sources: lexiconSources(language),
    spellings: Object.entries(own.spellings ?? {}),
    sets: new Map(),
    months: undefined,
  };
  prepared.set(own, made);
  return made;
}

/** The word lists of a language, of its fallback and of English, made ready to be looked up. */
export class Lexicon {
  /** BCP 47. */
  readonly language: string;
  readonly #prepared: Prepared;
  /** A line is asked about several times in a row. */
  #last = { line: '', folded: '' };
  readonly #publisher: ReadonlySet<string>;

  /** @param own lines that the article's publisher has named as boilerplate */
  constructor(language: string, own: readonly string[] = []) {
    this.language = language;
    this.#prepared = prepare(language);
    this.#publisher = new Set(own.map((line) => this.#fold(line)).filter(Boolean));
  }

  /** What is known of the language itself. */
  get locale(): Locale {
    return this.#prepared.sources[0];
  }

  /** Whether `line` is one that the publisher leaves out of its own articles. */
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

  /** Whether `line` begins with words on the list, whatever follows. */
  opens(list: WordList, line: string): boolean {
    const opening = this.#foldOnce(line.slice(0, MAX_PHRASE_LENGTH));
    const set = this.#set(list);
    for (let end = opening.indexOf(' '); end !== -1; end = opening.indexOf(' ', end + 1))
      if (set.has(opening.slice(0, end))) return true;
    return set.has(opening);
  }

  /** Where in `line` the rest begins when it opens with words on the list and a colon, dash or bar. */
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

  /** The number of a month, from 0, by one of its names or by enough of one's beginning to be no other's. */
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

  /** The phrases of a list as they stand in the files. */
  words(list: WordList): string[] {
    return this.#prepared.sources.flatMap(({ lexicon }) => lexicon[list] ?? []);
  }

  /** As `foldLine`, and in the spelling that the language's file prefers. */
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

  /** Makes something of a language's words at first use; the same for all articles in the language. */
  static perLanguage<Made>(make: (lexicon: Lexicon) => Made): (lexicon: Lexicon) => Made {
    const made = new WeakMap<Prepared, Made>();
    return (lexicon) => {
      let known = made.get(lexicon.#prepared);
      if (known === undefined) {
        known = make(lexicon);
        made.set(lexicon.#prepared, known);
      }
      return known;
    };
  }
}

/** The phrases of a list in all files, each once: a site's frame may be in another language than its article. */
export const frameWords = (list: FrameList): string[] => [
  ...new Set(allLocales().flatMap(({ frame }) => frame?.[list] ?? [])),
];

/** Makes something of all languages' words at first use. */
export function onceForAll<Made>(make: () => Made): () => Made {
  let made: { of: readonly Locale[]; what: Made } | undefined;
  return () => {
    if (made?.of !== allLocales()) made = { of: allLocales(), what: make() };
    return made.what;
  };
}

// A letter, mark or digit of a script that puts spaces between words: beside one of the others, a word may end.
const WORD_CHARACTER = `(?![${UNSPACED_SCRIPTS}])[\\p{L}\\p{M}\\p{N}]`;

/**
 * The source of a regular expression (flags `iu`, for text in NFC) that finds any of `phrases` as whole words; a `*`
 * at an end of one lets its word go on there. It matches nothing when there are none.
 */
export function patternSource(phrases: readonly string[]): string {
  const written = (begins: boolean, ends: boolean) =>
    phrases
      .filter((phrase) => phrase.startsWith('*') !== begins && phrase.endsWith('*') !== ends)
      .map((phrase) => escapeRegExp(phrase.replace(/^\*|\*$/g, '')).replace(/ /g, '\\s+'));
  // Once for each kind of end: with the ends in every phrase, the pattern is too long for engines to optimize.
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

/** A text as the source of a regular expression that matches it. */
export const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
