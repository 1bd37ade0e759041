import * as files from './files.ts';
import { primaryLanguage, scriptOf } from './language-tag.ts';
import type { InterfaceStrings, LexiconLists, LocaleFile } from './schema.ts';

/** What is known of a language; of one without a file, nothing but its tag. */
export interface Locale extends Partial<Omit<LocaleFile, 'lexicon'>> {
  /** That of its file: `hi`, `zh-Hant`. */
  readonly tag: string;
  readonly lexicon: LexiconLists;
}

const FILES = new Map<string, LocaleFile>();
/** By the tag of a file, or a language's that has none. Only the first are kept for good: anybody can make up tags. */
const locales = new Map<string, Locale>();
const unknown = new Map<string, Locale>();
/** By any tag that was asked for. */
const asked = new Map<string, Locale>();
const MAX_ASKED = 500;

/**
 * Adds a language, or puts another in its place, as a file of this folder does.
 * @returns what takes it away again
 */
function addLocale(tag: string, file: LocaleFile): () => void {
  const before = FILES.get(tag);
  FILES.set(tag, file);
  forget(tag);
  return () => {
    if (before === undefined) FILES.delete(tag);
    else FILES.set(tag, before);
    forget(tag);
  };
}

function forget(tag: string): void {
  locales.delete(tag);
  unknown.clear();
  asked.clear();
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
  const tag = [`${primary}-${scriptOf(language)}`, primary].find((each) => FILES.has(each));
  const locale = tag === undefined ? unknownLocale(primary) : knownLocale(tag);
  if (asked.size >= MAX_ASKED) asked.clear();
  asked.set(language, locale);
  return locale;
}

function knownLocale(tag: string): Locale {
  const known = locales.get(tag);
  if (known !== undefined) return known;
  const file = FILES.get(tag);
  const locale = { ...file, tag, lexicon: file?.lexicon ?? {} };
  locales.set(tag, locale);
  return locale;
}

function unknownLocale(tag: string): Locale {
  const known = unknown.get(tag);
  if (known !== undefined) return known;
  const locale = { tag, lexicon: {} };
  if (unknown.size >= MAX_ASKED) unknown.clear();
  unknown.set(tag, locale);
  return locale;
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
