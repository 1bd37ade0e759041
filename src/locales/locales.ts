import * as files from './files.ts';
import { isWrittenIn, primaryLanguage, scriptOf } from './language-tag.ts';
import type { InterfaceStrings, LexiconLists, LocaleFile } from './schema.ts';

/** What is known of a language; of one without a file, nothing but its tag. */
export interface Locale extends Partial<Omit<LocaleFile, 'lexicon'>> {
  /** That of its file: `hi`, `zh-Hant`. */
  readonly tag: string;
  readonly lexicon: LexiconLists;
}

/** Those with a file, by its tag. */
const locales = new Map<string, Locale>();
/** By any tag that was asked for; bounded, for anybody can make up tags. */
const asked = new Map<string, Locale>();
const MAX_ASKED = 500;
let all: readonly Locale[] | undefined;
/** By script. */
const inScript = new Map<string, readonly Locale[]>();

/**
 * Adds a language, or puts another in its place, as a file of this folder does.
 * @returns what undoes it
 */
export function addLocale(tag: string, file: LocaleFile): () => void {
  const before = locales.get(tag);
  put(tag, { ...file, tag, lexicon: file.lexicon ?? {} });
  return () => put(tag, before);
}

function put(tag: string, locale: Locale | undefined): void {
  if (locale === undefined) locales.delete(tag);
  else locales.set(tag, locale);
  asked.clear();
  all = undefined;
  inScript.clear();
}

for (const [name, file] of Object.entries(files)) addLocale(name.replaceAll('_', '-'), file);

/**
 * What is known of a language.
 * @param language BCP 47: its own file, that of its script (`zh-TW` → `zh-Hant`) or that of its language (`hi-IN` →
 * `hi`), whichever there is
 */
export function localeOf(language: string): Locale {
  const known = asked.get(language);
  if (known !== undefined) return known;
  const primary = primaryLanguage(language);
  const locale = locales.get(`${primary}-${scriptOf(language)}`) ??
    locales.get(primary) ?? { tag: primary, lexicon: {} };
  if (asked.size >= MAX_ASKED) asked.clear();
  asked.set(language, locale);
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
 * The languages whose words to look for in an article in `language` (BCP 47): its own, the one its file names
 * besides, and English, which pages everywhere put around articles in other languages.
 */
export function lexiconSources(language: string): readonly [own: Locale, ...others: Locale[]] {
  const own = localeOf(language);
  const fallback = own.lexiconFallback === undefined ? [] : [localeOf(own.lexiconFallback)];
  const english = own.tag === 'en' ? [] : [localeOf('en')];
  return [own, ...fallback, ...english];
}

/** A language and the words in it: what is written with the words says so with the language. */
export interface Interface {
  language: string;
  strings: InterfaceStrings;
}

/** The interface in `language`, or in English when nobody has written its words yet. */
export function interfaceFor(language: string): Interface {
  const strings = localeOf(language).interface;
  return strings === undefined ? { language: 'en', strings: files.en.interface } : { language, strings };
}

/** `fill('{minutes} min read', { minutes: '3' })`; plain text, to be escaped afterwards. */
export function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}
