import { type Block, blockText } from '../../domain/blocks.ts';
import { foldLine } from '../../text/fold-line.ts';
import { endsSentence } from '../../text/sentences.ts';
import { countWords } from '../../text/text.ts';
import { isLinkedHeading, linkedArticles } from '../editorial/related.ts';
import { isStory } from '../editorial/sentence-lines.ts';
import { MAX_GAP_LABEL_WORDS, MIN_GAP_PARAGRAPHS, MIN_GAP_SHARE } from '../thresholds.ts';

/**
 * Restores the paragraphs and pictures that an extractor left out between, before or after those it found: one that
 * scores elements loses paragraphs in wrappers of their own.
 * @param page all blocks of the page, in order
 * @param fold `foldLine`, or a memoized form of it
 * @returns `found` with the missing blocks in place
 */
export function withGapsFilled(found: readonly Block[], page: readonly Block[], fold = foldLine): Block[] {
  const at = placesOf(found, page, fold);
  const start = at.findIndex((index) => index !== undefined);
  const end = at.findLastIndex((index) => index !== undefined);
  if (start === -1) return [...found];

  const isMissing = missingOf(page, at);
  const from = reach(page, isMissing, start, -1);
  const to = reach(page, isMissing, end, 1);
  const missing = [...page.keys()].slice(from, to + 1).filter((index) => isMissing[index]);
  if (missing.length < MIN_GAP_PARAGRAPHS) return [...found];
  const words = missing.reduce((sum, index) => sum + wordsOf(page[index]), 0);
  const held = found.reduce((sum, block) => sum + wordsOf(block), 0);
  if (words < held * MIN_GAP_SHARE) return [...found];

  const behind = new Map<number, Block[]>();
  let before = -1;
  for (let index = from; index <= to; index += 1) {
    before = Math.max(before, at[index] ?? -1);
    const block = page[index];
    if (!isMissing[index] || block === undefined) continue;
    const list = behind.get(before);
    if (list === undefined) behind.set(before, [block]);
    else list.push(block);
  }
  return [
    ...(behind.get(-1) ?? []),
    ...found.flatMap((block, index) => [block, ...(behind.get(index) ?? [])]),
  ];
}

/** For each block of the page, whether it belongs to the story and was not found. */
function missingOf(page: readonly Block[], at: readonly (number | undefined)[]): boolean[] {
  const isMissing = page.map(
    (block, index) => at[index] === undefined && (isTold(block, page[index - 1]) || isShown(block)),
  );
  // Short sentences belong to the story when it stands before and after them.
  let short: number[] | undefined;
  page.forEach((block, index) => {
    if (at[index] !== undefined || isMissing[index]) {
      for (const each of short ?? []) isMissing[each] = true;
      short = [];
    } else if (isSaid(block, page[index - 1])) short?.push(index);
    else short = undefined;
  });
  return isMissing;
}

/** The last index from `start` on to which the story continues, interrupted by labels only. */
function reach(page: readonly Block[], isMissing: readonly boolean[], start: number, step: 1 | -1): number {
  let last = start;
  for (let index = start + step; page[index] !== undefined; index += step) {
    if (isMissing[index]) last = index;
    else if (Math.abs(index - last) > 1 || !isLabelLike(page[index])) break;
  }
  return last;
}

/** For each block of the page, its index in `found`. Matches keep the order, since a teaser may repeat a paragraph. */
function placesOf(
  found: readonly Block[],
  page: readonly Block[],
  fold: typeof foldLine,
): (number | undefined)[] {
  // Each text's indexes from last to first: passed ones are popped off, so that the time stays linear.
  const indexes = new Map<string, number[]>();
  for (let index = page.length - 1; index >= 0; index -= 1) {
    const block = page[index];
    const key = block === undefined ? '' : fold(blockText(block));
    const known = indexes.get(key);
    if (known === undefined) indexes.set(key, [index]);
    else known.push(index);
  }
  const at: (number | undefined)[] = page.map(() => undefined);
  let last = -1;
  found.forEach((block, index) => {
    const key = fold(blockText(block));
    const places = key === '' ? undefined : indexes.get(key);
    let next = places?.pop();
    while (next !== undefined && next <= last) next = places?.pop();
    if (next === undefined) return;
    at[next] = index;
    last = next;
  });
  return at;
}

/** A paragraph of a story, not a teaser: that follows a linked title. */
const isTold = (block: Block, before: Block | undefined): boolean =>
  isSaid(block, before) && isStory(blockText(block));

/** Pictures of the story: a sentence is their caption. Those of other articles have a title. */
function isShown(block: Block): boolean {
  if (block.type !== 'image' && block.type !== 'gallery') return false;
  const images = block.type === 'image' ? [block] : block.images;
  return images.every(({ caption = '' }) => endsSentence(caption.replace(CREDIT, '')));
}

/** The credit in brackets at the end of a caption. */
const CREDIT = /\s?[([][^()[\]]{0,100}[)\]]$/u;

/** A paragraph that is a sentence, even a short one. */
function isSaid(block: Block, before: Block | undefined): boolean {
  if (block.type !== 'paragraph' || !endsSentence(blockText(block))) return false;
  if (wordsOf(block) <= MAX_GAP_LABEL_WORDS) return false;
  return [block, before].every(
    (each) => each === undefined || (linkedArticles(each) === undefined && !isLinkedHeading(each)),
  );
}

const isLabelLike = (block: Block | undefined): boolean =>
  block?.type === 'paragraph' && wordsOf(block) <= MAX_GAP_LABEL_WORDS;

const wordsOf = (block: Block | undefined): number =>
  block === undefined ? 0 : countWords(blockText(block));
