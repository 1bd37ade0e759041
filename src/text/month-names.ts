import { foldLine } from './fold-line.ts';

const CONTEXTS = [{}, { day: 'numeric' }] as const;
const LENGTHS = ['long', 'short'] as const;

const known = new Map<string, readonly string[]>();

/**
 * What Unicode's locale data (CLDR) calls the months of a language, as `foldLine` writes it: whole and short, alone
 * and beside a day. What newsrooms write besides is in a language's `months`.
 * @param language BCP 47's language subtag; of one that CLDR does not know there are none
 */
export function monthNames(language: string): readonly string[] {
  let names = known.get(language);
  if (names === undefined) {
    // Only what is known is remembered: anybody can make up languages.
    if (!isInCldr(language)) return [];
    names = LENGTHS.flatMap((length) => CONTEXTS.flatMap((context) => namesIn(language, length, context)));
    known.set(language, names);
  }
  return names;
}

function isInCldr(language: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(language).length > 0;
  } catch {
    // `x` and `i`, with which private and grandfathered tags begin, are no languages (RFC 5646 section 2.1).
    return false;
  }
}

/** The whole names, from January on. */
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
