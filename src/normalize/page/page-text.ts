import { type Block, blockText } from '../../domain/blocks.ts';
import type { Lexicon } from '../../text/lexicon.ts';
import { endsSentence } from '../../text/sentences.ts';
import { hasMoreWords } from '../../text/text.ts';
import { isStory } from '../editorial/sentence-lines.ts';
import { isLabel } from '../editorial/tidy.ts';
import { bulletOf } from '../html/bullets.ts';
import { append } from '../html/flow.ts';
import { itemLines, lineToBlocks, textParagraphs } from '../plain-text.ts';
import { MAX_HEADING_LENGTH, MAX_HEADING_WORDS, MIN_LINE_TO_HEADING_RATIO } from '../thresholds.ts';

/** A page's plain text as paragraphs and headings. Keeps every line in order, including boilerplate. */
export function pageTextToBlocks(text: string, lexicon: Lexicon): Block[] {
  return textParagraphs(text).flatMap((lines) => {
    const blocks: Block[] = [];
    let wrapped: string[] = [];
    const flush = () => {
      append(blocks, itemLines(wrapped).flatMap(lineToBlocks));
      wrapped = [];
    };
    lines.forEach((line, index) => {
      if (isLabel(line, lexicon, true) || lexicon.restAfter('alsoRead', line) !== undefined) {
        flush();
        blocks.push(...lineToBlocks(line));
      } else if (wrapped.length === 0 && isHeadingBefore(line, lines[index + 1], lexicon)) {
        blocks.push(...lineToBlocks(line).map(toHeading));
      } else wrapped.push(line);
    });
    flush();
    return blocks;
  });
}

/**
 * Whether a line is the heading of the next one: short, no sentence, and followed by a much longer line that may begin
 * one. The first line of a wrapped paragraph is as long as the next.
 */
function isHeadingBefore(line: string, next: string | undefined, lexicon: Lexicon): boolean {
  if (next === undefined || !looksLikeHeading(line, lexicon)) return false;
  // A heading may begin with a number, but not with one that the next line continues.
  const bullet = bulletOf(line);
  if (bullet !== undefined && (!bullet.ordered || bulletOf(next) !== undefined)) return false;
  return next.length > line.length * MIN_LINE_TO_HEADING_RATIO && !/^\p{Ll}/u.test(next);
}

const looksLikeHeading = (line: string, lexicon: Lexicon): boolean =>
  line.length <= MAX_HEADING_LENGTH &&
  !endsSentence(line, lexicon) &&
  !/[,;،؛:]$/u.test(line) &&
  !hasMoreWords(line, MAX_HEADING_WORDS);

/** Makes headings of lines that stand alone before a paragraph, once boilerplate is removed. */
export function promoteHeadings(blocks: readonly Block[], lexicon: Lexicon): Block[] {
  return blocks.map((block, index) => {
    const next = blocks[index + 1];
    if (block.type !== 'paragraph' || next?.type !== 'paragraph') return block;
    return looksLikeHeading(blockText(block), lexicon) && isStory(blockText(next), lexicon)
      ? toHeading(block)
      : block;
  });
}

function toHeading(block: Block): Block {
  return block.type === 'paragraph' ? { type: 'heading', level: 2, content: block.content } : block;
}
