/**
 * What each UTF-16 code unit is, looked up rather than matched: an article is walked through several times, and a
 * table is read many times as fast as a regular expression with Unicode properties is tried. An entry is made when
 * its character is first met. Halves of surrogate pairs are `SURROGATE` and nothing else.
 */

/** Begins a word: a letter or digit. */
export const WORD_START = 1;
/** Stands within a word: those, marks, joiners, apostrophes, hyphens. */
export const WORD_PART = 1 << 1;
export const LETTER_OR_MARK = 1 << 2;
export const MARK = 1 << 3;
/** White space other than the space itself. */
export const OTHER_SPACE = 1 << 4;
/** What Dateline never keeps in text, or keeps as a space. */
export const UNWANTED = 1 << 5;
export const SURROGATE = 1 << 6;
/** Of a script without spaces between words, for which only a dictionary can count. */
export const UNSPACED = 1 << 7;
/** A letter of a script written from right to left (Unicode Bidi_Class R and AL), or from left to right. */
export const RIGHT_TO_LEFT = 1 << 8;
export const LEFT_TO_RIGHT = 1 << 9;
/** NFC writes it otherwise wherever it stands. */
export const RECOMPOSED = 1 << 10;
/** Has a place of its own among the marks on a letter: NFC may change the order of two in a row. */
export const ORDERED = 1 << 11;
/** May become one with what stands in front of it, which is `COMPOSES_AHEAD` then. */
export const COMPOSES_BACK = 1 << 12;
/** May become one with what stands behind it. */
export const COMPOSES_AHEAD = 1 << 13;
/** Changes in lower case. */
export const UPPER_CASE = 1 << 14;
/** The space itself. */
export const SPACE = 1 << 15;
/** Left out, or written as another letter, where lines are compared. */
export const FOLDED = 1 << 16;
/** That the character was met before: every entry of `TRAITS` but those not made yet has it. */
export const KNOWN = 1 << 17;
const SCRIPT_SHIFT = 18;

// U+00AD soft hyphen, U+FEFF byte-order mark, U+200E/F and U+202A–202E and U+2066–2069 bidi controls, the C0/C1
// controls except tab, line feed and carriage return, and the noncharacters, which XML forbids. ZWNJ (U+200C) and
// ZWJ (U+200D) stay: Indian scripts and emoji are spelled with them.
export const NEVER_KEPT =
  /[\u00AD\uFEFF\u200E\u200F\u202A-\u202E\u2066-\u2069\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFDD0-\uFDEF\uFFFE\uFFFF]/g;
export const ODD_SPACES = /[\u00A0\u202F\u2007]/g;

