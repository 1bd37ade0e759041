import { primaryLanguage } from '../../locales/language-tag.ts';
import { memoize } from '../../text/memoize.ts';

/**
 * The digits of each language's own script (CLDR, `numberingSystems/native`); not of those whose newspapers no longer
 * write them (Tamil, Telugu, Malayalam).
 */
const OWN_DIGITS: Readonly<Record<string, string>> = {
  ar: 'arab',
  as: 'beng',
  bn: 'beng',
  ckb: 'arab',
  fa: 'arabext',
  gu: 'gujr',
  hi: 'deva',
  kn: 'knda',
  kok: 'deva',
  mai: 'deva',
  mr: 'deva',
  ne: 'deva',
  or: 'orya',
  pa: 'guru',
  ps: 'arabext',
  sa: 'deva',
  ur: 'arabext',
};

const supported = memoize(100, (language) => Intl.DateTimeFormat.supportedLocalesOf([language])[0] ?? 'en');

/**
 * The locale to write numbers and dates of a language in. `localDigits` asks for the script's own digits or against
 * them; without it the language's custom decides.
 */
export function localeFor(language: string, localDigits?: boolean): string {
  // Without a supported locale Intl would write in the language of whatever machine this runs on.
  const locale = supported(language);
  if (localDigits === undefined) return locale;
  const numberingSystem = localDigits ? OWN_DIGITS[primaryLanguage(locale)] : 'latn';
  return numberingSystem === undefined ? locale : new Intl.Locale(locale, { numberingSystem }).toString();
}

/** What a language calls itself. */
export function ownName(language: string): string {
  // `of` takes no extensions (`-u-nu-deva`), which a tag may carry.
  const name = new Intl.Locale(language).baseName;
  return new Intl.DisplayNames([name, 'en'], { type: 'language' }).of(name) ?? language;
}
