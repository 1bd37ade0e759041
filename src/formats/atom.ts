import type { Article, Card } from '../domain/article.ts';
import { articleUrn } from '../domain/identity.ts';
import { type Feed, type FeedFormat, feedId } from './feed.ts';
import { articleHtml } from './html.ts';
import { foreignLanguage, isFull, itemSummary, itemTags } from './item.ts';
import { FEED_STYLESHEET_PATH } from './stylesheet.ts';
import { safeWebUrl } from './url.ts';
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

const MEDIA_TYPE = 'application/atom+xml';

const ROOT = {
  xmlns: 'http://www.w3.org/2005/Atom',
  'xmlns:dcterms': 'http://purl.org/dc/terms/',
  'xmlns:media': 'http://search.yahoo.com/mrss/',
  ...EXTENSION_NAMESPACES,
};

/** Atom 1.0 (RFC 4287) with the Dublin Core terms, Media RSS and tombstone (RFC 6721) namespaces. */
export const atom: FeedFormat = {
  extension: 'atom',
  mediaType: `${MEDIA_TYPE}; charset=utf-8`,
  isXml: true,
  item: atomEntry,
  document(feed, items) {
    const links = [
      { href: feed.homeUrl, rel: 'alternate', type: 'text/html' },
      ...atomLinks(feed, MEDIA_TYPE),
    ];
    const children = [
      textElement('id', feedId(feed)),
      textElement('title', feed.title),
      textElement('subtitle', feed.description),
      textElement('updated', feed.updatedAt),
      // Section 4.2.1: an entry without an author takes the feed's, and a feed of such entries must have one.
      parent('author', [textElement('name', feed.siteName)]),
      textElement('generator', 'Dateline'),
      ...links.map((link) => emptyElement('link', link)),
      ...items,
      ...feed.withdrawn.map(tombstone),
    ];
    return document(parent('feed', children, { ...ROOT, 'xml:lang': feed.language }), FEED_STYLESHEET_PATH);
  },
};

function atomEntry(item: Article | Card, feed: Feed): string {
  const children = [
    textElement('id', articleUrn(item.id)),
    textElement('title', item.headline),
    textElement('summary', itemSummary(item)),
    textElement('published', item.publishedAt),
    textElement('updated', item.updatedAt),
    ...itemAuthors(item, feed),
    ...[{ href: item.url, rel: 'alternate', type: 'text/html' }, ...itemLinks(item)].map((link) =>
      emptyElement('link', link),
    ),
    ...itemTags(item).map((term) => emptyElement('category', { term })),
    textElement('rights', item.rights?.copyright),
    isFull(item) ? htmlElement('content', articleHtml(item), { type: 'html' }) : '',
    itemMedia(item),
    ...itemTerms(item),
    ...itemVersion(item),
  ];
  return parent('entry', children, { 'xml:lang': foreignLanguage(item, feed) });
}

/** The item's authors, else its publisher; empty where the feed's author applies. */
function itemAuthors(item: Article | Card, feed: Feed): string[] {
  const publisher = feed.publisherNames?.get(item.publisher);
  if (item.authors.length === 0) {
    return publisher === undefined ? [] : [parent('author', [textElement('name', publisher)])];
  }
  return item.authors.map(({ name, url }) =>
    parent('author', [textElement('name', name), textElement('uri', safeWebUrl(url))]),
  );
}
