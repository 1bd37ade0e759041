/** Plain text as Dateline keeps it, and the few questions asked of it. */

import {
  MARK,
  MAY_COMPOSE,
  NEVER_KEPT,
  ODD_SPACES,
  OTHER_SPACE,
  SURROGATE,
  traitsOf,
  UNSPACED,
  UNWANTED,
  WORD_PART,
  WORD_START,
} from './characters.ts';
import { keeping } from './keeping.ts';

// UAX #15 section 13, "Stream-Safe Text Format": nobody writes more than 30 marks on a letter, and normalizing a
// long run of them takes time quadratic in its length.
const MOST_MARKS = 30;
const MARKS_PILED_UP = /(\p{M}{30})\p{M}+/gu;

/** What a text has in it: the traits of its characters, and these of their order. */
const SPACES_IN_A_ROW = 1 << 20;
const PILED_UP = 1 << 21;

function survey(text: string): number {
  let seen = 0;
  let marks = 0;
  let before = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const traits = traitsOf(code);
    seen |= traits;
    if ((traits & (MARK | SURROGATE)) !== 0) {
      // A half may be a mark's: who piles up pairs is looked at closely.
      marks += 1;
      if (marks > MOST_MARKS) seen |= PILED_UP;
    } else marks = 0;
    if (code === 0x20 && before === 0x20) seen |= SPACES_IN_A_ROW;
    before = code;
  }
  return seen;
}

/** The text in NFC, in time linear in its length. */
export function toNfc(text: string): string {
  return composed(text, survey(text));
}

function composed(text: string, seen: number): string {
  if ((seen & (MAY_COMPOSE | SURROGATE)) === 0) return text;
  return ((seen & PILED_UP) === 0 ? text : text.replace(MARKS_PILED_UP, '$1')).normalize('NFC');
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

/** `cleanText` with every run of white space, line ends among it, as one space. */
export function singleSpaced(text: string): string {
  const seen = survey(text);
  const clean = cleaned(text, seen);
  return (seen & (UNWANTED | OTHER_SPACE | SPACES_IN_A_ROW)) === 0 ? clean : clean.replace(/\s+/g, ' ');
}

/** `singleSpaced` without white space at the ends. */
export function oneLine(text: string): string {
  return singleSpaced(text).trim();
}

const graphemesOf = keeping(1, () => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));
const wordsOf = keeping(50, (language) => new Intl.Segmenter(language || undefined, { granularity: 'word' }));

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
  let within = false;
  for (let index = 0; index < text.length; index += 1) {
    const traits = traitsOf(text.charCodeAt(index));
    if ((traits & (UNSPACED | SURROGATE)) !== 0) return countBeyond(text, language);
    if (within) within = (traits & WORD_PART) !== 0;
    else if ((traits & WORD_START) !== 0) {
      count += 1;
      within = true;
    }
  }
  return count;
}

/** Where looking at single code units does not do. */
function countBeyond(text: string, language: string | undefined): number {
  let unspaced = false;
  for (let index = 0; index < text.length && !unspaced; index += 1) {
    unspaced = (traitsOf(text.charCodeAt(index)) & UNSPACED) !== 0;
  }
  if (!unspaced) return text.match(WORD)?.length ?? 0;
  let count = 0;
  for (const part of wordsOf(language ?? '').segment(text)) if (part.isWordLike) count += 1;
  return count;
}
