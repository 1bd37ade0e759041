/** Plain text as blocks. */
import type { Block } from '../domain/blocks.ts';
import { oneLine } from '../text/text.ts';
import { bulletOf, listsFromBullets } from './html/bullets.ts';
import { embedOnLine } from './html/flow.ts';
import { fromText } from './html/inline.ts';

/** The paragraphs of plain text, each as its lines: separated by blank lines or, where there are none, by line ends. */
export function textParagraphs(text: string): string[][] {
  const paragraphs: string[][] = [[]];
  let blank = false;
  for (const raw of text.split(/\r\n?|[\n\u000B\f\u0085\u2028\u2029]/)) {
    const line = oneLine(raw);
    if (line !== '') paragraphs.at(-1)?.push(line);
    else if ((paragraphs.at(-1)?.length ?? 0) > 0) {
      paragraphs.push([]);
      blank = true;
    }
  }
  const filled = paragraphs.filter((lines) => lines.length > 0);
  // The only blank line may be the end of the text.
  return blank && filled.length > 1 ? filled : filled.flat().map((line) => [line]);
}

/** A line of plain text as a block: a paragraph, or the embed that its address stands for. */
export function lineToBlocks(line: string): Block[] {
  const content = fromText(line);
  return content.length === 0 ? [] : [embedOnLine(content) ?? { type: 'paragraph', content }];
}

/** Plain text as paragraphs and the lists typed in it. */
export function textToBlocks(text: string): Block[] {
  const lines = textParagraphs(text).flatMap((paragraph) => itemLines(paragraph).flatMap(lineToBlocks));
  return listsFromBullets(lines, true);
}

/**
 * Joins a paragraph's lines into one. Where two or more begin with bullets, each of those begins a line of its own and
 * the lines after it join it.
 */
export function itemLines(lines: readonly string[]): string[] {
  const isItem = lines.map((line) => bulletOf(line) !== undefined);
  if (isItem.filter(Boolean).length < 2) return [lines.join(' ')];
  const starts = [...lines.keys()].filter((index) => index === 0 || isItem[index]);
  return starts.map((start, index) => lines.slice(start, starts[index + 1]).join(' '));
}
