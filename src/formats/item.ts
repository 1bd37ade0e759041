import type { Article, Card } from '../domain/article.ts';
import { MAX_EXCERPT_LENGTH } from '../domain/article-size.ts';
import { inlineText } from '../domain/blocks.ts';
import { excerpt } from '../text/excerpt.ts';
import type { Feed } from './feed.ts';

/** Facts about a feed's item that several formats need. */

/** Whether the item has its body, so that it is rendered in full. */
export function isFull(item: Article | Card): item is Article {
  return 'body' in item;
}

const EXCERPT_GRAPHEMES = 300;

/** A short plain text of the item: its summary, else the start of its first paragraph. */
export function itemSummary(item: Article | Card): string | undefined {
  if (item.summary !== undefined) return item.summary;
  if (!isFull(item)) return undefined;
  for (const block of item.body) {
    const text = block.type === 'paragraph' ? inlineText(block.content).replaceAll('\n', ' ').trim() : '';
    // A grapheme can have any number of marks, so that the number of graphemes is no bound for the length.
    if (text !== '') return excerpt(shortened(text), EXCERPT_GRAPHEMES, item.language);
  }
  return undefined;
}

const shortened = (text: string): string =>
  text.length <= MAX_EXCERPT_LENGTH ? text : text.slice(0, MAX_EXCERPT_LENGTH).toWellFormed();

/** The item's section, then its tags, each once. */
export function itemTags(item: Article | Card): string[] {
  return [...new Set(item.section === undefined ? item.tags : [item.section, ...item.tags])];
}

/** The item's language when it is not the feed's. */
export function foreignLanguage(item: Article | Card, feed: Feed): string | undefined {
  return item.language === feed.language ? undefined : item.language;
}
