import { primaryLanguage } from '../locales/language-tag.ts';
import { wordsFor } from '../locales/lexicons/registry.ts';
import type { LanguageWords } from '../locales/lexicons/words.ts';
import { foldLine } from './fold-line.ts';
import { monthNames } from './month-names.ts';

// No phrase of a list is longer; what is looked for is looked for in so much of a line.
const MAX_PHRASE_LENGTH = 60;
// A hyphen between two letters of the Latin script parts nothing: `Bild-Zeitung`.
const SEPARATOR = /(?:[:：–—|>»›]|-(?!(?<=\p{Script=Latin}-)\p{Script=Latin}))+/gu;

const ANY_SEPARATOR = /[:：–—|>»›-]/;

type WordList = {
  [Key in keyof LanguageWords]: LanguageWords[Key] extends readonly string[] ? Key : never;
}[keyof LanguageWords];

/** Folding a language's lists takes longer than normalizing a short article: they are folded once, when asked for. */
const folded = new WeakMap<LanguageWords, Map<WordList, ReadonlySet<string>>>();

/** @param own the language's words, which its lists begin with */
function setsOf([own]: readonly LanguageWords[]): Map<WordList, ReadonlySet<string>> {
  const known = own && folded.get(own);
  if (known !== undefined) return known;
  const sets = new Map<WordList, ReadonlySet<string>>();
  if (own !== undefined) folded.set(own, sets);
  return sets;
}

/** The word lists of a language and of English, made ready to be looked up. */
export class Lexicon {
  /** BCP 47. */
  readonly language: string;
  readonly #languages: readonly LanguageWords[];
  readonly #sets: Map<WordList, ReadonlySet<string>>;

  #last = { line: '', folded: '' };

  readonly #own: ReadonlySet<string>;

  /** @param own lines that the article's publisher has named as boilerplate */
  constructor(language: string, own: readonly string[] = []) {
    this.language = language;
    this.#own = new Set(own.map(foldLine).filter(Boolean));
    this.#languages = wordsFor(language);
    this.#sets = setsOf(this.#languages);
  }

  /** Whether `line` is one that the publisher leaves out of its own articles. */
  isOwn(line: string): boolean {
    return this.#own.size > 0 && line.length <= MAX_PHRASE_LENGTH * 4 && this.#own.has(this.#fold(line));
  }

  /** Whether the whole of `line` is on the list. */
  has(list: WordList, line: string): boolean {
    return line.length <= MAX_PHRASE_LENGTH * 2 && this.#set(list).has(this.#fold(line));
  }

  /** Whether `line` begins with words on the list, whatever follows. */
  opens(list: WordList, line: string): boolean {
    const words = this.#fold(line.slice(0, MAX_PHRASE_LENGTH)).split(' ');
    return words.some((_word, index) => this.#set(list).has(words.slice(0, index + 1).join(' ')));
  }

  /** Where in `line` the rest begins when it opens with words on the list and a colon, dash or bar. */
  restAfter(list: WordList, line: string): number | undefined {
    const opening = line.slice(0, MAX_PHRASE_LENGTH);
    if (!ANY_SEPARATOR.test(opening)) return undefined;
    SEPARATOR.lastIndex = 0;
    for (let separator = SEPARATOR.exec(opening); separator !== null; separator = SEPARATOR.exec(opening)) {
      if (!this.#set(list).has(foldLine(line.slice(0, separator.index)))) continue;
      const rest = line.slice(separator.index);
      return separator.index + (/^[\s:：\-–—|>»›.…]*/u.exec(rest)?.[0].length ?? 0);
    }
    return undefined;
  }

  /** A line is asked about several times in a row. */
  #fold(line: string): string {
    if (this.#last.line !== line) this.#last = { line, folded: foldLine(line) };
    return this.#last.folded;
  }

  #monthNames(): string[] {
    return [primaryLanguage(this.language), 'en'].flatMap(monthNames).filter(Boolean);
  }

  #set(list: WordList): ReadonlySet<string> {
    let set = this.#sets.get(list);
    if (set === undefined) {
      const words = this.#languages.flatMap((each) => each[list].map(foldLine));
      set = new Set(list === 'months' ? [...words, ...this.#monthNames()] : words);
      this.#sets.set(list, set);
    }
    return set;
  }
}
