/** Words within a block: marks (emphasis, links, spans) while reading, and the tree of inline nodes they become. */
import type { Inline } from '../../domain/blocks.ts';
import { oneLine, singleSpaced, toNfc } from '../../text/text.ts';

type Parent = Extract<Inline, { content: Inline[] }>;

/** An inline node without its content: what an element says of its words. */
export type Wrapper = Parent extends infer Node
  ? Node extends Parent
    ? Omit<Node, 'content'>
    : never
  : never;

type Span = Extract<Wrapper, { type: 'span' }>;

/** A wrapper around text, linked to those around it. Chains are short: a type occurs at most once, but for spans. */
export interface Mark {
  readonly wrapper: Wrapper;
  readonly outer: Mark | undefined;
}

/** Opens one more mark within `outer`; `outer` itself when that changes nothing. */
export function mark(outer: Mark | undefined, wrapper: Wrapper): Mark | undefined {
  if (wrapper.type === 'span') return markSpan(outer, wrapper);
  const { type } = wrapper;
  for (let each = outer; each !== undefined; each = each.outer) {
    if (each.wrapper.type === type) return outer;
    // A reading belongs to its `ruby` itself, not to emphasis within it.
    if (type === 'reading' && each.wrapper.type === 'ruby') return { wrapper, outer: each };
  }
  return type === 'reading' ? outer : { wrapper, outer };
}

/** The link among the marks, if there is one. */
export function linkMark(within: Mark | undefined): Extract<Wrapper, { type: 'link' }> | undefined {
  for (let each = within; each !== undefined; each = each.outer) {
    if (each.wrapper.type === 'link') return each.wrapper;
  }
  return undefined;
}

const STYLES = new Set(['strong', 'em', 'code', 'sub', 'sup', 'mark']);

/** A span goes around the open styles and replaces a span there, so that spans do not pile up. */
function markSpan(outer: Mark | undefined, span: Span): Mark | undefined {
  const styles: Wrapper[] = [];
  let around = outer;
  for (; around !== undefined && STYLES.has(around.wrapper.type); around = around.outer) {
    styles.push(around.wrapper);
  }
  const held = around?.wrapper.type === 'span' ? around.wrapper : undefined;
  const wrapper: Span = { ...held, ...span };
  if (held !== undefined && sameSpan(held, wrapper)) return outer;
  const within: Mark = { wrapper, outer: held === undefined ? around : around?.outer };
  return styles.reduceRight<Mark>((inner, style) => ({ wrapper: style, outer: inner }), within);
}

const sameSpan = (one: Span, other: Span): boolean =>
  one.language === other.language && one.direction === other.direction;

// White space, joiners alone and what `cleanText` removes make no words.
export const VISIBLE = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;

type Run = { mark: Mark | undefined; text: string } | { mark: undefined; text?: never };

/** Collects the text, marks and breaks of one line; `finish` returns them as a tree. */
export class InlineBuilder {
  #runs: Run[] = [];
  /** Whether anything but white space was written. */
  #words = false;
  #lastIsBreak = false;

  get isEmpty(): boolean {
    return !this.#words;
  }

