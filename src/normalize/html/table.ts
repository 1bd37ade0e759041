import type { Block, Inline, TableCell } from '../../domain/blocks.ts';
import type { Attributes } from '../../markup/html-parser.ts';
import { append } from './append.ts';

/** A table being read: rows and cells as they close. */
export class TableBuilder {
  readonly #rows: TableCell[][] = [];
  #caption: Inline[] | undefined;
  /** Whether the rows being read are in the table's head. */
  head = false;

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
    // A cell outside a row opens one (HTML section 13.2.6.4.13).
    const row = this.#rows.at(-1);
    if (row === undefined) this.#rows.push([cell]);
    else row.push(cell);
  }

  caption(content: Inline[]): void {
    if (content.length === 0) return;
    if (this.#caption === undefined) this.#caption = content;
    else append(this.#caption, [{ type: 'break' }, ...content]);
  }

  /** The table; only what it holds when that is a single cell, put in a table for its looks; nothing when empty. */
  finish(): Block[] {
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

// HTML section 4.9.11 caps colspan at 1,000; for rows too that is more than any article's table spans.
function span(value: string | undefined): number {
  const number = Number.parseInt(value ?? '', 10);
  return Number.isFinite(number) ? Math.min(Math.max(number, 1), 1_000) : 1;
}
