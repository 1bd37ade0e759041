import { generateAtomFeed } from 'feedsmith';
import type { Article, Card } from '../article/article.ts';
import { articleUrn } from '../article/identity.ts';
import { xmlText } from './escape.ts';
import { withExtensions } from './extensions.ts';
import { type Feed, type FeedFormat, feedId } from './feed.ts';
import { articleHtml } from './html.ts';
import { foreignLanguage, isFull, itemLinks, itemSummary, itemTags, itemTerms } from './item.ts';
import { feedLinks } from './links.ts';
import { itemMedia } from './media-rss.ts';
import { FEED_STYLESHEETS } from './stylesheet.ts';
import { webUrl } from './url.ts';

const MEDIA_TYPE = 'application/atom+xml';

/** Atom 1.0 (RFC 4287) with the Dublin Core terms, Media RSS and tombstone (RFC 6721) namespaces. */
export const atom: FeedFormat = {
  extension: 'atom',
  mediaType: `${MEDIA_TYPE}; charset=utf-8`,
  isXml: true,
  render: (feed) =>
    withExtensions(
      generateAtomFeed(
        {
          id: feedId(feed),
          title: text(feed.title),
          subtitle: text(feed.description),
          updated: feed.updatedAt,
          // Section 4.2.1: an entry without an author takes the feed's, and a feed of such entries must have one.
          authors: [{ name: xmlText(feed.siteName) }],
          generator: { text: 'Dateline' },
          links: [
            { href: feed.homeUrl, rel: 'alternate', type: 'text/html' },
            ...feedLinks(feed, MEDIA_TYPE),
          ],
          xml: { lang: feed.language },
          entries: feed.items.map((item) => atomEntry(item, feed)),
        },
        { stylesheets: FEED_STYLESHEETS },
      ),
      feed,
    ),
};

function atomEntry(item: Article | Card, feed: Feed) {
  const summary = itemSummary(item);
  const language = foreignLanguage(item, feed);
  const media = itemMedia(item);
  const { copyright } = item.rights ?? {};
  return {
    id: articleUrn(item.id),
    title: text(item.headline),
    links: [{ href: item.url, rel: 'alternate', type: 'text/html' }, ...itemLinks(item)],
    published: item.publishedAt,
    updated: item.updatedAt,
    authors: itemAuthors(item, feed),
    categories: itemTags(item).map((name) => ({ term: xmlText(name) })),
    ...(summary === undefined ? {} : { summary: text(summary) }),
    ...(isFull(item) ? { content: { value: articleHtml(item), type: 'html' } } : {}),
    ...(copyright === undefined ? {} : { rights: text(copyright) }),
    dcterms: itemTerms(item),
    ...(media ? { media } : {}),
    ...(language === undefined ? {} : { xml: { lang: language } }),
  };
}

/** The item's authors, else its publisher; nobody where the feed's own author will do. */
function itemAuthors(item: Article | Card, feed: Feed): { name: string; uri?: string }[] {
  const publisher = feed.publisherNames?.get(item.publisher);
  if (item.authors.length === 0) return publisher === undefined ? [] : [{ name: xmlText(publisher) }];
  return item.authors.map(({ name, url }) => {
    const uri = webUrl(url);
    return { name: xmlText(name), ...(uri === undefined ? {} : { uri }) };
  });
}

/** feedsmith drops a plain string here without a word. */
const text = (value: string) => ({ value: xmlText(value) });
