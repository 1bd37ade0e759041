import { type Block, inlineText } from '../../domain/blocks.ts';
import { linesOf, sliceInline } from './inline.ts';

/** The bullet or number at the beginning of a list item's line. */
interface Bullet {
  ordered: boolean;
  /** The sign in front of the item; the same for all numbers. */
  mark: string;
  number: number;
  length: number;
}

// A dash is a bullet only in plain text: in markup it opens direct speech.
const SIGN = /^([•·▪▫◦●○‣⁃∙■□➢➤►]|[-*](?= ))\s*(?=\S)/u;
const NUMBER = /^(\p{Nd}{1,3})[.)]\s+(?=\S)/u;
// The zeros of the scripts we know; each has ten digits in a row.
const ZEROS = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66];

/** The bullet that a line begins with, if any. */
export function bulletOf(line: string): Bullet | undefined {
  if (beginsWithLetter(line)) return undefined;
  const sign = SIGN.exec(line);
  if (sign?.[1] !== undefined) return { ordered: false, mark: sign[1], number: 0, length: sign[0].length };
  const number = NUMBER.exec(line);
  if (number?.[1] === undefined) return undefined;
  return { ordered: true, mark: '1', number: toNumber(number[1]), length: number[0].length };
}

const beginsWithLetter = (line: string): boolean => /^[\p{L}\p{M}]/u.test(line);

function toNumber(digits: string): number {
  let value = 0;
  for (const digit of digits) {
    const code = digit.codePointAt(0) ?? 0;
    const zero = ZEROS.findLast((each) => each <= code) ?? 0x30;
    value = value * 10 + code - zero;
  }
  return value;
}

const follows = (bullet: Bullet, before: Bullet): boolean =>
  bullet.mark === before.mark && (!bullet.ordered || bullet.number === before.number + 1);

type Paragraph = Extract<Block, { type: 'paragraph' }>;
/** `paragraph` is without its bullet, `typed` is the paragraph that it was a line of. */
type Item = { bullet: Bullet; paragraph: Paragraph; typed: Paragraph };

/**
 * Makes lists of bullets that somebody typed: two or more paragraphs, or lines of one, that begin with the same sign or
 * with consecutive numbers. `dashes` says whether `-` and `*` are such signs.
 */
export function listsFromBullets(blocks: readonly Block[], dashes: boolean): Block[] {
  const out: Block[] = [];
  let run: Item[] = [];
  const flush = () => {
    for (const block of listOf(run)) out.push(block);
    run = [];
  };
  for (const block of blocks) {
    const items = block.type === 'paragraph' ? itemsOf(block, dashes) : [];
    const [first] = items;
    const last = run.at(-1);
    if (first === undefined || (last !== undefined && !follows(first.bullet, last.bullet))) flush();
    if (first === undefined) out.push(block);
    for (const item of items) run.push(item);
  }
  flush();
  return out;
}

/** The items that a paragraph's lines are; none when any line is not the next item. */
function itemsOf(paragraph: Paragraph, dashes: boolean): Item[] {
  // Most paragraphs begin with a letter, which is seen before they are split into lines.
  const [first] = paragraph.content;
  if (first?.type === 'text' && beginsWithLetter(first.text)) return [];
  const items: Item[] = [];
  for (const line of linesOf(paragraph.content)) {
    const bullet = bulletOf(inlineText(line));
    if (bullet === undefined || (!dashes && /[-*]/.test(bullet.mark))) return [];
    const before = items.at(-1)?.bullet;
    if (before !== undefined && !follows(bullet, before)) return [];
    const content = sliceInline(line, bullet.length);
    if (content.length === 0) return [];
    items.push({ bullet, paragraph: { ...paragraph, content }, typed: paragraph });
  }
  return items;
}

function listOf(run: readonly Item[]): Block[] {
  const [first] = run;
  if (first === undefined) return [];
  // One item alone is no list, nor is a count that does not begin at 1.
  if (run.length === 1 || (first.bullet.ordered && first.bullet.number > 1)) {
    return [...new Set(run.map(({ typed }) => typed))];
  }
  return [{ type: 'list', ordered: first.bullet.ordered, items: run.map(({ paragraph }) => [paragraph]) }];
}
