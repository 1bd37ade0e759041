import type { Found } from '../article.ts';

/** One thing read from a file: an article, a payload that is ready to send, or what was passed over and why. */
export type Entry = { found: Found } | { payload: string; label: string } | { skipped: string };

/** Told how many bytes more were read. */
export type Advance = (bytes: number) => void;

/** Gives what was read at once, one by one, and counts each as its share of the bytes when the next is asked for. */
export function* spread<Item>(items: readonly Item[], bytes: number, advance: Advance): Generator<Item> {
  const share = Math.floor(bytes / Math.max(items.length, 1));
  for (const item of items) {
    yield item;
    advance(share);
  }
  advance(bytes - share * items.length);
}