  text(text: string, within: Mark | undefined): void {
    const last = this.#runs.at(-1);
    if (last?.text !== undefined && last.mark === within) last.text += text;
    else this.#runs.push({ mark: within, text });
    if ((!this.#words || this.#lastIsBreak) && VISIBLE.test(text)) {
      this.#words = true;
      this.#lastIsBreak = false;
    }
  }

  /** Whether a break was written last: another would begin a new paragraph. */
  get endsInBreak(): boolean {
    return this.#lastIsBreak;
  }

  break(): void {
    if (!this.#words) return;
    this.#runs.push({ mark: undefined });
    this.#lastIsBreak = true;
  }

  /** Returns the line with white space collapsed as HTML shows it, and starts anew; empty when there were no words. */
  finish(): Inline[] {
    if (this.#runs.length === 0) return [];
    const runs = this.#words ? collapse(this.#runs) : [];
    this.#runs = [];
    this.#words = false;
    this.#lastIsBreak = false;
    return grow(runs);
  }
}

/** Cleans the text of runs and leaves one space where HTML shows one: none at the ends or around breaks. */
function collapse(runs: readonly Run[]): Run[] {
  const [only] = runs;
  if (runs.length === 1 && only?.text !== undefined) {
    const text = oneLine(only.text);
    return text === '' ? [] : [{ mark: only.mark, text }];
  }
  const out: Run[] = [];
  let open = false;
  for (const run of runs) {
    if (run.text === undefined) {
      trimEnd(out);
      if (out.length > 0 && out.at(-1)?.text !== undefined) out.push(run);
      open = false;
      continue;
    }
    let text = singleSpaced(run.text);
    if (!open && text.startsWith(' ')) text = text.slice(1);
    if (text === '') continue;
    open = !text.endsWith(' ');
    out.push({ mark: run.mark, text });
  }
  trimEnd(out);
  while (out.length > 0 && out.at(-1)?.text === undefined) {
    out.pop();
    trimEnd(out);
  }
  return out;
}

function trimEnd(runs: Run[]): void {
  for (let last = runs.at(-1); last?.text?.endsWith(' '); last = runs.at(-1)) {
    last.text = last.text.trimEnd();
    if (last.text !== '') return;
    runs.pop();
  }
}

/** Builds a tree from runs: neighbours under the same marks share nodes. */
function grow(runs: readonly Run[]): Inline[] {
  const [only] = runs;
  if (only?.text !== undefined && only.mark === undefined && runs.length === 1)
    return [{ type: 'text', text: only.text }];
  const root: Inline[] = [];
  const joined = new Set<Extract<Inline, { type: 'text' }>>();
  const open: { wrapper: Wrapper; node: Parent }[] = [];
  for (const run of runs) {
    const chain: Wrapper[] = [];
    for (let each = run.mark; each !== undefined; each = each.outer) chain.unshift(each.wrapper);
    let shared = 0;
    while (shared < open.length && same(open[shared]?.wrapper, chain[shared])) shared += 1;
    open.length = shared;
    for (; shared < chain.length; shared += 1) {
      const wrapper = chain[shared] as Wrapper;
      const node: Parent = { ...wrapper, content: [] };
      (open.at(-1)?.node.content ?? root).push(node);
      open.push({ wrapper, node });
    }
    const content = open.at(-1)?.node.content ?? root;
    const last = content.at(-1);
    if (run.text === undefined) content.push({ type: 'break' });
    else if (last?.type === 'text') {
      last.text += run.text;
      joined.add(last);
    } else content.push({ type: 'text', text: run.text });
  }
  // Two texts in NFC need not be in NFC when joined: a letter and the accent after it.
  for (const node of joined) node.text = toNfc(node.text);
  return root;
}

// Two of these side by side stay two nodes; any other two become one.
const SEPARATE = new Set(['link', 'quote', 'abbreviation']);

function same(one: Wrapper | undefined, other: Wrapper | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || one.type !== other?.type || SEPARATE.has(one.type)) return false;
  return one.type !== 'span' || other.type !== 'span' || sameSpan(one, other);
}

/** Plain text as inline content; empty for text without words. */
export function fromText(text: string): Inline[] {
  const line = new InlineBuilder();
  line.text(text, undefined);
  return line.finish();
}

/**
 * The part of `content` whose text lies between two offsets in UTF-16 code units, as `inlineText` counts them,
 * without white space at its ends.
 */
export function sliceInline(
  content: readonly Inline[],
  from: number,
  to = Number.POSITIVE_INFINITY,
): Inline[] {
  const line = new InlineBuilder();
  let at = 0;
  write(content, undefined);
  return line.finish();

  function write(nodes: readonly Inline[], within: Mark | undefined): void {
    for (const node of nodes) {
      if (node.type === 'text') {
        line.text(node.text.slice(Math.max(0, from - at), Math.max(0, to - at)), within);
        at += node.text.length;
      } else if (node.type === 'break') {
        if (at >= from && at < to) line.break();
        at += 1;
      } else {
        const { content: inner, ...wrapper } = node;
        const marks = node.type === 'quote' || node.type === 'reading' ? 1 : 0;
        at += marks;
        write(inner, mark(within, wrapper));
        at += marks;
      }
    }
  }
}

/** The same words, with marks ordered and neighbours joined as if they were read from HTML. */
export const regrown = (content: readonly Inline[]): Inline[] => sliceInline(content, 0);

/** The links in `content`, in order, with their words. */
export function linksIn(content: readonly Inline[]): { href: string; content: Inline[] }[] {
  return content.flatMap((node) => {
    if (node.type === 'link') return [node];
    return 'content' in node ? linksIn(node.content) : [];
  });
}

/** The lines of a paragraph. Breaks are at the top of its tree only. */
export function linesOf(content: readonly Inline[]): Inline[][] {
  const lines: Inline[][] = [[]];
  for (const node of content) {
    if (node.type === 'break') lines.push([]);
    else lines.at(-1)?.push(node);
  }
  return lines;
}
