/** Plain text as Dateline keeps it, and the few questions asked of it. */

import {
  COMPOSES_AHEAD,
  COMPOSES_BACK,
  codeUnitAt,
  KNOWN,
  MARK,
  meet,
  NEVER_KEPT,
  ODD_SPACES,
  ORDERED,
  OTHER_SPACE,
  RECOMPOSED,
  SPACE,
  SURROGATE,
  TRAITS,
  traitsAt,
  UNSPACED,
  UNWANTED,
  WORD_PART,
  WORD_START,
} from './characters.ts';
import { memoize } from './memoize.ts';

// UAX #15 section 13, "Stream-Safe Text Format": nobody writes more than 30 marks on a letter, and normalizing a
// long run of them takes time quadratic in its length.
const MAX_MARKS = 30;
const MARKS_PILED_UP = /(\p{M}{30})\p{M}+/gu;

/** What a text has in it: the traits of its characters, and these of their order. */
const SPACES_IN_A_ROW = 1 << 24;
const MAY_CHANGE_IN_NFC = 1 << 25;
const MARKS_IN_A_ROW = 1 << 26;

function survey(text: string): number {
  let seen = 0;
  let twice = 0;
  let thrice = 0;
  let composing = 0;
  let before = 0;
  let shared = 0;
  let known = KNOWN;
  for (let index = 0, { length } = text; index < length; index += 1) {
    const traits = TRAITS[codeUnitAt(text, index)] as number;
    const alike = traits & before;
    known &= traits;
    seen |= traits;
    twice |= alike;
    thrice |= alike & shared;
    composing |= traits & (before >> AHEAD_TO_BACK);
    shared = alike;
    before = traits;
  }
  // Asked once, for asking at every character would take half as long again.
  if (known === 0) {
    meet(text);
    return survey(text);
  }
  let order = 0;
  if ((twice & SPACE) !== 0) order |= SPACES_IN_A_ROW;
  if (((seen & (RECOMPOSED | SURROGATE)) | (twice & ORDERED) | (composing & COMPOSES_BACK)) !== 0)
    order |= MAY_CHANGE_IN_NFC;
  // A half may be a mark's: where there are pairs, marks are counted.
  if (((thrice & MARK) | (seen & SURROGATE)) !== 0) order |= MARKS_IN_A_ROW;
  return seen | order;
}

const AHEAD_TO_BACK = Math.log2(COMPOSES_AHEAD / COMPOSES_BACK);

/** The text in NFC, in time linear in its length. */
export function toNfc(text: string): string {
  return composed(text, survey(text));
}

function composed(text: string, seen: number): string {
  if ((seen & (MAY_CHANGE_IN_NFC | MARKS_IN_A_ROW)) === 0) return text;
  const written =
    (seen & MARKS_IN_A_ROW) !== 0 && arePiledUp(text) ? text.replace(MARKS_PILED_UP, '$1') : text;
  return (seen & MAY_CHANGE_IN_NFC) === 0 ? written : written.normalize('NFC');
}

/** Whether there may be more marks in a row than are kept. */
function arePiledUp(text: string): boolean {
  let marks = 0;
  for (let index = 0, { length } = text; index < length; index += 1) {
    marks = (traitsAt(text, index) & (MARK | SURROGATE)) === 0 ? 0 : marks + 1;
    if (marks > MAX_MARKS) return true;
  }
  return false;
}

/** NFC, well-formed, without invisible troublemakers; no-break spaces become spaces. Line ends are kept. */
export function cleanText(text: string): string {
  return cleaned(text, survey(text));
}

function cleaned(text: string, seen: number): string {
  if ((seen & (UNWANTED | SURROGATE)) === 0) return composed(text, seen);
  // What is taken away may have kept marks apart.
  return toNfc(text.toWellFormed().replace(NEVER_KEPT, '').replace(ODD_SPACES, ' '));
}

// What is not a single space nor a character that stays as it is whatever stands beside it. Nearly all text in Latin
// letters has none, which is found out in half the time of a survey; for other scripts the ranges would be too many.
const MAY_CHANGE = /[^ -~\u00A1-\u00AC\u00AE-\u024F\u2010-\u2027]| {2}/;

/** `cleanText` with every run of white space, line ends among it, as one space. */
export function singleSpaced(text: string): string {
  if (!MAY_CHANGE.test(text)) return text;
  const seen = survey(text);
  const clean = cleaned(text, seen);
  return (seen & (UNWANTED | OTHER_SPACE | SPACES_IN_A_ROW)) === 0 ? clean : clean.replace(/\s+/g, ' ');
}

/** `singleSpaced` without white space at the ends. */
export function oneLine(text: string): string {
  return singleSpaced(text).trim();
}

const graphemesOf = memoize(1, () => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));
const wordsOf = memoize(50, (language) => new Intl.Segmenter(language || undefined, { granularity: 'word' }));

/**
 * The first `limit` graphemes of `text`, with `…` in place of the rest; cut between words where there is a
 * space in the last third. Never splits a grapheme, so no consonant loses its vowel sign.
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

const WORD = /[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}'’_-]|\u200C|\u200D)*/gu;

/** How many words a reader meets, in any script. */
export function countWords(text: string, language?: string): number {
  let count = 0;
  let within = 0;
  let seen = 0;
  let known = KNOWN;
  for (let index = 0, { length } = text; index < length; index += 1) {
    const traits = TRAITS[codeUnitAt(text, index)] as number;
    // Without branches, which letters and spaces make a processor guess wrong at every word.
    count += traits & WORD_START & ~within;
    within = (traits >> PART_TO_START) & (within | traits);
    known &= traits;
    seen |= traits;
  }
  if (known === 0) {
    meet(text);
    return countWords(text, language);
  }
  return (seen & (UNSPACED | SURROGATE)) === 0 ? count : countBeyond(text, seen, language);
}

const PART_TO_START = Math.log2(WORD_PART / WORD_START);

/** Where looking at single code units does not do. */
function countBeyond(text: string, seen: number, language: string | undefined): number {
  if ((seen & UNSPACED) === 0) return text.match(WORD)?.length ?? 0;
  let count = 0;
  for (const part of wordsOf(language ?? '').segment(text)) if (part.isWordLike) count += 1;
  return count;
}
