import type { Instant } from '../../domain/article.ts';
import type { Site } from '../../domain/site.ts';
import { memoize } from '../../memoize.ts';
import { escapeAttribute, escapeText } from '../escape.ts';
import { localeFor } from './locale.ts';

/** A `<time>` in a language, in the site's time zone; `zone` is that zone's name. */
export function timeElement(
  instant: Instant,
  language: string,
  { timeZone, localDigits }: Pick<Site, 'timeZone' | 'localDigits'>,
  { zone = false } = {},
): string {
  const { words, zoneName } = formatsOf(`${localeFor(language, localDigits)} ${timeZone}`);
  const date = new Date(instant);
  const suffix = zone ? ` (${zoneName(date)})` : '';
  return `<time datetime="${escapeAttribute(instant)}">${escapeText(words.format(date) + suffix)}</time>`;
}

interface Formats {
  words: Intl.DateTimeFormat;
  /** `IST`, `GMT+5:30`. */
  zoneName(date: Date): string;
}

// A site has one time zone and a few languages.
const formatsOf = memoize(100, (key): Formats => {
  const [locale = '', timeZone = ''] = key.split(' ');
  const words = new Intl.DateTimeFormat(locale, {
    timeZone,
    // News uses the Gregorian calendar even where the locale's default is another (fa, th).
    calendar: 'gregory',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    // 24 hours, because several languages have no day periods and would show a Latin `AM`.
    hourCycle: 'h23',
  });
  // Formatted separately: otherwise Hindi would put its word for "o'clock" after the zone.
  const zones = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' });
  const zoneName = (date: Date) =>
    zones.formatToParts(date).find((part) => part.type === 'timeZoneName')?.value ?? timeZone;
  return { words, zoneName };
});
