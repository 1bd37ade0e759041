import { Lexicon } from './lexicon.ts';
import { sentenceEnds } from './sentences.ts';
import { truncate } from './text.ts';

/**
 * The beginning of `text`, at most `limit` graphemes: whole sentences if they fill a third of that, else whole words
 * followed by `…`. Never splits a grapheme.
 * @param language BCP 47: decides what ends a sentence
 */
export function excerpt(text: string, limit: number, language: string): string {
  const cut = truncate(text, limit);
  if (cut === text) return text;
  const room = cut.length - 1;
  const end =
    sentenceEnds(text.slice(0, room + 40), new Lexicon(language)).findLast((offset) => offset <= room) ?? 0;
  return end >= room / 3 ? text.slice(0, end) : cut;
}
