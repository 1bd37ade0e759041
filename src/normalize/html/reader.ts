import type { Block, Inline } from '../../domain/blocks.ts';
import type { Attributes } from '../../markup/html-parser.ts';
import type { Warnings } from '../warnings.ts';
import { Flow, type LineFlow } from './flow.ts';
import { linkMark, type Mark, mark, type Wrapper } from './inline.ts';

/** All links together may be this many times the document's size, and this many characters in any case. */
const MAX_ADDRESSES_PER_SIZE = 4;
const MIN_ADDRESSES = 65_536;

/** The state of reading a document. The element files say how each element changes it. */
export class Reader {
  /** The URL that relative ones are resolved against. */
  readonly base: string | undefined;
  readonly warnings: Warnings;
  flow = new Flow();
  /** The emphasis, links and spans that text stands under now. */
  mark: Mark | undefined;
  /** How many lists, quotes and asides are open. */
  depth = 0;
  /** The open preformatted text, in which markup means nothing. */
  code: { text: string; language: string | undefined } | undefined;
  /** `srcset`s of the open `picture`. */
  sources: string[] = [];
  /** The links in the open embed code. */
  embedLinks: string[] | undefined;
  /** The files of the open player. */
  files: { address: string; type: string }[] | undefined;
  readonly #outer: Flow[] = [];

  /** How many more characters of link addresses may be written. */
  #addresses: number;

  /** @param size characters of the document; it bounds the size of the output */
  constructor(base: string | undefined, warnings: Warnings, size: number) {
    this.base = base;
    this.warnings = warnings;
    this.#addresses = MAX_ADDRESSES_PER_SIZE * size + MIN_ADDRESSES;
  }

  /**
   * The marks for text written now. A link's address is written again with every line under it and grows with the
   * base it is resolved against, so a few bytes could become megabytes: beyond the limit, links are dropped.
   */
  textMark(): Mark | undefined {
    const link = linkMark(this.mark);
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

/** What to do when an element closes; `skip` drops all that it holds. */
export type End = (() => void) | 'skip';

/** Begins an element and returns what to do at its end. */
export type Begin = (reader: Reader, attributes: Attributes, name: string) => End;

export const nothing = (): void => {};

export const block: Begin = (reader) => {
  reader.flow.boundary();
  return () => reader.flow.boundary();
};

/** Puts a mark around the words of an element. */
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

/** A heading or a citation in place of a paragraph. */
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

/** One line of its own, such as a cell or a caption: `done` gets its words and the pictures in it. */
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
