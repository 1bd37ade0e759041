import type { Warning } from '../domain/draft.ts';
import { oneLine, truncate } from '../text/text.ts';

/** Everything the normalizer may say that it did. */
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
  | 'markup-unescaped'
  | 'related-lifted'
  | 'shortcode-dropped'
  | 'summary-lifted'
  | 'url-refused';

const MAX_WARNINGS = 100;
const EXCERPT = 80;

/** What was dropped, lifted or refused, in the order it was found; the first 100 of it. */
export class Warnings {
  readonly list: Warning[] = [];

  add(code: WarningCode, text: string): void {
    if (this.list.length >= MAX_WARNINGS) return;
    // A grapheme is rarely more than ten code units; what is cut here is cut again below.
    this.list.push({ code, excerpt: truncate(oneLine(text.slice(0, EXCERPT * 10)), EXCERPT) });
  }
}
