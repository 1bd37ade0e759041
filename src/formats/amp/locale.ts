import { localeOf } from '../../locales/locales.ts';
import { memoize } from '../../memoize.ts';

const supported = memoize(100, (language) => Intl.DateTimeFormat.supportedLocalesOf([language])[0] ?? 'en');

/**
 * The locale for numbers and dates in a language. `localDigits` enables or disables the script's own digits; when absent,
 * the language's file decides.
 */
export function localeFor(language: string, localDigits?: boolean): string {
  // Without a supported locale, Intl would use the language of the machine.
  const locale = supported(language);
  if (localDigits === undefined) return locale;
  const numberingSystem = localDigits ? localeOf(language).digits : 'latn';
  return numberingSystem === undefined ? locale : new Intl.Locale(locale, { numberingSystem }).toString();
}

/** A language's name in the language itself. */
export function ownName(language: string): string {
  const own = localeOf(language);
  if (own.name !== undefined && own.tag === language) return own.name;
  // `of` rejects extensions (`-u-nu-deva`), which a tag may have.
  const name = new Intl.Locale(language).baseName;
  return new Intl.DisplayNames([name, 'en'], { type: 'language' }).of(name) ?? language;
}
