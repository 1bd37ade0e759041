/** How often each word occurs in a text, folded so that punctuation and case do not count. */

import { foldLine } from '../../text/fold-line.ts';
import { UNSPACED_SCRIPTS } from '../../text/text.ts';

// In scripts without spaces between words each letter counts instead, which is as informative.
const UNSPACED = new RegExp(`[${UNSPACED_SCRIPTS}]`, 'gu');

export type WordCounts = ReadonlyMap<string, number>;

export function wordCounts(text: string): WordCounts {
  const counts = new Map<string, number>();
  for (const word of foldLine(text).replace(UNSPACED, ' $& ').split(' ')) {
    if (word !== '') counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** The total number of words. */
export function countOf(words: WordCounts): number {
  let count = 0;
  for (const times of words.values()) count += times;
  return count;
}

/** The share of `part`'s words, 0 to 1, that `whole` has as often. */
export function shareOf(part: WordCounts, whole: WordCounts): number {
  let shared = 0;
  for (const [word, times] of part) shared += Math.min(times, whole.get(word) ?? 0);
  return shared / (countOf(part) || 1);
}
