// RFC 822 section 5.1 names these beside offsets; RSS writes them to this day.
const RFC_822 =
  /^(?:[A-Za-z]{3,9},?\s+)?\d{1,2}\s+[A-Za-z]{3,9}\s+\d{2,4}\s+\d{1,2}:\d{2}(?::\d{2})?\s+(?:UTC?|GMT|Z|[ECMP][SD]T|[+-]\d{4})$/;

/**
 * A feed's date, in RFC 822 or RFC 3339, as RFC 3339. Undefined without a zone: a local time is nobody's instant,
 * and the machine that reads it must not lend it its own.
 */
export function instantOf(text: string | undefined): string | undefined {
  const written = text?.trim() ?? '';
  if (/^\d{4}-\d{2}-\d{2}T/.test(written)) return written;
  const time = RFC_822.test(written) ? Date.parse(written.replace(/\bUT$/, 'UTC')) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** A date out of front matter: one without a time, or without a zone, is UTC's, as site generators read it. */
export function dateInFrontMatter(text: string | undefined): string | undefined {
  const [, day, time = '00:00:00', zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(
      text?.trim() ?? '',
    ) ?? [];
  return day === undefined ? undefined : `${day}T${time}${zone}`;
}

/** `2024-05-01 10:00:00` of a column that holds UTC; WordPress writes `0000-00-00 00:00:00` for none. */
export function utcOf(text: string | undefined): string | undefined {
  const written = text?.trim() ?? '';
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(written) || written.startsWith('0000')) return undefined;
  return `${written.replace(' ', 'T')}Z`;
}
