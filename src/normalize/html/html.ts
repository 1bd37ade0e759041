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
 * Reads HTML as blocks, in time linear in its length. Repairs markup that was escaped too often and expands shortcodes
 * first. Resolves relative URLs against `base`. The output is safe for any input: an element is either known here or
 * adds nothing but its text. `warnings` names what is dropped, including what `isBoilerplate` leaves out.
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

/** Begins and ends elements, and skips unwanted ones with all they hold. */
class Dispatcher implements DocumentHandler {
  readonly #reader: Reader;
  readonly #isBoilerplate: IsBoilerplate;
  readonly #ends: Exclude<End, 'skip'>[] = [];
  /** How many elements are open, from the skipped one inwards; 0 outside of one. */
  #skipping = 0;
  #skipped = { name: '', text: '', boilerplate: false };

  constructor(reader: Reader, isBoilerplate: IsBoilerplate) {
    this.#reader = reader;
    this.#isBoilerplate = isBoilerplate;
  }

  open(name: string, attributes: Attributes): void {
    if (this.#skipping > 0) {
      this.#skipping += 1;
      // Keeps the words of neighbouring elements, such as options, apart.
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
    if (this.#skipping === 0) this.#warnOfSkipped();
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

  #warnOfSkipped(): void {
    const { name, text, boilerplate } = this.#skipped;
    const { warnings } = this.#reader;
    if (boilerplate) {
      if (text.trim() !== '') warnings.add('boilerplate-dropped', text);
    } else if (!isSilent(name) && text.trim() !== '') {
      warnings.add('element-dropped', `${name} ${text}`);
    }
  }
}
