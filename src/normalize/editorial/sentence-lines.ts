import type { Lexicon } from '../../text/lexicon.ts';
import { endsSentence, sentenceEnds } from '../../text/sentences.ts';
import { hasMoreWords } from '../../text/text.ts';

/** The number of sentences in a text; the full stops of abbreviations and initials do not end one. */
export function countSentences(text: string, lexicon: Lexicon): number {
  const end = text.trimEnd().length;
  const inner = sentenceEnds(text, lexicon);
  return 1 + inner.filter((offset) => offset < end).length;
}

// Thai and Lao have no sign at the end of a sentence: there, only length distinguishes one from a title.
const UNSIGNED = /[\p{Script=Thai}\p{Script=Lao}][”’"'»)\]]*$/u;
const MIN_UNSIGNED_WORDS = 25;
/** A sentence of fewer words may be a caption, a prompt or a teaser. */
const MIN_STORY_WORDS = 10;

/** Whether a line belongs to the story: a whole sentence of some length. */
export function isStory(line: string, lexicon?: Lexicon): boolean {
  if (endsSentence(line, lexicon)) return hasMoreWords(line, MIN_STORY_WORDS - 1);
  return UNSIGNED.test(line.slice(-8).trimEnd()) && hasMoreWords(line, MIN_UNSIGNED_WORDS - 1);
}
