import type { Article, Card } from '../domain/article.ts';
import { inlineText } from '../domain/blocks.ts';
import { excerpt } from '../text/excerpt.ts';
import type { Feed } from './feed.ts';
import { webUrl } from './url.ts';
import { textElement } from './xml.ts';

/** What the dialects ask of a feed's item. */

/** Whether the item came with its body, and is to be written in full. */
export function isFull(item: Article | Card): item is Article {
  return 'body' in item;
}

const EXCERPT_GRAPHEMES = 300;

/** The item in a few plain words: its summary, else the beginning of its first paragraph. */
export function itemSummary(item: Article | Card): string | undefined {
  if (item.summary !== undefined) return item.summary;
  if (!isFull(item)) return undefined;
  for (const block of item.body) {
    const text = block.type === 'paragraph' ? inlineText(block.content).replaceAll('\n', ' ').trim() : '';
    if (text !== '') return excerpt(text, EXCERPT_GRAPHEMES, item.language);
  }
  return undefined;
}

/** The item's section, then its tags, each once. */
export function itemTags(item: Article | Card): string[] {
  return [...new Set(item.section === undefined ? item.tags : [item.section, ...item.tags])];
}

/** The item's language when it is not the feed's. */
export function foreignLanguage(item: Article | Card, feed: Feed): string | undefined {
  return item.language === feed.language ? undefined : item.language;
}

/**
 * Where else the item is, as the `atom:link` elements of RSS and Atom: the publisher's own page (RFC 6596), and the
 * licence when that is an address (RFC 4946).
 */
export function itemLinks(item: Article | Card): { href: string; rel: string }[] {
  const canonical = webUrl(item.canonicalUrl);
  const license = webUrl(item.rights?.licence);
  return [
    ...(canonical === undefined || canonical === item.url ? [] : [{ href: canonical, rel: 'canonical' }]),
    ...(license === undefined ? [] : [{ href: license, rel: 'license' }]),
  ];
}

/** What RSS and Atom say of an item in Dublin Core terms. */
export function itemTerms({ updatedAt, dateline, credit, rights }: Article | Card): string[] {
  return [
    textElement('dcterms:license', rights?.licence),
    textElement('dcterms:modified', updatedAt),
    textElement('dcterms:rights', rights?.usageTerms),
    textElement('dcterms:source', credit),
    textElement('dcterms:spatial', dateline),
  ];
}
