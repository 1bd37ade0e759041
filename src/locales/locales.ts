import { memoize } from '../memoize.ts';
import * as files from './files.ts';
import { isWrittenIn, primaryLanguage, scriptOf } from './language-tag.ts';
import type { InterfaceStrings, LexiconLists, LocaleFile } from './schema.ts';

/** What is known about a language; without a file, only its tag. */
export interface Locale extends Partial<Omit<LocaleFile, 'lexicon'>> {
  /** The tag of its file: `hi`, `zh-Hant`. */
  readonly tag: string;
  readonly lexicon: LexiconLists;
}

// Bounded, because tags come from outside.
const MAX_LOOKUPS = 500;

/** The languages that have a file, and the lookups among them. It does not change: `addLocale` makes another. */
class Registry {
  readonly all: readonly Locale[];
  readonly #byTag: ReadonlyMap<string, Locale>;

  /** @param byTag the languages, each by the tag of its file */
  constructor(byTag: ReadonlyMap<string, Locale>) {
    this.#byTag = byTag;
    this.all = [...byTag.values()];
  }

  readonly localeOf = memoize(MAX_LOOKUPS, (language): Locale => {
    const primary = primaryLanguage(language);
    return (
      this.#byTag.get(`${primary}-${scriptOf(language)}`) ??
      this.#byTag.get(primary) ?? { tag: primary, lexicon: {} }
    );
  });

  readonly inScript = memoize(MAX_LOOKUPS, (script): readonly Locale[] =>
    this.all.filter(({ tag }) => isWrittenIn(tag, script)),
  );

  /** The same languages, but `locale` with this tag, or none. */
  with(tag: string, locale: Locale | undefined): Registry {
    const byTag = new Map(this.#byTag);
    if (locale === undefined) byTag.delete(tag);
    else byTag.set(tag, locale);
    return new Registry(byTag);
  }

  at(tag: string): Locale | undefined {
    return this.#byTag.get(tag);
  }
}

const fromFile = (tag: string, file: LocaleFile): Locale => ({ ...file, tag, lexicon: file.lexicon ?? {} });

// Constant in the Worker: only tests replace it, by `addLocale`.
let registry = new Registry(
  new Map(
    Object.entries<LocaleFile>(files).map(([name, file]) => {
      const tag = name.replaceAll('_', '-');
      return [tag, fromFile(tag, file)];
    }),
  ),
);

/**
 * Adds or replaces a language, like a file of this folder. For tests alone: they undo it in `finally` or `afterAll`,
 * because all tests run in one process.
 * @returns a function that undoes it
 */
export function addLocale(tag: string, file: LocaleFile): () => void {
  const before = registry.at(tag);
  registry = registry.with(tag, fromFile(tag, file));
  return () => {
    registry = registry.with(tag, before);
  };
}

/**
 * What is known about a language.
 * @param language BCP 47. Its file is that of its script (`zh-TW` → `zh-Hant`), else that of its primary language
 * (`hi-IN` → `hi`)
 */
export const localeOf = (language: string): Locale => registry.localeOf(language);

/** All languages that have a file; the same array until one is added. */
export const allLocales = (): readonly Locale[] => registry.all;

/**
 * The languages with a file that are usually written in a script.
 * @param script ISO 15924: `Latn`; for Han characters, `Hani`
 */
export const localesInScript = (script: string): readonly Locale[] => registry.inScript(script);

/**
 * The languages whose word lists apply to an article in the language `own`: this, its file's `lexiconFallback`, and
 * English, which pages everywhere put around articles in other languages.
 */
export function lexiconSources(own: Locale): readonly [own: Locale, ...others: Locale[]] {
  const fallback = own.lexiconFallback === undefined ? [] : [localeOf(own.lexiconFallback)];
  const english = own.tag === 'en' ? [] : [localeOf('en')];
  return [own, ...fallback, ...english];
}

/** Interface strings and their language, which the elements that contain them declare. */
export interface Interface {
  language: string;
  strings: InterfaceStrings;
}

/** The interface strings in `language`, or in English when its file has none. */
export function interfaceFor(language: string): Interface {
  const strings = localeOf(language).interface;
  return strings === undefined ? { language: 'en', strings: files.en.interface } : { language, strings };
}

/** Fills placeholders: `fill('{minutes} min read', { minutes: '3' })`. The result is plain text; escape it afterwards. */
export function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}
