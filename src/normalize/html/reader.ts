import type { Warnings } from '../warnings.ts';
import { Flow } from './flow.ts';
import { linkIn, type Mark } from './inline.ts';

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
