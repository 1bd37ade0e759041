/** Plain text as Dateline keeps it, and the few questions asked of it. */

// U+00AD soft hyphen, U+FEFF byte-order mark, U+200E/F and U+202A–202E and U+2066–2069 bidi controls, and the
// C0/C1 controls except tab, line feed and carriage return, and the noncharacters, which XML forbids. ZWNJ (U+200C)
// and ZWJ (U+200D) stay: Indian scripts and emoji are spelled with them.
const UNWANTED =
  /[\u00AD\uFEFF\u200E\u200F\u202A-\u202E\u2066-\u2069\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFDD0-\uFDEF\uFFFE\uFFFF]/g;
const ODD_SPACES = /[\u00A0\u202F\u2007]/g;

// UAX #15 section 13, "Stream-Safe Text Format": nobody writes more than 30 marks on a letter, and normalizing a
// long run of them takes time quadratic in its length.
const MARKS_PILED_UP = /(\p{M}{30})\p{M}+/gu;

/** The text in NFC, in time linear in its length. */
export function toNfc(text: string): string {
  return text.replace(MARKS_PILED_UP, '$1').normalize('NFC');
}

/** NFC, well-formed, without invisible troublemakers; no-break spaces become spaces. Line ends are kept. */
export function cleanText(text: string): string {
  return toNfc(text.toWellFormed().replace(UNWANTED, '').replace(ODD_SPACES, ' '));
}

/** `cleanText` on one line: every run of white space is one space, none at the ends. */
export function oneLine(text: string): string {
  return cleanText(text)
    .replace(/[\s\u2028\u2029]+/g, ' ')
    .trim();
}

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(granularity: 'grapheme' | 'word', language?: string): Intl.Segmenter {
  const key = `${granularity} ${language ?? ''}`;
  let made = segmenters.get(key);
  if (made === undefined) {
    made = new Intl.Segmenter(language, { granularity });
    segmenters.set(key, made);
  }
  return made;
}

/**
 * The first `limit` graphemes of `text`, with `…` in place of the rest; cut between words where there is a
 * space in the last third. Never splits a grapheme, so no consonant loses its vowel sign.
 */
export function truncate(text: string, limit: number): string {
  // A grapheme has at least one code unit: a text no longer than the limit needs no segmenting.
  if (text.length <= limit) return text;
  let count = 0;
  let end = 0;
  for (const { index, segment } of segmenter('grapheme').segment(text)) {
    count += 1;
    if (count > limit) break;
    if (count < limit) end = index + segment.length;
  }
  if (count <= limit) return text;
  const space = text.lastIndexOf(' ', end);
  return `${text.slice(0, space > (end * 2) / 3 ? space : end).trimEnd()}…`;
}

// Scripts written without spaces between words, for which only the segmenter's dictionary can count.
const UNSPACED =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
// Alternation rather than one class: a joiner inside a class reads as part of a sequence.
const WORD = /[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}'’_-]|\u200C|\u200D)*/gu;

/** How many words a reader meets, in any script. */
export function countWords(text: string, language?: string): number {
  if (!UNSPACED.test(text)) return text.match(WORD)?.length ?? 0;
  let count = 0;
  for (const part of segmenter('word', language).segment(text)) if (part.isWordLike) count += 1;
  return count;
}
