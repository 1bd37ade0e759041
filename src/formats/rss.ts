import { generateRssFeed } from 'feedsmith';
import type { Article, Card } from '../article/article.ts';
import { articleUrn } from '../article/identity.ts';
import { escapeText, xmlText } from './escape.ts';
import { withExtensions } from './extensions.ts';
import type { Feed, FeedFormat } from './feed.ts';
import { articleHtml } from './html.ts';
import { foreignLanguage, isFull, itemLinks, itemSummary, itemTags, itemTerms } from './item.ts';
import { feedLinks } from './links.ts';
import { itemMedia } from './media-rss.ts';
import { FEED_STYLESHEETS } from './stylesheet.ts';

const MEDIA_TYPE = 'application/rss+xml';

/** RSS 2.0 with the Atom, content, Dublin Core, Media RSS, syndication and tombstone namespaces. */
export const rss: FeedFormat = {
  extension: 'rss',
  mediaType: `${MEDIA_TYPE}; charset=utf-8`,
  isXml: true,
  render: (feed) =>
    withExtensions(
      generateRssFeed(
        {
          title: xmlText(feed.title),
          link: feed.homeUrl,
          description: plainAsHtml(feed.description),
          language: feed.language,
          lastBuildDate: feed.updatedAt,
          generator: 'Dateline',
          atom: { links: feedLinks(feed, MEDIA_TYPE) },
          // Every five minutes, for readers that do not use the hub.
          sy: { updatePeriod: 'hourly', updateFrequency: 12 },
          items: feed.items.map((item) => rssItem(item, feed)),
        },
        { stylesheets: FEED_STYLESHEETS },
      ),
      feed,
    ),
};

function rssItem(item: Article | Card, feed: Feed) {
  const summary = itemSummary(item);
  const language = foreignLanguage(item, feed);
  const media = itemMedia(item);
  const publisher = feed.publisherNames?.get(item.publisher);
  return {
    title: xmlText(item.headline),
    link: item.url,
    ...(summary === undefined ? {} : { description: plainAsHtml(summary) }),
    // The article's name outlives its URL, which follows the headline.
    guid: { value: articleUrn(item.id), isPermaLink: false },
    pubDate: item.publishedAt,
    categories: itemTags(item).map((name) => ({ name: xmlText(name) })),
    dc: {
      creators: item.authors.map((author) => xmlText(author.name)),
      ...(publisher === undefined ? {} : { publishers: [xmlText(publisher)] }),
      ...(language === undefined ? {} : { languages: [language] }),
      ...(item.rights?.copyright === undefined ? {} : { rights: [xmlText(item.rights.copyright)] }),
    },
    dcterms: itemTerms(item),
    // RSS has no date that moves.
    atom: { links: itemLinks(item), updated: item.updatedAt },
    ...(isFull(item) ? { content: { encoded: articleHtml(item) } } : {}),
    ...(media ? { media } : {}),
  };
}

/** RSS 2.0 takes a description for HTML ("entity-encoded HTML is allowed"), so plain words are escaped twice. */
const plainAsHtml = (text: string): string => escapeText(text);
