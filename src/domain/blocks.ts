import type { Direction } from '../locales/language-tag.ts';

/**
 * The body of an article as typed blocks. Everything a renderer may show is one of these; there is no
 * HTML string anywhere in an article, so what a renderer does not know how to write cannot get out.
 */

export type { Direction } from '../locales/language-tag.ts';

/** Said only where it is another than that of what stands around. */
export interface LanguageChange {
  /** BCP 47. */
  language?: string;
  direction?: Direction;
}

/** A run of inline content. A closed tree: `text` is the only leaf that holds words. */
export type Inline =
  | { type: 'text'; text: string }
  /** `quote` is shown between quotation marks that are not in its text. */
  | { type: 'strong' | 'em' | 'code' | 'sub' | 'sup' | 'mark' | 'quote'; content: Inline[] }
  /** `href` is absolute and its scheme is one of `http:`, `https:`, `mailto:`, `tel:`. */
  | { type: 'link'; href: string; content: Inline[] }
  /** `title` is what the letters stand for. */
  | { type: 'abbreviation'; title: string; content: Inline[] }
  /** East Asian words with their reading beside them: a `reading` in a `ruby` belongs to what stands before it. */
  | { type: 'ruby' | 'reading'; content: Inline[] }
  /** Words in another language or direction; `auto` keeps words of an unknown direction apart from the others. */
  | { type: 'span'; language?: string; direction?: Direction | 'auto'; content: Inline[] }
  | { type: 'break' };

/** A picture. The lead image may be a caption alone (`url` absent); an image block always has its `url`. */
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

/** What a definition list says: the terms, and what each description says of all of them. */
export interface Definition {
  terms: Inline[][];
  descriptions: Block[][];
}

export type Block =
  | ({ type: 'paragraph'; content: Inline[] } & LanguageChange)
  | ({ type: 'heading'; level: 2 | 3 | 4 | 5 | 6; content: Inline[] } & LanguageChange)
  /** An item is a list of blocks: mostly one paragraph, at times with a nested list behind it. */
  | { type: 'list'; ordered: boolean; start?: number; items: Block[][] }
  | { type: 'definitions'; items: Definition[] }
  | ({ type: 'quote'; blocks: Block[]; citation?: Inline[] } & LanguageChange)
  /** What stands beside the article: a fact box, an explanation. */
  | { type: 'aside'; blocks: Block[] }
  | ({ type: 'image'; url: string } & Image)
  | { type: 'gallery'; images: (Image & { url: string })[] }
  | { type: 'table'; caption?: Inline[]; rows: TableCell[][] }
  | { type: 'code'; text: string; language?: string }
  | Embed
  | { type: 'divider' };

/**
 * Something shown by another site. `url` is that site's own page of it, `id` its id there. For the providers
 * `video`, `audio` (a file) and `frame` (any other page) both are the address; `poster` is a video's still picture.
 */
export interface Embed {
  type: 'embed';
  provider: string;
  id: string;
  url: string;
  poster?: string;
}

/** The words of inline content, line breaks as `\n`, quotes between quotation marks. */
export function inlineText(content: readonly Inline[]): string {
  let text = '';
  for (const node of content) {
    if (node.type === 'text') text += node.text;
    else if (node.type === 'break') text += '\n';
    else if (node.type === 'quote') text += `“${inlineText(node.content)}”`;
    else if (node.type === 'reading') text += `(${inlineText(node.content)})`;
    else text += inlineText(node.content);
  }
  return text;
}

/** The words a reader of the block sees, one line for each paragraph, item, cell or caption. */
export function blockText(block: Block): string {
  if ('content' in block) return inlineText(block.content);
  const lines: string[] = [];
  eachLine(block, (line) => lines.push(line));
  return lines.join('\n');
}

/** Tells the lines of a block's text one by one: who only looks at each needs no lists of them. */
export function eachLine(block: Block, tell: (line: string) => void): void {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      tell(inlineText(block.content));
      break;
    case 'list':
      for (const item of block.items) for (const each of item) eachLine(each, tell);
      break;
    case 'definitions':
      for (const { terms, descriptions } of block.items) {
        for (const term of terms) tell(inlineText(term));
        for (const blocks of descriptions) for (const each of blocks) eachLine(each, tell);
      }
      break;
    case 'aside':
      for (const each of block.blocks) eachLine(each, tell);
      break;
    case 'quote':
      for (const each of block.blocks) eachLine(each, tell);
      if (block.citation !== undefined) tell(inlineText(block.citation));
      break;
    case 'image':
      tell(captionText(block));
      break;
    case 'gallery':
      tell(block.images.map(captionText).filter(Boolean).join('\n'));
      break;
    case 'table':
      if (block.caption !== undefined) tell(inlineText(block.caption));
      for (const row of block.rows) for (const cell of row) tell(inlineText(cell.content));
      break;
    case 'code':
      tell(block.text);
      break;
    case 'embed':
    case 'divider':
      tell('');
  }
}

const captionText = (image: Image): string => [image.caption, image.credit].filter(Boolean).join('\n');