// By script, whatever the language: joiners; what writers leave out at will: the nuktas of Devanagari, Bengali,
// Gurmukhi, Gujarati and Oriya, the addak of Gurmukhi, Arabic's vowel signs and hamzas on alef; the tatweel, which only
// stretches a word; apostrophes, of which there are several; what is written in two ways: a nasal vowel's sign in
// Devanagari, Gujarati and Gurmukhi, and letters of Arabic that Urdu and Persian write otherwise, or Cairo does.
export const NOT_COMPARED =
  /\u200C|\u200D|[\u064B-\u0652\u0670]|[\u093C\u09BC\u0A3C\u0ABC\u0B3C\u0901\u0A81\u0A70\u0A71\u0640'’\u0622\u0623\u0625\u0671\u064A\u0649\u0643]/gu;

/** Scripts, by whose number `scriptOf` tells one; 0 is any other, or none. */
export const SCRIPTS = [
  undefined,
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Oriya',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Sinhala',
  'Arabic',
  'Hebrew',
  'Thai',
  'Hangul',
  'Hiragana',
  'Katakana',
  'Han',
  'Cyrillic',
  'Greek',
  'Latin',
] as const;

export type Script = Exclude<(typeof SCRIPTS)[number], undefined>;

const scriptPatterns = SCRIPTS.map((name) =>
  name === undefined ? undefined : new RegExp(`\\p{Script=${name}}`, 'u'),
);

/** In a class of a regular expression: the scripts without spaces between words. */
export const UNSPACED_SCRIPTS = ['Thai', 'Lao', 'Khmer', 'Myanmar', 'Han', 'Hiragana', 'Katakana']
  .map((name) => `\\p{Script=${name}}`)
  .join('');

const CLASSES: readonly (readonly [trait: number, members: RegExp])[] = [
  [WORD_START, /[\p{L}\p{N}]/u],
  // Alternation rather than one class: a joiner inside a class reads as part of a sequence.
  [WORD_PART, /[\p{L}\p{M}\p{N}'’_-]|\u200C|\u200D/u],
  [LETTER_OR_MARK, /[\p{L}\p{M}]/u],
  [MARK, /\p{M}/u],
  [OTHER_SPACE, /[^\S ]/u],
  [UNWANTED, new RegExp(`${NEVER_KEPT.source}|${ODD_SPACES.source}`)],
  [UNSPACED, new RegExp(`[${UNSPACED_SCRIPTS}]`, 'u')],
  [
    RIGHT_TO_LEFT,
    /[\u05D0-\u05F2\u0620-\u064A\u066E-\u06D3\u06D5\u06EE\u06EF\u06FA-\u07EA\u0800-\u08C7\uFB1D-\uFDFC\uFE70-\uFEFC]/,
  ],
  [LEFT_TO_RIGHT, /[A-Za-z\u00C0-\u02B8\u0370-\u0589\u0900-\u1FFF\u2C00-\uD7FF\uF900-\uFAFF]/],
  [
    COMPOSES_BACK,
    /[\u0300-\u0345\u0653-\u0655\u093C\u09BE\u09D7\u0B3E\u0B56\u0B57\u0BBE\u0BD7\u0C56\u0CC2\u0CD5\u0CD6\u0D3E\u0D57\u0DCA\u0DCF\u0DDF\u102E\u1161-\u1175\u11A8-\u11C2\u1B35\u3099\u309A]/,
  ],
  // Elsewhere than in India nothing is gained by telling which do.
  [
    COMPOSES_AHEAD,
    /[^\u0900-\u0DFF]|[\u0928\u0930\u0933\u09C7\u0B47\u0B92\u0BC6\u0BC7\u0C46\u0CBF\u0CC6\u0CCA\u0D46\u0D47\u0DD9\u0DDC]/,
  ],
  [UPPER_CASE, /\p{Changes_When_Lowercased}/u],
  [SPACE, / /],
  [FOLDED, new RegExp(NOT_COMPARED.source, 'u')],
];

/** The traits, or'ed, of each code unit met before; 0 for any other. */
export const TRAITS = new Int32Array(65_536);

const { charCodeAt } = String.prototype;

/**
 * `text.charCodeAt(index)`, which would be looked up for every character again: engines keep strings in more shapes
 * (flat, sliced, of one or two bytes) than they remember at one place.
 */
export const codeUnitAt = (text: string, index: number): number => charCodeAt.call(text, index);

export function traitsAt(text: string, index: number): number {
  const codeUnit = codeUnitAt(text, index);
  return TRAITS[codeUnit] || learn(codeUnit);
}

/** Makes the entries of all characters of a text, for who has found in `TRAITS` that some are not known. */
export function meet(text: string): void {
  for (let index = 0; index < text.length; index += 1) traitsAt(text, index);
}

/** The number in `SCRIPTS` of the script that traits tell. */
export const scriptIn = (traits: number): number => traits >>> SCRIPT_SHIFT;

function learn(codeUnit: number): number {
  let traits = KNOWN;
  if (codeUnit >= 0xd800 && codeUnit < 0xe000) traits |= SURROGATE;
  else {
    const character = String.fromCharCode(codeUnit);
    for (const [trait, members] of CLASSES) if (members.test(character)) traits |= trait;
    if (character.normalize('NFC') !== character) traits |= RECOMPOSED;
    if (isOrdered(character)) traits |= ORDERED;
    const script = scriptPatterns.findIndex((pattern) => pattern?.test(character));
    if (script > 0) traits |= script << SCRIPT_SHIFT;
  }
  TRAITS[codeUnit] = traits;
  return traits;
}

/** Whether a character has a canonical combining class: with any but the highest, U+0345's, it moves in front of that. */
function isOrdered(character: string): boolean {
  return character === '\u0345' || !`\u0345${character}`.normalize('NFD').startsWith('\u0345');
}
