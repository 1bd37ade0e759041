import type { Block, Inline } from '../../domain/blocks.ts';
import type { Attributes } from '../../markup/html-parser.ts';
import type { Warnings } from '../warnings.ts';
import { Flow, type LineFlow } from './flow.ts';
import { linkIn, type Mark, mark, type Wrapper } from './inline.ts';

const ADDRESSES_TO_SIZE = 4;
const ADDRESSES_ALWAYS = 65_536;

/** Where in a document reading has got to. What each element does to it is in elements/. */
export class Reader {
  /** Relative URLs are resolved against it. */
  readonly base: string | undefined;
  readonly warnings: Warnings;
  flow = new Flow();
  mark: Mark | undefined;
  /** Lists and quotes open around the flow. */
  depth = 0;
  /** The preformatted text that is open, in which markup means nothing. */
  code: { text: string; language: string | undefined } | undefined;
  /** `srcset`s of the `picture` that is open. */
  sources: string[] = [];
  /** The addresses linked to in the embed code that is open. */
  embedLinks: string[] | undefined;
  /** The files of the player that is open. */
  files: { address: string; type: string }[] | undefined;
  readonly #outer: Flow[] = [];

  /** How many characters of addresses may still be written. */
  #addresses: number;

  /** @param size characters of the document, in proportion to which what comes out is kept */
  constructor(base: string | undefined, warnings: Warnings, size: number) {
    this.base = base;
    this.warnings = warnings;
    this.#addresses = ADDRESSES_TO_SIZE * size + ADDRESSES_ALWAYS;
  }

  /**
   * The marks that text stands under now. An address is written again with every line under its link, and grows
   * with the base it is resolved against: a few bytes could become megabytes, so at some point links are none.
   */
  textMark(): Mark | undefined {
    const link = linkIn(this.mark);
    if (link === undefined) return this.mark;
    this.#addresses -= link.href.length;
    return this.#addresses < 0 ? undefined : this.mark;
  }

  /** Writes into `flow` until `leave`. */
  enter<Entered extends Flow>(flow: Entered): Entered {
    this.#outer.push(this.flow);
    this.flow = flow;
    return flow;
  }

  leave(): void {
    this.flow = this.#outer.pop() ?? this.flow;
  }
}

/** What to do when an element closes; `skip` when nothing it holds is wanted. */
export type End = (() => void) | 'skip';

/** Starts an element; gives what to do at its end. */
export type Begin = (reader: Reader, attributes: Attributes, name: string) => End;

export const nothing = (): void => {};

export const block: Begin = (reader) => {
  reader.flow.boundary();
  return () => reader.flow.boundary();
};

/** Puts a wrapper around the words of an element. */
export function wrap(reader: Reader, wrapper: Wrapper): () => void {
  const outer = reader.mark;
  reader.mark = mark(outer, wrapper);
  return () => {
    reader.mark = outer;
  };
}

export const style =
  (type: Exclude<Wrapper['type'], 'link' | 'abbreviation' | 'span'>): Begin =>
  (reader) =>
    wrap(reader, { type });

/** A line of another kind than the flow's paragraphs. */
export const lineAs =
  (as: Flow['as']): Begin =>
  ({ flow }) => {
    flow.boundary();
    const outer = flow.as;
    flow.as = as;
    return () => {
      flow.boundary();
      flow.as = outer;
    };
  };

/** One line within the flow: `done` gets its words, and the pictures met in it. */
export function beginLine(
  reader: Reader,
  flow: LineFlow,
  done: (content: Inline[], pictures: Block[]) => void,
): End {
  reader.enter(flow);
  return () => {
    reader.leave();
    done(flow.line.finish(), flow.blocks);
  };
}
