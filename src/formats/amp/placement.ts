import { type Block, blockText } from '../../domain/blocks.ts';
import { countWordsOfEach } from '../../text/text.ts';

/** The words before the first insertion, and between insertions, of content that is not the article's own. */
const WORDS_APART = 100;

/**
 * Where content that is not the article's may be inserted in a body: each number is the block that it precedes. Only
 * between two paragraphs, so never beside an image, a heading or an embed, and never at either end.
 */
export function placementsIn(body: readonly Block[], language: string): number[] {
  const found: number[] = [];
  const counts = countWordsOfEach(body.map(blockText), language);
  let words = 0;
  for (const [index, block] of body.entries()) {
    const before = body[index - 1];
    if (words >= WORDS_APART && before?.type === 'paragraph' && block.type === 'paragraph') {
      found.push(index);
      words = 0;
    }
    words += counts[index] ?? 0;
  }
  return found;
}
