import type { Block } from '../../domain/blocks.ts';
import { type Attributes, type DocumentHandler, parseHtml } from '../../markup/html-parser.ts';
import type { Warnings } from '../warnings.ts';
import { listsFromBullets } from './bullets.ts';
import type { End } from './elements/begin.ts';
import { beginElement, isDropped, isSilent } from './elements/registry.ts';
import { beginInCode } from './elements/structure.ts';
import { Reader } from './reader.ts';
import { expandShortcodes } from './shortcodes.ts';
import { unescapeMarkup } from './unescape.ts';

/** Whether an element, with all it holds, is part of the page rather than of the article. */
export type IsFurniture = (name: string, attributes: Attributes) => boolean;

/**
 * HTML as blocks, in time linear in its length. Shortcodes and markup escaped too often are repaired first. Relative URLs are resolved against `base`.
 * What comes out is safe whatever went in: an element is either known here or adds nothing but its text.
 */
export function htmlToBlocks(
  html: string,
  base: string | undefined,
  warnings: Warnings,
  isFurniture: IsFurniture = () => false,
): Block[] {
  const reader = new Reader(base, warnings, html.length);
  const markup = expandShortcodes(unescapeMarkup(html, warnings), warnings);
  parseHtml(markup, new Dispatcher(reader, isFurniture));
  return listsFromBullets(reader.flow.finish(), false);
}

const MOST_SKIPPED = 200;

/** Starts and ends elements, and skips with all they hold those that are not wanted. */
class Dispatcher implements DocumentHandler {
  readonly #reader: Reader;
  readonly #isFurniture: IsFurniture;
  readonly #ends: Exclude<End, 'skip'>[] = [];
  /** Elements open from the skipped one inwards. */
  #skipping = 0;
  #skipped = { name: '', text: '', furniture: false };

  constructor(reader: Reader, isFurniture: IsFurniture) {
    this.#reader = reader;
    this.#isFurniture = isFurniture;
  }

  open(name: string, attributes: Attributes): void {
    if (this.#skipping > 0) {
      this.#skipping += 1;
      // One option's words are not the next one's.
      this.#skip(' ');
      return;
    }
    const furniture = this.#isFurniture(name, attributes);
    const end = furniture || isDropped(name, attributes) ? 'skip' : this.#begin(name, attributes);
    if (end !== 'skip') {
      this.#ends.push(end);
      return;
    }
    this.#skipping = 1;
    this.#skipped = { name, text: '', furniture };
  }

  close(): void {
    if (this.#skipping === 0) {
      this.#ends.pop()?.();
      return;
    }
    this.#skipping -= 1;
    if (this.#skipping === 0) this.#tellOfSkipped();
  }

  text(text: string): void {
    if (this.#skipping > 0) this.#skip(text);
    else if (this.#reader.code) this.#reader.code.text += text;
    else this.#reader.flow.line.text(text, this.#reader.textMark());
  }

  #skip(text: string): void {
    const room = MOST_SKIPPED - this.#skipped.text.length;
    if (room > 0) this.#skipped.text += text.slice(0, room);
  }

  #begin(name: string, attributes: Attributes): End {
    const begin = this.#reader.code ? beginInCode : beginElement;
    return begin(this.#reader, attributes, name);
  }

  #tellOfSkipped(): void {
    const { name, text, furniture } = this.#skipped;
    const { warnings } = this.#reader;
    if (furniture) {
      if (text.trim() !== '') warnings.add('furniture-dropped', text);
    } else if (!isSilent(name) && text.trim() !== '') {
      warnings.add('element-dropped', `${name} ${text}`);
    }
  }
}
