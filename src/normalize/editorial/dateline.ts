import { Lexicon } from '../../text/lexicon.ts';
import { sentenceMarks } from '../../text/sentences.ts';
import { hasMoreWords } from '../../text/text.ts';
import { areAgencies } from './credit.ts';

const MAX_PLACE_WORDS = 4;
/** The most words of an unlisted place in capitals, and in a script without case, where any short phrase looks the same. */
const MAX_WORDS_IN_CAPITALS = 3;
const MAX_WORDS_WITHOUT_CASE = 2;
const MAX_DATELINE_LENGTH = 100;
/** Devanagari's and Bengali's: typed for a colon, which they look like. */
const VISARGAS = '\\u0903\\u0983';
/** The minimum length of a paragraph after an unlisted place: a shorter one is a remark. */
const MIN_WORDS_AFTER = 8;

/** The forms of place lines in a language. Most marks belong to scripts; its file adds those that end its sentences. */
const formsOf = Lexicon.perLanguage((lexicon) => {
  const { all: marks, fullStops } = sentenceMarks(lexicon);
  // A hyphen between two letters and the full stop of `St. Moritz` are part of a name; elsewhere both end it.
  const inPlace =
    `[^:,،()\\-–—|${marks}"“”‘’∙•\\u0640/\\p{Nd}]|(?<=\\p{L})-(?=\\p{L})|` +
    '(?<=^\\p{Lu}\\p{Ll}{1,2})\\.(?=\\s\\p{Lu})';
  return {
    // [SITE, ]PLACE[ DATE][, DATE or STATE][ / AGENCY][ (AGENCY)], then a colon or dash, or another mark that newspapers
    // use there: the full stop of Hindi and Urdu, Malayalam's dot, the Arabic stroke, a visarga that looks like a colon.
    line: new RegExp(
      [
        `^(?<line>(?:(?<site>[\\p{L}\\p{N}.]{3,20}),\\s)??(?<place>(?:${inPlace}){2,50}?)`,
        '(?<day>\\s\\p{Nd}{1,2}\\.?\\s\\p{L}[\\p{L}\\p{M}.]{1,14})?',
        // A full stop may end an abbreviation of the month or the state.
        `(?<second>\\s?[,،]\\s?[^:()\\-–—|${marks.replace('.', '')}"“”∙]{2,40}?)?`,
        '(?:\\s?/\\s?(?<partner>[^()/:\\-–—\\u0640\\p{Nd}]{2,30}?))?',
        '(?:\\s?\\((?<agency>[^()]{2,30})\\))?)',
        `(?<mark>\\s?[:：][-–—]?|\\s?[${fullStops}](?=\\s)|[${VISARGAS}](?=\\s)|`,
        '\\s?[–—∙\\u0640]|\\s•|\\s-+(?=\\s)|(?<=\\))\\.?\\s?-*)',
        '(?:\\s+|(?<=[:：–—∙\\u0640]))',
      ].join(''),
      'u',
    ),
    /** What every such line contains and most paragraphs' starts do not. */
    anyMark: new RegExp(`[:：${fullStops}${VISARGAS}–—∙\\u0640•)-]`, 'u'),
    /** A place line that is a paragraph. */
    alone: new RegExp(
      `^(?<place>[^/:${marks}\\p{Nd}]{2,40}?)\\s?/\\s?(?<agency>[^/:${marks}\\p{Nd}]{2,30})$`,
      'u',
    ),
    /** A mark of a place line that may as well end a sentence of one word. */
    sentenceMark: new RegExp(`[${fullStops}${VISARGAS}]`, 'u'),
    speaker: new RegExp(`^[^:${marks}]{2,40}[:：]\\s`, 'u'),
  };
});
const DATE = /^\p{Nd}{1,2}[./]\p{Nd}{1,2}(?:[./]\p{Nd}{2,4})?$/u;

export interface Dateline {
  /** The line as written, without the colon or dash after it. */
  text: string;
  agency?: string;
  /** Its length in the paragraph in UTF-16 code units, including the mark and white space after it. */
  length: number;
}

/**
 * The place line that starts a paragraph (`Haridwar:`, `New Delhi, 22 November (PTI)`, `MUMBAI (Reuters) -`, `KARACHI —`);
 * undefined when there is none, as in a sentence that only contains a colon. `others` are the paragraphs after it: if
 * they also start with a few words and a colon, those words are speakers.
 */
