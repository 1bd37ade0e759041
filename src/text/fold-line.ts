import { toNfc } from './text.ts';

// By script, whatever the language: joiners; what writers omit at will: the nuktas of Devanagari, Bengali, Gurmukhi,
// Gujarati and Oriya, the addak of Gurmukhi, Arabic vowel signs; the tatweel, which only stretches a word;
// apostrophes, of which there are several; and what is written in two ways: the sign of a nasal vowel in Devanagari,
// Gujarati and Gurmukhi, hamzas on alef, and Arabic letters that are written differently in Urdu, Persian or Cairo.
const NOT_COMPARED =
  /\u200C|\u200D|[\u064B-\u0652\u0670]|[\u093C\u09BC\u0A3C\u0ABC\u0B3C\u0901\u0A81\u0A70\u0A71\u0640'’\u0622\u0623\u0625\u0671\u064A\u0649\u0643]/gu;

/**
 * How letters and signs that are written in two ways are compared: alef with its hamzas, madda and wasla, the yehs and
 * kafs of Arabic and Persian, the nasal signs of Devanagari, Gujarati and Gurmukhi. The rest of `NOT_COMPARED` is
 * removed.
 */
const COMPARED_AS: Readonly<Record<string, string>> = {
  ...{ '\u0622': '\u0627', '\u0623': '\u0627', '\u0625': '\u0627', '\u0671': '\u0627' },
  ...{ '\u064A': '\u06CC', '\u0649': '\u06CC', '\u0643': '\u06A9' },
  ...{ '\u0901': '\u0902', '\u0A81': '\u0A82', '\u0A70': '\u0A02' },
};

// What separates words, except spaces: a match for each of those would take most of the time.
const SEPARATORS = /[^\p{L}\p{M}\p{N} ]+/gu;

/**
 * The form in which lines of newsrooms are compared: letters, marks and digits in lower case, with single spaces between
 * words, without joiners, nuktas and whatever else writers omit or write in two ways.
 */
export function foldLine(text: string): string {
  return toNfc(text)
    .toLowerCase()
    .replace(NOT_COMPARED, (sign) => COMPARED_AS[sign] ?? '')
    .replace(SEPARATORS, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

const BEGINNING = 20;

/** Whether a line folds to `folded`. Most long lines differ at their beginnings, which is seen without folding them. */
export function foldsTo(line: string, folded: string): boolean {
  const end = line.indexOf(' ', BEGINNING);
  if (end !== -1 && !folded.startsWith(foldLine(line.slice(0, end)))) return false;
  return foldLine(line) === folded;
}
