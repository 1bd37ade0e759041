import { type Block, type Definition, type Inline, inlineText, type TableCell } from '../../domain/blocks.ts';
import type { Attributes } from '../../markup/html-parser.ts';
import { embedFrom } from './embeds.ts';
import { InlineBuilder } from './inline.ts';
import { withoutSpan } from './language-changes.ts';

/** What the current line becomes when it ends. */
type LineKind = 'paragraph' | 'citation' | 2 | 3 | 4 | 5 | 6;

/** A place that blocks are written into: the body, a list item, a quote, … */
export class Flow {
  readonly blocks: Block[] = [];
  readonly line = new InlineBuilder();
  as: LineKind = 'paragraph';
  /** Pictures and embeds met within a line: they follow the line, so that they do not split it. */
  #waiting: Block[] = [];

  /** Ends the current line, if there is one. */
  boundary(): void {
    const content = this.line.finish();
    if (content.length > 0) this.write(content);
    if (this.#waiting.length > 0) append(this.blocks, this.#waiting.splice(0));
  }

  /** A `br`: the second in a row begins a new paragraph. */
  break(): void {
    if (this.line.endsInBreak) this.boundary();
    else this.line.break();
  }

  /** Adds a picture or an embed without interrupting the words around it. */
  aside(block: Block): void {
    if (this.line.isEmpty) this.blocks.push(block);
    else {
      this.#waiting.push(block);
      // Keeps the words on either side apart.
      this.line.text(' ', undefined);
    }
  }

  /** The last picture or embed added by `aside`, unless words followed it; else the last block. */
  get lastAside(): Block | undefined {
    return this.#waiting.at(-1) ?? (this.line.isEmpty ? this.blocks.at(-1) : undefined);
  }

  add(blocks: readonly Block[]): void {
    this.boundary();
    append(this.blocks, blocks);
  }

  /** Ends the last line, returns all blocks and starts anew. */
  finish(): Block[] {
    this.boundary();
    return withoutIdleDividers(this.blocks.splice(0));
  }

  protected write(content: Inline[]): void {
    const line = withoutSpan(content);
    if (typeof this.as === 'number') this.blocks.push({ type: 'heading', level: this.as, ...line });
    else this.blocks.push(embedOnLine(content) ?? { type: 'paragraph', ...line });
  }
}

/** The embed that an address alone on its line stands for, as oEmbed consumers read it. */
export function embedOnLine(content: Inline[]): Block | undefined {
  const text = inlineText(content);
  return /^https?:\/\/\S+$/.test(text) ? embedFrom(text) : undefined;
}

/** A single line such as a cell, a caption or a credit: what would begin a new block becomes a line break. */
export class LineFlow extends Flow {
  override boundary(): void {
    this.line.break();
  }

  override break(): void {
    this.line.break();
  }

  override aside(block: Block): void {
    this.blocks.push(block);
  }
}

export class QuoteFlow extends Flow {
  citation: Inline[] | undefined;

  protected override write(content: Inline[]): void {
    if (this.as === 'citation' && this.citation === undefined) this.citation = content;
    else super.write(content);
  }
}

/** A list. Content between its items joins the item before it. */
export class ListFlow extends Flow {
  readonly #items: Block[][] = [];

  item(blocks: Block[]): void {
    this.#settle();
    if (blocks.length > 0) this.#items.push(blocks);
  }

  items(): Block[][] {
    this.#settle();
    return this.#items;
  }

  #settle(): void {
    const stray = this.finish();
    if (stray.length === 0) return;
    const last = this.#items.at(-1);
    if (last === undefined) this.#items.push(stray);
    else append(last, stray);
  }
}

/** Terms with their descriptions. Content between them joins the description before it. */
export class DefinitionFlow extends Flow {
  readonly #items: Definition[] = [];

