import { primaryLanguage } from '../locales/language-tag.ts';
import { foldLine } from '../text/fold-line.ts';
import { calendarOf } from '../text/month-names.ts';

/** Minutes east of Greenwich, by the letters pages write behind a time. */
const ZONES: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  IST: 330,
  PKT: 300,
  NPT: 345,
  BDT: 360,
  CET: 60,
  CEST: 120,
  WIB: 420,
  WITA: 480,
  WIT: 540,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
  BRT: -180,
};

const ZONE = new RegExp(
  `(?<![\\p{L}])(${Object.keys(ZONES).join('|')})(?![\\p{L}])|(?:GMT|UTC)?\\s?([+-])(\\d{2}):?(\\d{2})(?!\\d)`,
  'u',
);
const TIME = /(?<!\d)(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?\s*([ap])?\.?(?:m\b)?/iu;
const DAY_FIRST =
  /(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s.,-]+(?:de\s+)?([\p{L}\p{M}]{3,})\.?[\s.,-]+(?:de\s+)?(\d{4})(?!\d)/u;
const MONTH_FIRST = /([\p{L}\p{M}]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?[\s.,]+(\d{4})(?!\d)/u;
const MAX_LINE_LENGTH = 200;

/**
 * The instant a line such as `22 नवंबर 2026, 10:30 AM IST` names, as `toISOString` writes it. Undefined without a
 * date, a time and a zone: a time without its zone is nobody's instant.
 * @param language BCP 47, for the names of months; English ones are always known
 */
export function instantIn(line: string, language: string): string | undefined {
  const text = asciiDigits(line.slice(0, MAX_LINE_LENGTH));
  const date = dateIn(text, language);
  if (date === undefined) return undefined;
  const rest = text.replace(date.written, ' ');
  const time = TIME.exec(rest);
  const zone = ZONE.exec(rest);
  if (time === null || zone === null) return undefined;
  const [, hours = '', minutes = '', half = ''] = time;
  const hour = half === '' ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const [, name, sign, zoneHours, zoneMinutes] = zone;
  const offset =
    name === undefined
      ? Number(`${sign}1`) * (Number(zoneHours) * 60 + Number(zoneMinutes))
      : (ZONES[name] ?? 0);
  if (hour > 23 || Number(minutes) > 59 || Math.abs(offset) > 840) return undefined;
  const at = new Date(Date.UTC(date.year, date.month, date.day, hour, Number(minutes)));
  // The 31st of a month that has none would be another month's first.
  if (at.getUTCMonth() !== date.month || date.year < 1970) return undefined;
  return new Date(at.getTime() - offset * 60_000).toISOString();
}

interface WrittenDate {
  year: number;
  /** From 0. */
  month: number;
  day: number;
  written: string;
}

function dateIn(text: string, language: string): WrittenDate | undefined {
  const dayFirst = DAY_FIRST.exec(text);
  const monthFirst = dayFirst === null ? MONTH_FIRST.exec(text) : null;
  const [day, name, year] = dayFirst?.slice(1) ?? [monthFirst?.[2], monthFirst?.[1], monthFirst?.[3]];
  if (day === undefined || name === undefined || year === undefined) return undefined;
  const month = monthOf(name, language);
  const written = dayFirst?.[0] ?? monthFirst?.[0] ?? '';
  return month === undefined ? undefined : { year: Number(year), month, day: Number(day), written };
}

/** A month by its name or by enough of the name's beginning to be no other's. */
function monthOf(word: string, language: string): number | undefined {
  const folded = spelledAlike(foldLine(word));
  for (const calendar of [primaryLanguage(language), 'en']) {
    const names = calendarOf(calendar).map(spelledAlike);
    const whole = names.indexOf(folded);
    if (whole !== -1) return whole;
    const begun = names.flatMap((name, month) => (name.startsWith(folded) ? [month] : []));
    if (begun.length === 1) return begun[0];
  }
  return undefined;
}

/** Hindi and its neighbours write a nasal before its consonant in two ways, and October's in two more. */
const spelledAlike = (folded: string): string => folded.replaceAll('म्ब', 'ंब').replaceAll('क्तू', 'क्टू');

/** Every script's digits as 0 to 9: Unicode keeps each ten of them in a row. */
function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    let zero = digit.codePointAt(0) ?? 0;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && (digit.codePointAt(0) ?? 0) - zero < 9)
      zero -= 1;
    return String((digit.codePointAt(0) ?? 0) - zero);
  });
}
