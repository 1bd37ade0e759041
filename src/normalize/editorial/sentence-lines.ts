import type { Lexicon } from '../../text/lexicon.ts';
import { sentenceEnds } from '../../text/sentences.ts';
import { countWords } from '../../text/text.ts';

// Ends of sentences in the scripts we know, with the quotation marks and brackets that may close behind them.
const ENDS = /(?:[।॥.?!۔؟…]|[。！？]|[။។։።])[”’"'»)\]]*$/u;

/** Whether a line ends as a sentence does. */
export function endsSentence(line: string): boolean {
  return ENDS.test(line.slice(-8).trimEnd());
}

/** How many sentences a text has; the full stops of abbreviations and initials do not end one. */
export function countSentences(text: string, lexicon: Lexicon): number {
  const end = text.trimEnd().length;
  const inner = sentenceEnds(text, (word) => lexicon.has('abbreviations', word));
  return 1 + inner.filter((offset) => offset < end).length;
}

// Thai and Lao end no sentence with a sign: there, length alone tells one from a title.
const UNSIGNED = /[\p{Script=Thai}\p{Script=Lao}][”’"'»)\]]*$/u;
const MIN_UNSIGNED_WORDS = 25;

/** A line that carries the story: a whole sentence of some length. */
export function isStory(line: string): boolean {
  if (endsSentence(line)) return countWords(line) >= 10;
  return UNSIGNED.test(line.slice(-8).trimEnd()) && countWords(line) >= MIN_UNSIGNED_WORDS;
}
