import type { Block } from '../../domain/blocks.ts';
import { type Attributes, type DocumentHandler, parseHtml } from '../../markup/html-parser.ts';
import type { Warnings } from '../warnings.ts';
import { beginInCode } from './block-elements.ts';
import type { IsBoilerplate } from './boilerplate.ts';
import { listsFromBullets } from './bullets.ts';
import { beginElement, isDropped, isSilent } from './elements.ts';
import { type End, Reader } from './reader.ts';
import { expandShortcodes } from './shortcodes.ts';
import { unescapeMarkup } from './unescape.ts';

/**
 * HTML as blocks, in time linear in its length. Shortcodes and markup escaped too often are repaired first. Relative URLs are resolved against `base`.
 * What comes out is safe whatever went in: an element is either known here or adds nothing but its text.
 */
export function htmlToBlocks(
  html: string,
  base: string | undefined,
  warnings: Warnings,
  isBoilerplate: IsBoilerplate = () => false,
): Block[] {
  const reader = new Reader(base, warnings, html.length);
  const markup = expandShortcodes(unescapeMarkup(html, warnings), warnings);
  parseHtml(markup, new Dispatcher(reader, isBoilerplate));
  return listsFromBullets(reader.flow.finish(), false);
}

const MAX_SKIPPED = 200;

/** Starts and ends elements, and skips with all they hold those that are not wanted. */
class Dispatcher implements DocumentHandler {
  readonly #reader: Reader;
  readonly #isBoilerplate: IsBoilerplate;
  readonly #ends: Exclude<End, 'skip'>[] = [];
  /** Elements open from the skipped one inwards. */
  #skipping = 0;
  #skipped = { name: '', text: '', boilerplate: false };

  constructor(reader: Reader, isBoilerplate: IsBoilerplate) {
    this.#reader = reader;
    this.#isBoilerplate = isBoilerplate;
  }

  open(name: string, attributes: Attributes): void {
    if (this.#skipping > 0) {
      this.#skipping += 1;
      // One option's words are not the next one's.
      this.#skip(' ');
      return;
    }
    const boilerplate = this.#isBoilerplate(name, attributes);
    const end = boilerplate || isDropped(name, attributes) ? 'skip' : this.#begin(name, attributes);
    if (end !== 'skip') {
      this.#ends.push(end);
      return;
    }
    this.#skipping = 1;
    this.#skipped = { name, text: '', boilerplate };
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
    const room = MAX_SKIPPED - this.#skipped.text.length;
    if (room > 0) this.#skipped.text += text.slice(0, room);
  }

  #begin(name: string, attributes: Attributes): End {
    const begin = this.#reader.code ? beginInCode : beginElement;
    return begin(this.#reader, attributes, name);
  }

  #tellOfSkipped(): void {
    const { name, text, boilerplate } = this.#skipped;
    const { warnings } = this.#reader;
    if (boilerplate) {
      if (text.trim() !== '') warnings.add('boilerplate-dropped', text);
    } else if (!isSilent(name) && text.trim() !== '') {
      warnings.add('element-dropped', `${name} ${text}`);
    }
  }
}