export function datelineOf(
  paragraph: string,
  lexicon: Lexicon,
  others: readonly string[] = [],
): Dateline | undefined {
  const forms = formsOf(lexicon);
  const opening = paragraph.slice(0, MAX_DATELINE_LENGTH);
  const match = forms.anyMark.test(opening) ? forms.line.exec(opening) : null;
  if (match === null) return undefined;
  const { line = '', site, place = '', day = '', second = '', mark = '' } = match.groups ?? {};
  const bracket = match.groups?.agency ?? match.groups?.partner;
  const rest = paragraph.slice(match[0].length);
  const extra = second.replace(/^\s?[,،]\s?/u, '');
  if (rest.trim() === '' || !isPlaceLike(place, lexicon)) return undefined;
  if (site !== undefined) return fromSite(site, line, match[0].length, lexicon);

  const isDated = isDate(extra, lexicon) || isDate(day, lexicon);
  if (day !== '' && !isDate(day, lexicon)) return undefined;
  const named = bracket ?? extra;
  const isAgency = named !== '' && areAgencies(named, lexicon);
  if (bracket !== undefined && !isAgency) return undefined;
  if (extra !== '' && !isDated && !isAgency && !isPlaceLike(extra, lexicon)) return undefined;

  const isCertain = isDated || isAgency || lexicon.has('places', place);
  if (!isCertain && !isLikely(place, mark, rest, { others, lexicon })) return undefined;
  return { text: line.trim(), ...(isAgency ? { agency: named.trim() } : {}), length: match[0].length };
}

/** A paragraph that consists only of a place line: `Gaza / Anadolu`. */
export function datelineAlone(paragraph: string, lexicon: Lexicon): Dateline | undefined {
  const line = formsOf(lexicon).alone.exec(paragraph.slice(0, MAX_DATELINE_LENGTH));
  const { place = '', agency = '' } = line?.groups ?? {};
  const isOne = place !== '' && isPlaceLike(place, lexicon) && areAgencies(agency, lexicon);
  return isOne ? { text: paragraph.trim(), agency: agency.trim(), length: paragraph.length } : undefined;
}

/** `Liputan6.com, Jakarta -`: the reporting site precedes the place. */
function fromSite(site: string, line: string, length: number, lexicon: Lexicon): Dateline | undefined {
  return areAgencies(site, lexicon) ? { text: line.trim(), agency: site, length } : undefined;
}

const isDate = (text: string, lexicon: Lexicon): boolean =>
  DATE.test(text.trim()) || text.split(/[\s.,\p{Nd}]+/u).some((word) => lexicon.has('months', word));

function isPlaceLike(text: string, lexicon: Lexicon): boolean {
  if (lexicon.has('places', text)) return true;
  const words = text.trim().split(/\s+/);
  return (
    words.length <= MAX_PLACE_WORDS &&
    !/\p{Nd}/u.test(text) &&
    !words.some((word) => lexicon.has('stopWords', word))
  );
}

/** Whether an unlisted place looks like a dateline. */
function isLikely(
  place: string,
  mark: string,
  rest: string,
  { others, lexicon }: { others: readonly string[]; lexicon: Lexicon },
): boolean {
  const { sentenceMark, speaker } = formsOf(lexicon);
  // A line that ends in a full stop or a visarga may be a sentence of one word; a line before a quote is its speaker.
  if (sentenceMark.test(mark) || /^["“”„«‘']/u.test(rest)) return false;
  return (
    isSpelledLikely(place, mark, rest) &&
    hasMoreWords(rest, MIN_WORDS_AFTER - 1) &&
    !others.some((other) => speaker.test(other))
  );
}

function isSpelledLikely(place: string, mark: string, rest: string): boolean {
  // In scripts with case, a dateline is in capitals; `Verdict: …` and `Smith: …` are not datelines.
  if (/\p{Lu}|\p{Ll}/u.test(place))
    return !/\p{Ll}/u.test(place) && !hasMoreWords(place, MAX_WORDS_IN_CAPITALS);
  if (hasMoreWords(place, MAX_WORDS_WITHOUT_CASE)) return false;
  return /[:：]/u.test(mark) || rest.includes(place.trim());
}
