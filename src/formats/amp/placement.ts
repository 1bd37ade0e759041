import { type Block, blockText } from '../../domain/blocks.ts';
import { countWords } from '../../text/text.ts';

/** How many words a reader has read before, and reads between, what is not the article's own. */
const WORDS_APART = 100;

/**
 * Where in a body something may stand that is not the article's: each number is the block to stand in front of.
 * Only between two paragraphs, so never beside an image, a heading or an embed, and never at either end.
 */
export function placementsIn(body: readonly Block[], language: string): number[] {
  const found: number[] = [];
  let words = 0;
  for (const [index, block] of body.entries()) {
    const before = body[index - 1];
    if (words >= WORDS_APART && before?.type === 'paragraph' && block.type === 'paragraph') {
      found.push(index);
      words = 0;
    }
    words += countWords(blockText(block), language);
  }
  return found;
}
