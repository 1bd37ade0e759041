import { escapeRegExp, Lexicon } from '../text/lexicon.ts';

/** Minutes east of Greenwich, by the zone abbreviations that pages in all languages write after a time. */
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

/** The source of a regular expression (flag `u`), without groups that capture, that finds a zone's abbreviation. */
export const ZONE_NAME = `(?<!\\p{L})(?:${Object.keys(ZONES).join('|')})(?!\\p{L})`;

const ZONE = new RegExp(`(${ZONE_NAME})|(?:GMT|UTC)?\\s?([+-])(\\d{2}):?(\\d{2})(?!\\d)`, 'u');

/** How a language writes a date and a time, besides the names of its months. */
const formsOf = Lexicon.perLanguage((lexicon) => {
  const oneOf = (list: 'ordinalSuffixes' | 'dateParticles' | 'am' | 'pm') =>
    lexicon.words(list).map(escapeRegExp).join('|') || '(?!)';
  const day = `(?<day>\\d{1,2})(?:${oneOf('ordinalSuffixes')})?`;
  const month = '(?<month>(?<![\\p{L}\\p{M}])[\\p{L}\\p{M}]{3,})\\.?';
  const year = '(?<year>\\d{4})(?!\\d)';
  const particle = `(?:(?:${oneOf('dateParticles')})\\s+)?`;
  return {
    dayFirst: new RegExp(`(?<!\\d)${day}[\\s.,-]+${particle}${month}[\\s.,-]+${particle}${year}`, 'u'),
    monthFirst: new RegExp(`${month}\\s+${day}[\\s.,]+${year}`, 'u'),
    time: new RegExp(
      `(?<!\\d)(?<hour>\\d{1,2})[:.](?<minute>\\d{2})(?:[:.]\\d{2})?` +
        `(?:\\s*(?:(?<am>${oneOf('am')})|(?<pm>${oneOf('pm')}))(?![\\p{L}\\p{M}]))?`,
      'iu',
    ),
  };
});
const MAX_LINE_LENGTH = 200;

/**
 * The instant in a line such as `22 November 2026, 10:30 AM IST`, in the form of `toISOString`. Undefined without a date,
 * a time and a zone, because a time without a zone is ambiguous.
 * @param language BCP 47, for the names of months; English ones are always known
 */
export function instantIn(line: string, language: string): string | undefined {
  const text = asciiDigits(line.slice(0, MAX_LINE_LENGTH));
  const lexicon = new Lexicon(language);
  const date = dateIn(text, lexicon);
  if (date === undefined) return undefined;
  const rest = text.replace(date.written, ' ');
  const time = formsOf(lexicon).time.exec(rest)?.groups;
  const zone = ZONE.exec(rest);
  if (time === undefined || zone === null) return undefined;
  const { am, pm } = time;
  const minute = Number(time.minute);
  const hour =
    am === undefined && pm === undefined
      ? Number(time.hour)
      : (Number(time.hour) % 12) + (pm === undefined ? 0 : 12);
  const [, name, sign, zoneHours, zoneMinutes] = zone;
  const offset =
    name === undefined
      ? Number(`${sign}1`) * (Number(zoneHours) * 60 + Number(zoneMinutes))
      : (ZONES[name] ?? 0);
  if (hour > 23 || minute > 59 || Math.abs(offset) > 840) return undefined;
  const at = new Date(Date.UTC(date.year, date.month, date.day, hour, minute));
  // `Date` turns the 31st of a shorter month into the first of the next.
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

function dateIn(text: string, lexicon: Lexicon): WrittenDate | undefined {
  const { dayFirst, monthFirst } = formsOf(lexicon);
  const found = dayFirst.exec(text) ?? monthFirst.exec(text);
  const { year, month: name = '', day } = found?.groups ?? {};
  const month = lexicon.monthOf(name);
  if (found === null || month === undefined) return undefined;
  return { year: Number(year), month, day: Number(day), written: found[0] };
}

/** Converts every script's digits to 0 to 9: in Unicode each script's ten digits are consecutive. */
function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    let zero = digit.codePointAt(0) ?? 0;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && (digit.codePointAt(0) ?? 0) - zero < 9)
      zero -= 1;
    return String((digit.codePointAt(0) ?? 0) - zero);
  });
}
