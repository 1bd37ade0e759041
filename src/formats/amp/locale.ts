import { localeOf } from '../../locales/locales.ts';
import { memoize } from '../../text/memoize.ts';

const supported = memoize(100, (language) => Intl.DateTimeFormat.supportedLocalesOf([language])[0] ?? 'en');

/**
 * The locale to write numbers and dates of a language in. `localDigits` asks for the script's own digits or against
 * them; without it the language's custom decides.
 */
export function localeFor(language: string, localDigits?: boolean): string {
  // Without a supported locale Intl would write in the language of whatever machine this runs on.
  const locale = supported(language);
  if (localDigits === undefined) return locale;
  const numberingSystem = localDigits ? localeOf(language).digits : 'latn';
  return numberingSystem === undefined ? locale : new Intl.Locale(locale, { numberingSystem }).toString();
}

/** What a language calls itself. */
export function ownName(language: string): string {
  const own = localeOf(language);
  if (own.name !== undefined && own.tag === language) return own.name;
  // `of` takes no extensions (`-u-nu-deva`), which a tag may carry.
  const name = new Intl.Locale(language).baseName;
  return new Intl.DisplayNames([name, 'en'], { type: 'language' }).of(name) ?? language;
}
