import type { Attributes } from '../../markup/html-parser.ts';
import { foldLine } from '../../text/fold-line.ts';
import { oneLine } from '../../text/text.ts';

const DESCRIPTIONS = ['og:description', 'description', 'twitter:description'];

/**
 * Finds the paragraph that a page's head repeats as its description, where another of the same class stands beside
 * it: then it is the article's first. A summary of its own is set apart, by an element or a class.
 */
export class OpeningFinder {
  /** Its words; empty when there is none. */
  found = '';
  readonly #meta: ReadonlyMap<string, readonly string[]>;
  #paragraph: { depth: number; className: string; text: string } | undefined;
  /** The paragraph with the description's words, as long as its parent is open. */
  #likely: { depth: number; className: string; text: string } | undefined;

  constructor(meta: ReadonlyMap<string, readonly string[]>) {
    this.#meta = meta;
  }

  /** @param depth how many elements are open, this one among them */
  open(name: string, attributes: Attributes, depth: number): void {
    if (name !== 'p' || this.found !== '') return;
    const className = attributes.class ?? '';
    const likely = this.#likely;
    if (likely?.depth === depth && likely.className === className) this.found = likely.text;
    this.#paragraph = { depth, className, text: '' };
  }

  close(depth: number): void {
    if (this.#likely !== undefined && depth < this.#likely.depth) this.#likely = undefined;
    const paragraph = this.#paragraph;
    if (paragraph?.depth !== depth) return;
    this.#paragraph = undefined;
    const text = oneLine(paragraph.text);
    if (this.#isDescription(text)) this.#likely = { ...paragraph, text };
  }

  text(text: string): void {
    if (this.#paragraph !== undefined && this.#paragraph.text.length < MAX_PARAGRAPH_LENGTH)
      this.#paragraph.text += text;
  }

  #isDescription(text: string): boolean {
    const alike = DESCRIPTIONS.flatMap((name) => this.#meta.get(name) ?? [])
      .map(oneLine)
      .filter((each) => each !== '' && Math.abs(each.length - text.length) <= MAX_OTHER_CHARACTERS);
    return alike.length > 0 && alike.map(foldLine).includes(foldLine(text));
  }
}

const MAX_PARAGRAPH_LENGTH = 2_000;
/** How many signs a description may have more or less than its paragraph: spaces, quotation marks. */
const MAX_OTHER_CHARACTERS = 20;
