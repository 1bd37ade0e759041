import type { Article, Card } from '../domain/article.ts';
import { articleUrn } from '../domain/identity.ts';
import { escapeText } from './escape.ts';
import type { Feed, FeedFormat } from './feed.ts';
import { articleHtml } from './html.ts';
import { foreignLanguage, isFull, itemSummary, itemTags } from './item.ts';
import { FEED_STYLESHEET_PATH } from './stylesheet.ts';
import { document, emptyElement, htmlElement, parent, textElement } from './xml.ts';
import {
  atomLinks,
  EXTENSION_NAMESPACES,
  itemLinks,
  itemMedia,
  itemTerms,
  itemVersion,
  tombstone,
} from './xml-feed.ts';

const MEDIA_TYPE = 'application/rss+xml';

const ROOT = {
  version: '2.0',
  'xmlns:atom': 'http://www.w3.org/2005/Atom',
  'xmlns:content': 'http://purl.org/rss/1.0/modules/content/',
  'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
  'xmlns:dcterms': 'http://purl.org/dc/terms/',
  'xmlns:media': 'http://search.yahoo.com/mrss/',
  'xmlns:sy': 'http://purl.org/rss/1.0/modules/syndication/',
  ...EXTENSION_NAMESPACES,
};

/** RSS 2.0 with the Atom, content, Dublin Core, Media RSS, syndication and tombstone namespaces. */
export const rss: FeedFormat = {
  extension: 'rss',
  mediaType: `${MEDIA_TYPE}; charset=utf-8`,
  isXml: true,
  item: rssItem,
  document(feed, items) {
    const channel = parent('channel', [
      textElement('title', feed.title),
      textElement('link', feed.homeUrl),
      textElement('description', plainAsHtml(feed.description)),
      textElement('language', feed.language),
      textElement('lastBuildDate', rfc822(feed.updatedAt)),
      textElement('generator', 'Dateline'),
      ...atomLinks(feed, MEDIA_TYPE).map((link) => emptyElement('atom:link', link)),
      // Every five minutes, for readers that do not use the hub.
      textElement('sy:updatePeriod', 'hourly'),
      textElement('sy:updateFrequency', '12'),
      ...items,
      ...feed.withdrawn.map(tombstone),
    ]);
    return document(parent('rss', [channel], ROOT), FEED_STYLESHEET_PATH);
  },
};

function rssItem(item: Article | Card, feed: Feed): string {
  const summary = itemSummary(item);
  return parent('item', [
    textElement('title', item.headline),
    textElement('link', item.url),
    summary === undefined ? '' : textElement('description', plainAsHtml(summary)),
    ...itemTags(item).map((name) => textElement('category', name)),
    // The article's id is permanent; its URL changes with the headline.
    textElement('guid', articleUrn(item.id), { isPermaLink: 'false' }),
    textElement('pubDate', rfc822(item.publishedAt)),
    ...itemLinks(item).map((link) => emptyElement('atom:link', link)),
    // RSS has no date of modification.
    textElement('atom:updated', item.updatedAt),
    ...item.authors.map((author) => textElement('dc:creator', author.name)),
    textElement('dc:language', foreignLanguage(item, feed)),
    textElement('dc:publisher', feed.publisherNames?.get(item.publisher)),
    textElement('dc:rights', item.rights?.copyright),
    isFull(item) ? htmlElement('content:encoded', articleHtml(item)) : '',
    itemMedia(item),
    ...itemTerms(item),
    ...itemVersion(item),
  ]);
}

/** RSS 2.0 reads a description as HTML ("entity-encoded HTML is allowed"), so plain text is escaped twice. */
const plainAsHtml = (text: string): string => escapeText(text);

const rfc822 = (instant: string): string => new Date(instant).toUTCString();
