import * as files from './files.ts';
import { isWrittenIn, primaryLanguage, scriptOf } from './language-tag.ts';
import type { InterfaceStrings, LexiconLists, LocaleFile } from './schema.ts';

/** What is known about a language; without a file, only its tag. */
export interface Locale extends Partial<Omit<LocaleFile, 'lexicon'>> {
  /** The tag of its file: `hi`, `zh-Hant`. */
  readonly tag: string;
  readonly lexicon: LexiconLists;
}

/** Languages that have a file, by its tag. */
const locales = new Map<string, Locale>();
/** Cache of lookups by any tag. Bounded, because tags come from outside. */
const cache = new Map<string, Locale>();
const MAX_CACHED = 500;
let all: readonly Locale[] | undefined;
/** By script. */
const inScript = new Map<string, readonly Locale[]>();

/**
 * Adds or replaces a language, like a file of this folder.
 * @returns a function that undoes it
 */
export function addLocale(tag: string, file: LocaleFile): () => void {
  const before = locales.get(tag);
  put(tag, { ...file, tag, lexicon: file.lexicon ?? {} });
  return () => put(tag, before);
}

function put(tag: string, locale: Locale | undefined): void {
  if (locale === undefined) locales.delete(tag);
  else locales.set(tag, locale);
  cache.clear();
  all = undefined;
  inScript.clear();
}

for (const [name, file] of Object.entries(files)) addLocale(name.replaceAll('_', '-'), file);

/**
 * What is known about a language.
 * @param language BCP 47. Its file is that of its script (`zh-TW` → `zh-Hant`), else that of its primary language
 * (`hi-IN` → `hi`)
 */
export function localeOf(language: string): Locale {
  const known = cache.get(language);
  if (known !== undefined) return known;
  const primary = primaryLanguage(language);
  const locale = locales.get(`${primary}-${scriptOf(language)}`) ??
    locales.get(primary) ?? { tag: primary, lexicon: {} };
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(language, locale);
  return locale;
}

/** All languages that have a file; the same array until one is added. */
export function allLocales(): readonly Locale[] {
  all ??= [...locales.values()];
  return all;
}

/**
 * The languages with a file that are usually written in a script.
 * @param script ISO 15924: `Latn`; for Han characters, `Hani`
 * @returns the same array each time, until a language is added
 */
export function localesInScript(script: string): readonly Locale[] {
  const known = inScript.get(script);
  if (known !== undefined) return known;
  const found = allLocales().filter(({ tag }) => isWrittenIn(tag, script));
  inScript.set(script, found);
  return found;
}

/**
 * The languages whose word lists apply to an article in `language` (BCP 47): its own, its file's `lexiconFallback`, and
 * English, which pages everywhere put around articles in other languages.
 */
export function lexiconSources(language: string): readonly [own: Locale, ...others: Locale[]] {
  const own = localeOf(language);
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
