import { FOLDED, MARK, NOT_COMPARED, SURROGATE, traitsAt, UPPER_CASE, WORD_START } from './characters.ts';
import { toNfc } from './text.ts';

/**
 * What a newsroom's lines are compared by: letters and digits only, without case, joiners, nuktas, and what else
 * their writers leave out or write in two ways.
 */
export function foldLine(text: string): string {
  const line = toNfc(text);
  const folded = foldUnits(line, UPPER_CASE | SURROGATE);
  if (folded !== undefined) return folded;
  const lower = line.toLowerCase();
  return foldUnits(lower, SURROGATE) ?? foldPairs(lower);
}

/** Whether a line folds to `folded`: most long ones differ from it at their beginnings. */
export function foldsTo(line: string, folded: string): boolean {
  const end = line.indexOf(' ', BEGINNING);
  if (end !== -1 && !folded.startsWith(foldLine(line.slice(0, end)))) return false;
  return foldLine(line) === folded;
}

const BEGINNING = 20;

/** Undefined when a character has a trait in `unable`. */
function foldUnits(line: string, unable: number): string | undefined {
  let words = '';
  let start = 0;
  let isParted = false;
  for (let index = 0, { length } = line; index <= length; index += 1) {
    const traits = index < length ? traitsAt(line, index) : 0;
    if ((traits & unable) !== 0) return undefined;
    if ((traits & (WORD_START | MARK)) !== 0 && (traits & FOLDED) === 0) continue;
    const piece = line.slice(start, index) + ((traits & FOLDED) === 0 ? '' : written(line.charAt(index)));
    if (piece !== '') {
      words += isParted && words !== '' ? ` ${piece}` : piece;
      isParted = false;
    }
    if ((traits & FOLDED) === 0) isParted = true;
    start = index + 1;
  }
  return words;
}

const foldPairs = (line: string): string =>
  line
    .replace(NOT_COMPARED, written)
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

/**
 * How a letter or sign is compared that others write otherwise; what else is folded is left out. By script rather
 * than by language: alef with its hamzas, madda and wasla, the yehs and kafs of Arabic and Persian, the nasal signs
 * of Devanagari, Gujarati and Gurmukhi.
 */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ '\u0622': '\u0627', '\u0623': '\u0627', '\u0625': '\u0627', '\u0671': '\u0627' },
  ...{ '\u064A': '\u06CC', '\u0649': '\u06CC', '\u0643': '\u06A9' },
  ...{ '\u0901': '\u0902', '\u0A81': '\u0A82', '\u0A70': '\u0A02' },
};

const written = (folded: string): string => LETTERS[folded] ?? '';
