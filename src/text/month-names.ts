import { memoize } from '../memoize.ts';
import { foldLine } from './fold-line.ts';

const CONTEXTS = [{}, { day: 'numeric' }] as const;
const LENGTHS = ['long', 'short'] as const;

/** More than there are languages with a file. */
const MAX_LANGUAGES = 200;

/**
 * The names of months in Unicode's locale data (CLDR), folded by `foldLine`: long and short, alone and beside a day.
 * Names that only newsrooms use are in a language's `months`. The argument is a BCP 47 language subtag; for one that
 * CLDR does not know the result is empty.
 */
export const monthNames = memoize(MAX_LANGUAGES, (language): readonly string[] =>
  isInCldr(language)
    ? LENGTHS.flatMap((length) => CONTEXTS.flatMap((context) => namesIn(language, length, context)))
    : [],
);

function isInCldr(language: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(language).length > 0;
  } catch {
    // `x` and `i`, which start private-use and grandfathered tags, are not languages (RFC 5646 section 2.1).
    return false;
  }
}

/** The long names, from January on. */
export const calendarOf = (language: string): readonly string[] => monthNames(language).slice(0, 12);

function namesIn(
  language: string,
  month: (typeof LENGTHS)[number],
  context: (typeof CONTEXTS)[number],
): string[] {
  const format = new Intl.DateTimeFormat(`${language}-u-ca-gregory`, { ...context, month, timeZone: 'UTC' });
  return Array.from({ length: 12 }, (_, index) => {
    const parts = format.formatToParts(Date.UTC(2026, index, 15));
    return foldLine(parts.find(({ type }) => type === 'month')?.value ?? '');
  });
}
