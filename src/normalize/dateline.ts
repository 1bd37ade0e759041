import { countWords } from '../article/text.ts';
import type { Vocabulary } from './vocabulary.ts';

const MOST_WORDS = 4;
const LONGEST = 100;
/** A place nobody has listed must stand in front of a paragraph, not of a remark. */
const FEWEST_WORDS_AFTER = 8;

// PLACE[, DATE or STATE][ (AGENCY)], then a colon or dash, or the full stop that Hindi and Urdu papers put there;
// behind the agency's bracket either may be missing.
const FORM = new RegExp(
  [
    '^(?<line>(?<place>[^:,،()\\-–—|।॥.?!۔؟"“”‘’\\p{Nd}]{2,50}?)',
    '(?<second>\\s?[,،]\\s?[^:()\\-–—|।॥?!۔؟"“”]{2,40}?)?',
    '(?:\\s?\\((?<agency>[^()]{2,30})\\))?)',
    '(?<mark>\\s?[:：][-–—]?|\\s?[।۔](?=\\s)|\\s?[–—]|\\s-+(?=\\s)|(?<=\\))-?)(?:\\s+|(?<=[:：–—]))',
  ].join(''),
  'u',
);
const SPEAKER = /^[^:।.?!۔؟]{2,40}[:：]\s/u;

export interface Dateline {
  /** The line as written, without the colon or dash behind it. */
  text: string;
  agency?: string;
  /** How many UTF-16 code units of the paragraph it takes, with the mark and white space behind it. */
  length: number;
}

/**
 * The place line a paragraph opens with (`हरिद्वार:`, `नई दिल्ली, 22 नवंबर (भाषा)`, `MUMBAI (Reuters) -`, `KARACHI —`);
 * undefined when there is none, as in a sentence that merely holds a colon. `others` are the paragraphs behind
 * it: where they too open with a few words and a colon, those are speakers.
 */
export function datelineOf(
  paragraph: string,
  vocabulary: Vocabulary,
  others: readonly string[] = [],
): Dateline | undefined {
  const match = FORM.exec(paragraph.slice(0, LONGEST));
  if (match === null) return undefined;
  const { line = '', place = '', second = '', agency, mark = '' } = match.groups ?? {};
  const rest = paragraph.slice(match[0].length);
  const extra = second.replace(/^\s?[,،]\s?/u, '');
  if (rest.trim() === '' || !isPlaceLike(place, vocabulary)) return undefined;

  const isDated = extra.split(/\s+/).some((word) => vocabulary.has('months', word));
  const named = agency ?? extra;
  const isAgency = named !== '' && named.split(/[/,،&]/u).every((name) => vocabulary.has('agencies', name));
  if (agency !== undefined && !isAgency) return undefined;
  if (extra !== '' && !isDated && !isAgency && !isPlaceLike(extra, vocabulary)) return undefined;

  const isCertain = isDated || isAgency || vocabulary.has('places', place);
  if (!isCertain && !isLikely(place, mark, rest, others)) return undefined;
  return { text: line.trim(), ...(isAgency ? { agency: named.trim() } : {}), length: match[0].length };
}

function isPlaceLike(text: string, vocabulary: Vocabulary): boolean {
  const words = text.trim().split(/\s+/);
  return (
    words.length <= MOST_WORDS &&
    !/\p{Nd}/u.test(text) &&
    !words.some((word) => vocabulary.has('notPlaces', word))
  );
}

/** Whether a place that is on no list stands as datelines do. */
function isLikely(place: string, mark: string, rest: string, others: readonly string[]): boolean {
  // What ends in a full stop may be a sentence of one word.
  if (/[।۔]/u.test(mark)) return false;
  if (countWords(rest) < FEWEST_WORDS_AFTER || others.some((other) => SPEAKER.test(other))) return false;
  // Where letters have case, a dateline is in capitals; `Verdict: …` and `Smith: …` are not.
  if (/\p{Lu}|\p{Ll}/u.test(place)) return !/\p{Ll}/u.test(place) && countWords(place) <= 3;
  if (countWords(place) > 3) return false;
  return /[:：]/u.test(mark) || rest.includes(place.trim());
}