  term(content: Inline[], pictures: readonly Block[]): void {
    this.#settle();
    append(this.blocks, pictures);
    if (content.length === 0) return;
    const last = this.#items.at(-1);
    if (last !== undefined && last.descriptions.length === 0) last.terms.push(content);
    else this.#items.push({ terms: [content], descriptions: [] });
  }

  description(blocks: Block[]): void {
    this.#settle();
    if (blocks.length === 0) return;
    const last = this.#items.at(-1);
    if (last === undefined) this.#items.push({ terms: [], descriptions: [blocks] });
    else last.descriptions.push(blocks);
  }

  items(): Definition[] {
    this.#settle();
    return this.#items;
  }

  #settle(): void {
    const stray = this.finish();
    if (stray.length === 0) return;
    const last = this.#items.at(-1)?.descriptions.at(-1);
    if (last === undefined) this.description(stray);
    else append(last, stray);
  }
}

export class FigureFlow extends Flow {
  readonly caption: Inline[] = [];
  readonly credit: Inline[] = [];
}

/** A figure's caption, which may contain the credit. */
export class CaptionFlow extends LineFlow {
  readonly figure: FigureFlow;

  constructor(figure: FigureFlow) {
    super();
    this.figure = figure;
  }
}

/**
 * A table, built from rows and cells as they close. Content outside the cells goes before the table, as in browsers;
 * pictures go after it.
 */
export class TableFlow extends Flow {
  readonly pictures: Block[] = [];
  readonly #rows: TableCell[][] = [];
  #caption: Inline[] | undefined;

  row(): void {
    this.#rows.push([]);
  }

  cell(content: Inline[], header: boolean, attributes: Attributes): void {
    const columnSpan = span(attributes.colspan);
    const rowSpan = span(attributes.rowspan);
    const cell: TableCell = {
      ...(header ? { header: true as const } : {}),
      ...(columnSpan > 1 ? { columnSpan } : {}),
      ...(rowSpan > 1 ? { rowSpan } : {}),
      content,
    };
    // A cell outside a row begins one (HTML section 13.2.6.4.13).
    const row = this.#rows.at(-1);
    if (row === undefined) this.#rows.push([cell]);
    else row.push(cell);
  }

  caption(content: Inline[]): void {
    if (content.length === 0) return;
    if (this.#caption === undefined) this.#caption = content;
    else append(this.#caption, [{ type: 'break' }, ...content]);
  }

  /** The table as a block; the words alone when it is a single cell, used for layout; nothing when it is empty. */
  table(): Block[] {
    const rows = this.#rows.filter((row) => row.some((cell) => cell.content.length > 0));
    const caption = this.#caption;
    const [first] = rows[0] ?? [];
    if (first === undefined) return caption === undefined ? [] : [{ type: 'paragraph', content: caption }];
    if (rows.length === 1 && rows[0]?.length === 1 && !first.header && caption === undefined) {
      return [{ type: 'paragraph', content: first.content }];
    }
    return [caption === undefined ? { type: 'table', rows } : { type: 'table', caption, rows }];
  }
}

// HTML section 4.9.11 caps colspan at 1,000. The same limit for rows is more than any article's table spans.
function span(value: string | undefined): number {
  const number = Number.parseInt(value ?? '', 10);
  return Number.isFinite(number) ? Math.min(Math.max(number, 1), 1_000) : 1;
}

/** Removes dividers that divide nothing: at an end, or after another divider. */
export function withoutIdleDividers(blocks: Block[]): Block[] {
  if (!blocks.some(isDivider)) return blocks;
  const kept = blocks.filter(
    (block, index) => !isDivider(block) || (index > 0 && blocks[index - 1]?.type !== 'divider'),
  );
  while (kept.at(-1)?.type === 'divider') kept.pop();
  return kept;
}

const isDivider = (block: Block): boolean => block.type === 'divider';

/** Adds items to a list. `push(...more)` would fail for a large body: a call's arguments are limited. */
export function append<Item>(list: Item[], more: readonly Item[]): void {
  for (const each of more) list.push(each);
}
