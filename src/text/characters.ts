/**
 * The script of each UTF-16 code unit and whether it is a letter, looked up in a table for language guessing. An entry
 * is made when its character is first met. Halves of surrogate pairs have neither.
 */

export const LETTER_OR_MARK = 1;
/** Every entry of `TRAITS` has it, except those not made yet. */
export const KNOWN = 1 << 1;
const SCRIPT_SHIFT = 2;

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

/** The traits of each code unit met before; 0 for any other. */
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
  const character = String.fromCharCode(codeUnit);
  const script = scriptPatterns.findIndex((pattern) => pattern?.test(character));
  const traits =
    KNOWN | (/[\p{L}\p{M}]/u.test(character) ? LETTER_OR_MARK : 0) | (Math.max(script, 0) << SCRIPT_SHIFT);
  TRAITS[codeUnit] = traits;
  return traits;
}
