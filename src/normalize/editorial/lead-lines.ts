import { LIMITS } from '../../domain/draft.ts';
import { escapeRegExp, frameWords, Lexicon, onceForAll } from '../../text/lexicon.ts';
import { endsSentence, sentenceMarks } from '../../text/sentences.ts';
import { hasMoreWords } from '../../text/text.ts';
import { isLabel } from './tidy.ts';

/** The most words of a caption; a summary or the first paragraph may have more. */
export const MAX_CAPTION_WORDS = 40;

/** In UTF-16 code units. A longer line is no breadcrumb and no stamp with an author: it belongs to the article. */
const MAX_LINE_LENGTH = 200;
/** In UTF-16 code units. A longer line does not only say when the article was published. */
const MAX_DATE_LENGTH = 120;
/** A line with a month and a year and more words than a written date with its weekday and time is not only a date. */
const MAX_DATE_WORDS = 8;
/** More words beside a date are not a place, a desk or a reading time. */
const MAX_WORDS_BESIDE_DATE = 4;
/** More words after "By" are not the name of an author or of a desk. */
const MAX_BYLINE_WORDS = 6;

/** Whether a line before an article is not about it. */
export function isLeadBoilerplate(text: string, lexicon: Lexicon): boolean {
  return (
    isLabel(text, lexicon, true) ||
    isBreadcrumb(text, lexicon) ||
    isStamp(text, lexicon) ||
    byline(text, lexicon) !== undefined
  );
}

/** `Home > News > India`. */
export const isBreadcrumb = (text: string, lexicon: Lexicon): boolean =>
  text.length <= MAX_LINE_LENGTH &&
  /^[^>›»/]{1,40}(?:\s*[>›»]\s*|\s+\/\s+)[^>›»]/u.test(text) &&
  !endsSentence(text, lexicon);

/** A line with a time and perhaps an author: `Updated: 22 Nov 2026, 10:30 IST`, `By … | Published: …`. */
export function isStamp(text: string, lexicon: Lexicon): boolean {
  if (saysWhen(text, lexicon)) return true;
  if (text.length > MAX_LINE_LENGTH) return false;
  const parts = partsOf(text);
  const isAbout = (part: string) =>
    saysWhen(part, lexicon) ||
    byline(part, lexicon) !== undefined ||
    !hasMoreWords(part, MAX_WORDS_BESIDE_DATE);
  return (
    parts.length > 1 &&
    !endsSentence(text, lexicon) &&
    parts.some((part) => saysWhen(part, lexicon)) &&
    parts.every(isAbout)
  );
}

/** The parts of a line before an article. */
export const partsOf = (text: string): string[] => text.split(/(?<!\s)\s+[|–—•·-]\s+/u);

function saysWhen(text: string, lexicon: Lexicon): boolean {
  if (text.length > MAX_DATE_LENGTH || !/\p{Nd}/u.test(text) || endsSentence(text, lexicon)) return false;
  const holdsMonth = text.split(/[\s,]+/).some((word) => lexicon.has('months', word));
  const holdsTime = /\p{Nd}{1,2}[:.]\p{Nd}{2}|\p{Nd}{1,4}[-/]\p{Nd}{1,2}[-/]\p{Nd}{2,4}/u.test(text);
  if (lexicon.restAfter('stamps', text) !== undefined || lexicon.opens('stamps', text))
    return holdsMonth || holdsTime;
  return holdsMonth && !hasMoreWords(text, MAX_DATE_WORDS) && /\p{Nd}{4}/u.test(text);
}

/**
 * "By" before an author's name. In some languages it also means "from": there, only names may follow.
 */
const openings = onceForAll(() => {
  const by = frameWords('by').map(escapeRegExp).join('|') || '(?!)';
  const byOrFrom = frameWords('byOrFrom').flatMap((word) => [word, word.toUpperCase()].map(escapeRegExp));
  const name = ["\\p{Lu}[\\p{L}\\p{M}.'’-]*", ...frameWords('nameParticles').map(escapeRegExp)].join('|');
  return {
    by: new RegExp(`^(?:${by})\\s+(?=\\p{L})`, 'iu'),
    byOrFrom: new RegExp(
      `^(?:${byOrFrom.join('|') || '(?!)'})\\s+(?=(?:(?:${name})(?:,?\\s+|$)){2,${MAX_BYLINE_WORDS}}$)`,
      'u',
    ),
  };
});

/** The author that a line names: `By …`, `Author: …`. */
export function byline(text: string, lexicon: Lexicon): string | undefined {
  if (text.length > LIMITS.name || endsSentence(text, lexicon)) return undefined;
  const { by, byOrFrom } = openings();
  const opening = by.exec(text) ?? byOrFrom.exec(text);
  const rest = lexicon.restAfter('bylines', text) ?? opening?.[0].length;
  const name = rest === undefined ? '' : text.slice(rest).trim();
  return name !== '' && !hasMoreWords(name, MAX_BYLINE_WORDS) && !/\p{Nd}/u.test(name) ? name : undefined;
}

/** The end of a caption that may name the kind of picture or its source: in brackets, or after a mark or dash. */
const captionEndsOf = Lexicon.perLanguage((lexicon) => {
  const marks = sentenceMarks(lexicon).all;
  return {
    bracket: new RegExp(`[([|\uFF08]([^()[\\]|\uFF08\uFF09]{2,60})[)\\]\uFF09]?[${marks}]?$`, 'u'),
    last: new RegExp(`[${marks}|/–—]\\s?([^${marks}|/–—]{2,60})[${marks}]?$`, 'u'),
  };
});

/** Whether a line is a picture's caption: it names the kind of picture or its source, or ends with that in brackets. */
export function isCaption(text: string, lexicon: Lexicon): boolean {
  if (lexicon.has('captions', text)) return true;
  if (hasMoreWords(text, MAX_CAPTION_WORDS)) return false;
  if (lexicon.restAfter('pictureCredits', text) !== undefined) return true;
  const ends = captionEndsOf(lexicon);
  const bracket = ends.bracket.exec(text)?.[1] ?? '';
  if (lexicon.opens('captions', bracket)) return true;
  const last = ends.last.exec(text)?.[1] ?? '';
  return [bracket, last].some(
    (end) =>
      lexicon.has('captions', end) ||
      lexicon.restAfter('pictureCredits', end) !== undefined ||
      /^(?:©|ⓒ)/u.test(end),
  );
}
