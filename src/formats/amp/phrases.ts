import { languageDirection, primaryLanguage } from '../../locales/language-tag.ts';
import { fill, interfaceFor } from '../../locales/locales.ts';
import type { InterfaceStrings, Plural } from '../../locales/schema.ts';
import { memoize } from '../../memoize.ts';
import { escapeAttribute, escapeText } from '../escape.ts';
import { localeFor } from './locale.ts';

/** The interface strings of a page in one language. */
export interface Phrases {
  strings: InterfaceStrings;
  /** BCP 47: the language of the strings; English where the page's language has none. */
  language: string;
  /** The strings as HTML, marked with their language where it is not the page's. */
  html(words: string): string;
  /** The plural form of a phrase for `{minutes}`, filled in; plain text. */
  minutes(forms: Plural, minutes: number, localDigits: boolean | undefined): string;
}

const pluralsOf = memoize(50, (language) => new Intl.PluralRules(language));
const numbersOf = memoize(50, (locale) => new Intl.NumberFormat(locale));

/** The interface strings for a page in `language`. */
export function phrasesFor(language: string): Phrases {
  const { strings, language: own } = interfaceFor(language);
  const foreign = primaryLanguage(own) !== primaryLanguage(language);
  return {
    strings,
    language: own,
    html: (words) =>
      foreign ? `<span ${languageAttributes(own)}>${escapeText(words)}</span>` : escapeText(words),
    minutes(forms, minutes, localDigits) {
      const form = forms[pluralsOf(own).select(minutes)] ?? forms.other;
      return fill(form, { minutes: numbersOf(localeFor(own, localDigits)).format(minutes) });
    },
  };
}

/** `lang="ur" dir="rtl"`; the default direction is the language's usual one. */
export function languageAttributes(language: string, direction = languageDirection(language)): string {
  return `lang="${escapeAttribute(language)}" dir="${direction}"`;
}
