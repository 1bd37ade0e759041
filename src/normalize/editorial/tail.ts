import { type Block, blockText } from '../../domain/blocks.ts';
import { foldLine } from '../../text/fold-line.ts';
import { frameWords, type Lexicon, onceForAll } from '../../text/lexicon.ts';
import { endsSentence } from '../../text/sentences.ts';
import { countWords, countWordsOf, hasMoreWords } from '../../text/text.ts';
import { MAX_TEASERS_SHARE, MIN_SHARE_BEFORE_STORIES, MIN_TAIL_SCRAPS } from '../thresholds.ts';
import { creditOf } from './credit.ts';
import { isLinkedHeading } from './related.ts';
import { isStory } from './sentence-lines.ts';

export const isLine = (block: Block): block is Block & { type: 'paragraph' | 'heading' } =>
  block.type === 'paragraph' || block.type === 'heading';

/** `More from`, or `More from City`. */
const isTailLabel = (text: string, lexicon: Lexicon): boolean =>
  lexicon.has('tail', text) ||
  (lexicon.opens('tail', text) && !endsSentence(text, lexicon) && !hasMoreWords(text, MAX_LABEL_WORDS));
const MAX_LABEL_WORDS = 5;

/** The index of the first block of a page's lists of other articles; the number of blocks when there are none. */
export function tailOf(blocks: readonly Block[], lexicon: Lexicon): number {
  const isTold = blocks.map((block) => block.type === 'paragraph' && isStory(blockText(block), lexicon));
  const lastStory = isTold.lastIndexOf(true);
  const isLabelled = (block: Block) => isLine(block) && isTailLabel(blockText(block), lexicon);
  const areTeasers = teasersFrom(blocks, isTold);
  const found = [
    // From a label such as "Trending news" on, if nothing after it but teasers contains sentences.
    blocks.findIndex((block, index) => isLabelled(block) && (index > lastStory || areTeasers(index + 1))),
    otherStories(blocks),
    comments(blocks, isTold),
  ];
  return Math.min(...found.map((index) => (index === -1 ? blocks.length : index)));
}

/** A heading of readers' comments, with their number before or after it. */
const isCommentHeading = (text: string): boolean =>
  commentHeadings().has(foldLine(text.replace(/^\P{L}{1,8}|[^\p{L}\p{M}]{1,12}$/gu, '')));
const commentHeadings = onceForAll(() => new Set(frameWords('commentHeadings').map(foldLine)));

const MAX_LABEL_LENGTH = 60;

/** The index of the heading of the comments, or of a line that may be one once the story has ended. */
function comments(blocks: readonly Block[], isTold: readonly boolean[]): number {
  let stories = 0;
  return blocks.findIndex((block, index) => {
    if (isTold[index]) stories += 1;
    const text = isLine(block) ? blockText(block) : '';
    if (stories === 0 || text.length > MAX_LABEL_LENGTH) return false;
    return (block.type === 'heading' || stories > 1) && isCommentHeading(text);
  });
}

/**
 * Whether all from a block on are titles, each with a sentence or two, repeatedly. The article's own headings may look
 * the same, but not in so small a part of the page. Counts once from the end, because any number of blocks may ask.
 */
function teasersFrom(blocks: readonly Block[], isTold: readonly boolean[]): (start: number) => boolean {
  interface Behind {
    teasers: number;
    inARow: number;
    words: number;
  }
  let counts: Behind[] | undefined;
  const count = (): Behind[] => {
    const all: Behind[] = Array(blocks.length + 1).fill({ teasers: 0, inARow: 0, words: 0 });
    for (let index = blocks.length - 1; index >= 0; index -= 1) {
      const { teasers, inARow, words } = all[index + 1] ?? { teasers: 0, inARow: 0, words: 0 };
      const block = blocks[index];
      const [isNext, isFirst] = [isTold[index + 1] === true, isTold[index] === false];
      all[index] = {
        teasers: teasers + (isNext && isFirst ? 1 : 0),
        inARow: inARow + (isNext && !isFirst ? 1 : 0),
        words: words + (block === undefined ? 0 : countWords(blockText(block))),
      };
    }
    return all;
  };
  return (start) => {
    counts ??= count();
    const [all, behind] = [counts[0], counts[start]];
    if (all === undefined || behind === undefined) return false;
    return behind.teasers > 1 && behind.inARow < 2 && behind.words < all.words * MAX_TEASERS_SHARE;
  };
}

/** The first heading that is entirely a link, late in the page, if only such headings follow: the next story. */
function otherStories(blocks: readonly Block[]): number {
  const lastOwn = blocks.findLastIndex((block) => block.type === 'heading' && !isLinkedHeading(block));
  const first = blocks.findIndex((block, index) => index > lastOwn && isLinkedHeading(block));
  if (first === -1) return -1;
  return wordsOf(blocks.slice(0, first)) >= wordsOf(blocks) * MIN_SHARE_BEFORE_STORIES ? first : -1;
}

const wordsOf = (blocks: readonly Block[]): number => countWordsOf(blocks.map(blockText));

/**
 * The index of the remains after the story and its credit: a label with words after its colon (`Tags: …`), the page's
 * URL, or several lines that are not sentences.
 */
export function scrapsOf(blocks: readonly Block[], lexicon: Lexicon): number {
  const last = blocks.findLastIndex((block) => {
    const text = blockText(block);
    return (
      !isLine(block) || (block.type === 'paragraph' && isStory(text, lexicon)) || creditOf(text, lexicon)
    );
  });
  const behind = blocks.slice(last + 1);
  if (!blocks.some((block) => block.type === 'paragraph' && isStory(blockText(block), lexicon)))
    return blocks.length;
  const areScraps =
    behind.length >= MIN_TAIL_SCRAPS && behind.every((block) => !endsSentence(blockText(block), lexicon));
  if (areScraps) return last + 1;
  const label = behind.findIndex(
    (block) =>
      lexicon.restAfter('boilerplate', blockText(block)) !== undefined || ADDRESS.test(blockText(block)),
  );
  return label === -1 ? blocks.length : last + 1 + label;
}

const ADDRESS = /^https?:\/\/\S+$/;
