import type { Article, Card } from '../domain/article.ts';
import { articleUrn } from '../domain/identity.ts';
import { EXTENSION_NAMESPACES, itemVersion, tombstone } from './extensions.ts';
import { type Feed, type FeedFormat, feedId } from './feed.ts';
import { articleHtml } from './html.ts';
import { foreignLanguage, isFull, itemLinks, itemSummary, itemTags, itemTerms } from './item.ts';
import { feedLinks } from './links.ts';
import { itemMedia } from './media-rss.ts';
import { FEED_STYLESHEET_PATH } from './stylesheet.ts';
import { webUrl } from './url.ts';
import { document, empty, markup, parent, words } from './xml.ts';

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
  render(feed) {
    const links = [
      { href: feed.homeUrl, rel: 'alternate', type: 'text/html' },
      ...feedLinks(feed, MEDIA_TYPE),
    ];
    const children = [
      words('id', feedId(feed)),
      words('title', feed.title),
      words('subtitle', feed.description),
      words('updated', feed.updatedAt),
      // Section 4.2.1: an entry without an author takes the feed's, and a feed of such entries must have one.
      parent('author', [words('name', feed.siteName)]),
      words('generator', 'Dateline'),
      ...links.map((link) => empty('link', link)),
      ...feed.items.map((item) => atomEntry(item, feed)),
      ...feed.withdrawn.map(tombstone),
    ];
    return document(parent('feed', children, { ...ROOT, 'xml:lang': feed.language }), FEED_STYLESHEET_PATH);
  },
};

function atomEntry(item: Article | Card, feed: Feed): string {
  const children = [
    words('id', articleUrn(item.id)),
    words('title', item.headline),
    words('summary', itemSummary(item)),
    words('published', item.publishedAt),
    words('updated', item.updatedAt),
    ...itemAuthors(item, feed),
    ...[{ href: item.url, rel: 'alternate', type: 'text/html' }, ...itemLinks(item)].map((link) =>
      empty('link', link),
    ),
    ...itemTags(item).map((term) => empty('category', { term })),
    words('rights', item.rights?.copyright),
    isFull(item) ? markup('content', articleHtml(item), { type: 'html' }) : '',
    itemMedia(item),
    ...itemTerms(item),
    ...itemVersion(item),
  ];
  return parent('entry', children, { 'xml:lang': foreignLanguage(item, feed) });
}

/** The item's authors, else its publisher; nobody where the feed's own author will do. */
function itemAuthors(item: Article | Card, feed: Feed): string[] {
  const publisher = feed.publisherNames?.get(item.publisher);
  if (item.authors.length === 0) {
    return publisher === undefined ? [] : [parent('author', [words('name', publisher)])];
  }
  return item.authors.map(({ name, url }) =>
    parent('author', [words('name', name), words('uri', webUrl(url))]),
  );
}
