import type { Warning } from '../domain/draft.ts';
import { oneLine, truncate } from '../text/text.ts';

/** Everything that the normalizer may warn of. */
export type WarningCode =
  | 'byline-lifted'
  | 'caption-lifted'
  | 'credit-lifted'
  | 'dateline-lifted'
  | 'element-dropped'
  | 'embed-replaced'
  | 'boilerplate-dropped'
  | 'headline-repeated'
  | 'image-repeated'
  | 'list-shortened'
  | 'markup-unescaped'
  | 'related-lifted'
  | 'shortcode-dropped'
  | 'summary-lifted'
  | 'url-refused';

const MAX_WARNINGS = 100;
const EXCERPT = 80;

/** The first 100 warnings of what was dropped, lifted or refused, in order. */
export class Warnings {
  readonly #found: { code: WarningCode; text: string }[] = [];

  add(code: WarningCode, text: string): void {
    // Bounds the memory; a grapheme is rarely longer than ten code units.
    if (this.#found.length < MAX_WARNINGS) this.#found.push({ code, text: text.slice(0, EXCERPT * 10) });
  }

  addAll(other: Warnings): void {
    for (const { code, text } of other.#found) this.add(code, text);
  }

  /** The warnings with their excerpts. A page is read in several ways; only those of the chosen reading are cut. */
  get list(): Warning[] {
    return this.#found.map(({ code, text }) => ({ code, excerpt: truncate(oneLine(text), EXCERPT) }));
  }
}
