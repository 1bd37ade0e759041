import type { Direction } from '../locales/language-tag.ts';

/**
 * The body of an article as typed blocks. Renderers know only these types, and no part of an article is an HTML string,
 * so no markup from outside can reach the output.
 */

export type { Direction } from '../locales/language-tag.ts';

/** The schemes of links that a reader may follow, as in `URL.protocol`. */
export const LINK_SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/** Present only where it differs from the surrounding content. */
export interface LanguageChange {
  /** BCP 47. */
  language?: string;
  direction?: Direction;
}

/** Inline content: a closed tree in which only `text` contains words. */
export type Inline =
  | { type: 'text'; text: string }
  /** `quote` is displayed between quotation marks, which its text does not contain. */
  | { type: 'strong' | 'em' | 'code' | 'sub' | 'sup' | 'mark' | 'quote'; content: Inline[] }
  /** `href` is absolute and its scheme is one of `LINK_SCHEMES`. */
  | { type: 'link'; href: string; content: Inline[] }
  /** `title` is what the letters stand for. */
  | { type: 'abbreviation'; title: string; content: Inline[] }
  /** East Asian words with their pronunciation: a `reading` in a `ruby` belongs to the words before it. */
  | { type: 'ruby' | 'reading'; content: Inline[] }
  /** Words in another language or direction; `auto` isolates words whose direction is unknown. */
  | { type: 'span'; language?: string; direction?: Direction | 'auto'; content: Inline[] }
  | { type: 'break' };

/** A picture. A lead image may be only a caption (`url` absent); an image block always has a `url`. */
export interface Image {
  url?: string;
  /** Pixels. */
  width?: number;
  height?: number;
  alt?: string;
  caption?: string;
  credit?: string;
}

export interface TableCell {
  header?: true;
  /** Columns and rows spanned; absent means 1. */
  columnSpan?: number;
  rowSpan?: number;
  content: Inline[];
}

/** A group of a definition list: terms, and descriptions that apply to all of them. */
export interface Definition {
  terms: Inline[][];
  descriptions: Block[][];
}

export type Block =
  | ({ type: 'paragraph'; content: Inline[] } & LanguageChange)
  | ({ type: 'heading'; level: 2 | 3 | 4 | 5 | 6; content: Inline[] } & LanguageChange)
  /** An item is a list of blocks: usually one paragraph, sometimes followed by a nested list. */
  | { type: 'list'; ordered: boolean; start?: number; items: Block[][] }
  | { type: 'definitions'; items: Definition[] }
  | ({ type: 'quote'; blocks: Block[]; citation?: Inline[] } & LanguageChange)
  /** Content beside the article, such as a fact box or an explanation. */
  | { type: 'aside'; blocks: Block[] }
  | ({ type: 'image'; url: string } & Image)
  | { type: 'gallery'; images: (Image & { url: string })[] }
  | { type: 'table'; caption?: Inline[]; rows: TableCell[][] }
  | { type: 'code'; text: string; language?: string }
  | Embed
  | { type: 'divider' };

/**
 * Content of another site. `url` is its page there, `id` its id there. For the providers `video` and `audio` (a file) and
 * `frame` (any other page) both are the URL. `poster` is a video's still image.
 */
export interface Embed {
  type: 'embed';
  provider: string;
  id: string;
  url: string;
  poster?: string;
}

/**
 * The deepest blocks and inline content that are read and rendered. The normalizer limits how deeply an article nests;
 * anything deeper did not come from it, and would overflow the stack.
 */
export const MAX_DEPTH = 128;

/** The text of inline content: line breaks as `\n`, quotes between quotation marks. */
export function inlineText(content: readonly Inline[], depth = 0): string {
  if (depth > MAX_DEPTH) return '';
  let text = '';
  for (const node of content) {
    if (node.type === 'text') text += node.text;
    else if (node.type === 'break') text += '\n';
    else if (node.type === 'quote') text += `“${inlineText(node.content, depth + 1)}”`;
    else if (node.type === 'reading') text += `(${inlineText(node.content, depth + 1)})`;
    else text += inlineText(node.content, depth + 1);
  }
  return text;
}

/** The text that a reader of the block sees: one line for each paragraph, item, cell or caption. */
export function blockText(block: Block): string {
  if ('content' in block) return inlineText(block.content);
  const lines: string[] = [];
  eachLine(block, (line) => lines.push(line));
  return lines.join('\n');
}

/** Calls back with each line of a block's text, for callers that need no array of them. */
export function eachLine(block: Block, onLine: (line: string) => void, depth = 0): void {
  if (depth > MAX_DEPTH) return;
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      onLine(inlineText(block.content));
      break;
    case 'list':
      for (const item of block.items) for (const child of item) eachLine(child, onLine, depth + 1);
      break;
    case 'definitions':
      for (const { terms, descriptions } of block.items) {
        for (const term of terms) onLine(inlineText(term));
        for (const blocks of descriptions) for (const child of blocks) eachLine(child, onLine, depth + 1);
      }
      break;
    case 'aside':
      for (const child of block.blocks) eachLine(child, onLine, depth + 1);
      break;
    case 'quote':
      for (const child of block.blocks) eachLine(child, onLine, depth + 1);
      if (block.citation !== undefined) onLine(inlineText(block.citation));
      break;
    case 'image':
      onLine(captionText(block));
      break;
    case 'gallery':
      onLine(block.images.map(captionText).filter(Boolean).join('\n'));
      break;
    case 'table':
      if (block.caption !== undefined) onLine(inlineText(block.caption));
      for (const row of block.rows) for (const cell of row) onLine(inlineText(cell.content));
      break;
    case 'code':
      onLine(block.text);
      break;
    case 'embed':
    case 'divider':
      onLine('');
  }
}

const captionText = (image: Image): string => [image.caption, image.credit].filter(Boolean).join('\n');
