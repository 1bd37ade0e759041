import { Lexicon } from './lexicon.ts';

/**
 * Marks that end a sentence in any language. They belong to scripts: a danda also ends a sentence in a Hindi text that is
 * declared as English. A language's file adds marks that have other meanings elsewhere (`sentenceEnds`).
 */
export const SENTENCE_MARKS = '\u0964\u0965.?!\u06D4\u061F\u2026\u3002\uFF01\uFF1F\u17D4\u0589\u1362';
/** Quotation marks and brackets that may close after such a mark. */
const CLOSING = '[”’"\'»)\\]]*';

/** Marks of `SENTENCE_MARKS` that may also stand within a sentence, a name or a date, or that ask, exclaim or trail off. */
const NOT_FULL_STOPS = /[.?!\u061F\u2026\uFF01\uFF1F]/gu;

export interface SentenceMarks {
  /** All marks that end a sentence. */
  all: string;
  /** Those that mean nothing else: a danda, but not the full stop of `Nov.` or a question mark. */
  fullStops: string;
}

/** The marks that end a sentence in a language, to be put into a class of a regular expression with the flag `u`. */
export const sentenceMarks = Lexicon.perLanguage(({ locale }): SentenceMarks => {
  const own = (locale.sentenceEnds ?? []).map((mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`).join('');
  return {
    all: SENTENCE_MARKS + own,
    fullStops: SENTENCE_MARKS.replace(NOT_FULL_STOPS, '') + own,
  };
});

const patternsOf = Lexicon.perLanguage((lexicon) => {
  const marks = `[${sentenceMarks(lexicon).all}]`;
  return {
    // Only from the first of several marks: else each of them would be tried.
    within: new RegExp(`(?<!${marks})${marks}+${CLOSING}(?=\\s|$)`, 'gu'),
    atEnd: new RegExp(`${marks}${CLOSING}$`, 'u'),
  };
});
const AT_END = new RegExp(`[${SENTENCE_MARKS}]${CLOSING}$`, 'u');

/** A letter alone, as in initials: `J.`, `U.S.` */
const INITIAL = /^(?:\p{L}\p{M}*\.)*\p{L}\p{M}*$/u;

/** Whether a line ends like a sentence; without a lexicon, by the marks that all languages share. */
export function endsSentence(line: string, lexicon?: Lexicon): boolean {
  const end = line.slice(-8).trimEnd();
  return (lexicon === undefined ? AT_END : patternsOf(lexicon).atEnd).test(end);
}

/**
 * The offsets, in UTF-16 code units, of the ends of the sentences in `text`: after the mark and closing quotation marks.
 * The full stop of an initial or an abbreviation does not end a sentence.
 */
export function sentenceEnds(text: string, lexicon: Lexicon): number[] {
  const ends: number[] = [];
  for (const { 0: mark, index } of text.matchAll(patternsOf(lexicon).within)) {
    const word = /[^\s(“"'‘[]{0,20}$/u.exec(text.slice(Math.max(0, index - 20), index))?.[0] ?? '';
    const isStop = mark.startsWith('.') && !mark.startsWith('..');
    if (isStop && (INITIAL.test(word) || lexicon.has('abbreviations', word))) continue;
    ends.push(index + mark.length);
  }
  return ends;
}
