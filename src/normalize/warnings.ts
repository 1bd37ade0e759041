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
  | 'markup-unescaped'
  | 'related-lifted'
  | 'shortcode-dropped'
  | 'summary-lifted'
  | 'url-refused';

const MAX_WARNINGS = 100;
const EXCERPT = 80;

/** The first 100 warnings of what was dropped, lifted or refused, in order. */
export class Warnings {
  readonly list: Warning[] = [];

  add(code: WarningCode, text: string): void {
    if (this.list.length >= MAX_WARNINGS) return;
    // Bounds the work; a grapheme is rarely longer than ten code units, and `truncate` cuts again.
    this.list.push({ code, excerpt: truncate(oneLine(text.slice(0, EXCERPT * 10)), EXCERPT) });
  }
}
