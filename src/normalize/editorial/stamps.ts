import { instantIn, ZONE_NAME } from '../../markup/dates.ts';
import type { Findings } from '../../markup/findings.ts';
import { asInstant } from '../../markup/values.ts';
import { frameWords, onceForAll, patternSource } from '../../text/lexicon.ts';
import { singleSpaced } from '../../text/text.ts';

/** An element that names a time of the article. */
export interface Stamp {
  text: string;
  /** Its `datetime` or `content`. */
  machine: string | undefined;
  /** Its item property and classes, which may tell publication from modification. */
  hint: string;
}

type Times = Pick<Findings, 'publishedAt' | 'updatedAt'>;

const updatedPattern = onceForAll(() => new RegExp(patternSource(frameWords('updated')), 'iu'));
const saysUpdated = (text: string): boolean => updatedPattern().test(singleSpaced(text));
/** A separator between two stamps; after a zone, also a comma. */
const SEPARATOR = new RegExp(`[|•·]|(?<=${ZONE_NAME})\\s*[,،;]\\s*`, 'u');

/** So much of a line is searched, in UTF-16 code units: two stamps with their dates written out fit. */
const MAX_LINE_LENGTH = 400;

/** When an article was published and updated, from a line such as `Published: … | Updated: …`. */
export function timesIn(line: string, language: string): Times {
  const times: Times = {};
  for (const part of line.slice(0, MAX_LINE_LENGTH).split(SEPARATOR)) {
    const at = instantIn(part, language);
    if (at !== undefined) times[saysUpdated(part) ? 'updatedAt' : 'publishedAt'] ??= at;
  }
  return times;
}

/** The same from a page's time elements; machine-readable values take precedence over text. */
export function timesOf(stamps: readonly Stamp[], language: string): Times {
  const times: Times = {};
  for (const { machine, text, hint } of stamps) {
    const at = asInstant(machine);
    if (at === undefined) Object.assign(times, { ...timesIn(text, language), ...times });
    else times[saysUpdated(`${hint} ${text}`) ? 'updatedAt' : 'publishedAt'] ??= at;
  }
  return times;
}
