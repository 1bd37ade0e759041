import { LIMITS } from '../../domain/draft.ts';
import { escapeRegExp, frameWords, type Lexicon, onceForAll } from '../../text/lexicon.ts';
import { endsSentence } from '../../text/sentences.ts';
import { countWords } from '../../text/text.ts';
import { isLabel } from './tidy.ts';

/** The most words of a caption; a summary or the first paragraph may have more. */
export const MAX_CAPTION_WORDS = 40;

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
  text.length < 200 &&
  /^[^>›»/]{1,40}(?:\s*[>›»]\s*|\s+\/\s+)[^>›»]/u.test(text) &&
  !endsSentence(text, lexicon);

/** A line with a time and perhaps an author: `Updated: 22 Nov 2026, 10:30 IST`, `By … | Published: …`. */
export function isStamp(text: string, lexicon: Lexicon): boolean {
  if (saysWhen(text, lexicon)) return true;
  if (text.length > MAX_LINE_LENGTH) return false;
  const parts = partsOf(text);
  const isAbout = (part: string) =>
    saysWhen(part, lexicon) || byline(part, lexicon) !== undefined || countWords(part) <= MAX_SCRAP;
  return (
    parts.length > 1 &&
    !endsSentence(text, lexicon) &&
    parts.some((part) => saysWhen(part, lexicon)) &&
    parts.every(isAbout)
  );
}

/** The most words of a line with author and time: a longer line belongs to the article. */
const MAX_LINE_LENGTH = 200;

/** The most words beside a date: a place, a desk or a reading time. */
const MAX_SCRAP = 4;

/** The parts of a line before an article. */
export const partsOf = (text: string): string[] => text.split(/\s+[|–—•·-]\s+/u);

function saysWhen(text: string, lexicon: Lexicon): boolean {
  if (text.length > 120 || !/\p{Nd}/u.test(text) || endsSentence(text, lexicon)) return false;
  const holdsMonth = text.split(/[\s,]+/).some((word) => lexicon.has('months', word));
  const holdsTime = /\p{Nd}{1,2}[:.]\p{Nd}{2}|\p{Nd}{1,4}[-/]\p{Nd}{1,2}[-/]\p{Nd}{2,4}/u.test(text);
  if (lexicon.restAfter('stamps', text) !== undefined || lexicon.opens('stamps', text))
    return holdsMonth || holdsTime;
  return holdsMonth && countWords(text) <= 8 && /\p{Nd}{4}/u.test(text);
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
      `^(?:${byOrFrom.join('|') || '(?!)'})\\s+(?=(?:(?:${name})(?:,?\\s+|$)){2,6}$)`,
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
  return name !== '' && countWords(name) <= 6 && !/\p{Nd}/u.test(name) ? name : undefined;
}

/** Whether a line is a picture's caption: it names the kind of picture or its source, or ends with that in brackets. */
export function isCaption(text: string, lexicon: Lexicon): boolean {
  if (lexicon.has('captions', text)) return true;
  if (countWords(text) > MAX_CAPTION_WORDS) return false;
  if (lexicon.restAfter('pictureCredits', text) !== undefined) return true;
  const bracket = /[([|]([^()[\]|]{2,60})[)\]]?[.।]?$/u.exec(text)?.[1] ?? '';
  if (lexicon.opens('captions', bracket)) return true;
  const last = /[.।۔|/–—]\s*([^.।۔|/–—]{2,60})[.।۔]?$/u.exec(text)?.[1] ?? '';
  return [bracket, last].some(
    (end) =>
      lexicon.has('captions', end) ||
      lexicon.restAfter('pictureCredits', end) !== undefined ||
      /^(?:©|ⓒ)/u.test(end),
  );
}
