/** BCP 47 tags: canonical form, script and direction, from the platform's CLDR data. */
import { memoize } from '../memoize.ts';

export type Direction = 'ltr' | 'rtl';

/** The canonical form of a BCP 47 tag (`HI-in` → `hi-IN`), or undefined when the tag is invalid. */
export function canonicalLanguage(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}

const RIGHT_TO_LEFT = new Set(['Arab', 'Hebr', 'Syrc', 'Thaa', 'Nkoo', 'Adlm', 'Rohg']);

/** The direction of a language's usual script. A script subtag (`ks-Deva`, `az-Arab`) takes precedence. */
export function languageDirection(language: string): Direction {
  return RIGHT_TO_LEFT.has(scriptOf(language) ?? '') ? 'rtl' : 'ltr';
}

/** Whether two languages are usually written in the same script. */
export function sameScript(one: string, other: string): boolean {
  const script = scriptOf(one);
  return script !== undefined && script === scriptOf(other);
}

/** Scripts that text of Han characters alone may be in: Chinese of both kinds, and a line of Japanese without kana. */
const HAN = new Set(['Hans', 'Hant', 'Jpan']);

/** Whether a language is usually written in `script`, an ISO 15924 code; `Hani` is Han characters of any language. */
export function isWrittenIn(language: string, script: string): boolean {
  const own = scriptOf(language);
  return own === script || (script === 'Hani' && own !== undefined && HAN.has(own));
}

// `Intl` is far slower than a lookup, and a site has few languages.
const MAX_SCRIPTS = 500;

/**
 * The ISO 15924 code of the script that a tag names, or that its language is usually written in; undefined for an
 * invalid tag and an unknown language.
 */
export const scriptOf = memoize(MAX_SCRIPTS, (language): string | undefined => {
  try {
    return new Intl.Locale(language).maximize().script;
  } catch {
    return undefined;
  }
});

/** `hi-IN` → `hi`. */
export function primaryLanguage(language: string): string {
  return language.split('-', 1)[0] ?? language;
}
