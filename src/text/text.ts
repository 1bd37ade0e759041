/** Plain text as Dateline keeps it: cleaning it, cutting it, counting its words. */

import { memoize } from '../memoize.ts';

// U+00AD soft hyphen, U+FEFF byte-order mark, U+200E/F and U+202A–202E and U+2066–2069 bidi controls, the C0/C1
// controls except tab, line feed and carriage return, and the noncharacters, which XML forbids. ZWNJ (U+200C) and
// ZWJ (U+200D) stay: Indian scripts and emoji are spelled with them.
const NEVER_KEPT =
  /[\u00AD\uFEFF\u200E\u200F\u202A-\u202E\u2066-\u2069\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFDD0-\uFDEF\uFFFE\uFFFF]/g;
const NO_BREAK_SPACES = /[\u00A0\u202F\u2007]/g;

// UAX #15 section 13, "Stream-Safe Text Format": no language writes more than 30 marks on a letter, and normalizing a
// long run of them takes time quadratic in its length. Only a long word can have more; looking for one first makes
// cleaning Indic text three times as fast.
const LONG_WORD = /(?:^| )[^ ]{31}/;
const EXCESS_MARKS = /(\p{M}{30})\p{M}+/gu;

/** The text in NFC, with at most 30 marks on a letter, in time linear in its length. */
export function toNfc(text: string): string {
  return (LONG_WORD.test(text) ? text.replace(EXCESS_MARKS, '$1') : text).normalize('NFC');
}

/**
 * The text in NFC, well-formed, without invisible control characters; no-break spaces become spaces. Line ends stay.
 */
export function cleanText(text: string): string {
  return toNfc(text.toWellFormed().replace(NEVER_KEPT, '').replace(NO_BREAK_SPACES, ' '));
}

// Not single spaces: replacing each with itself would cost more than the rest of cleaning.
const WHITE_SPACE = /\s{2,}|[^\S ]/g;

// Matches unless a text consists of single spaces and characters that never change, whatever is beside them: nearly all
// text in Latin letters does.
const MAY_CHANGE = /[^ -~\u00A1-\u00AC\u00AE-\u024F\u2010-\u2027]| {2}/;

/** `cleanText` with every run of white space, line ends included, as one space. */
export function singleSpaced(text: string): string {
  if (!MAY_CHANGE.test(text)) return text;
  return cleanText(text).replace(WHITE_SPACE, ' ');
}

/** `singleSpaced` without white space at the ends. */
export function oneLine(text: string): string {
  return singleSpaced(text).trim();
}

const graphemesOf = memoize(1, () => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));
const wordsOf = memoize(50, (language) => new Intl.Segmenter(language || undefined, { granularity: 'word' }));

/**
 * The first `limit` graphemes of `text`, with `…` in place of the rest. Cuts between words if there is a space in the
 * last third. Never splits a grapheme, so no consonant loses its vowel sign.
 */
export function truncate(text: string, limit: number): string {
  // A grapheme has at least one code unit: a text no longer than the limit needs no segmenting.
  if (text.length <= limit) return text;
  let count = 0;
  let end = 0;
  for (const { index, segment } of graphemesOf('').segment(text)) {
    count += 1;
    if (count > limit) break;
    if (count < limit) end = index + segment.length;
  }
  if (count <= limit) return text;
  const space = text.lastIndexOf(' ', end);
  return `${text.slice(0, space > (end * 2) / 3 ? space : end).trimEnd()}…`;
}

// Alternation rather than one class: a joiner inside a class reads as part of a sequence.
const WORD = /[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}'’_-]|\u200C|\u200D)*/gu;

/** In a class of a regular expression: the scripts without spaces between words. Only a dictionary can count theirs. */
export const UNSPACED_SCRIPTS = ['Thai', 'Lao', 'Khmer', 'Myanmar', 'Han', 'Hiragana', 'Katakana']
  .map((name) => `\\p{Script=${name}}`)
  .join('');
const UNSPACED = new RegExp(`[${UNSPACED_SCRIPTS}]`, 'u');

/** How often `part` is in a text, from an index on. Allocates nothing. */
export function occurrencesOf(part: string, text: string, from = 0): number {
  let count = 0;
  for (let at = text.indexOf(part, from); at >= 0; at = text.indexOf(part, at + part.length)) count += 1;
  return count;
}

/** Counts the words of a text in any script. `language` chooses the dictionary for scripts without spaces. */
export function countWords(text: string, language?: string): number {
  if (!UNSPACED.test(text)) return text.match(WORD)?.length ?? 0;
  let count = 0;
  for (const part of wordsOf(language ?? '').segment(text)) if (part.isWordLike) count += 1;
  return count;
}

/** The words of many lines together. */
export const countWordsOf = (lines: Iterable<string>, language?: string): number =>
  countWordsOfEach([...lines], language).reduce((sum, count) => sum + count, 0);

/**
 * The words of each of many lines. A dictionary costs more for each text than for its words, so the lines that need one
 * are read as one text; no word continues behind a line's end.
 */
export function countWordsOfEach(lines: readonly string[], language?: string): number[] {
  const counts: number[] = [];
  /** The lines that need a dictionary, each with its end in their joined text. */
  const unspaced: { at: number; end: number }[] = [];
  let joined = '';
  for (const [at, line] of lines.entries()) {
    const needsDictionary = UNSPACED.test(line);
    counts.push(needsDictionary ? 0 : countWords(line));
    if (!needsDictionary) continue;
    joined += `${line}\n`;
    unspaced.push({ at, end: joined.length });
  }
  if (joined === '') return counts;
  let current = 0;
  for (const { index, isWordLike } of wordsOf(language ?? '').segment(joined)) {
    while (index >= (unspaced[current]?.end ?? Number.POSITIVE_INFINITY)) current += 1;
    const at = unspaced[current]?.at;
    if (isWordLike && at !== undefined) counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

/** Whether a text has more than `limit` words. Cheaper than counting them: a text of fewer characters cannot. */
export function hasMoreWords(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  if (!UNSPACED.test(text)) return countWords(text) > limit;
  let count = 0;
  for (const { isWordLike } of wordsOf('').segment(text)) {
    if (isWordLike) count += 1;
    if (count > limit) return true;
  }
  return false;
}
