import { generateRssFeed } from 'feedsmith';
import type { Article, Card } from '../article/article.ts';
import type { Image } from '../article/blocks.ts';
import { articleUrn } from '../article/identity.ts';
import { escapeText, xmlText } from './escape.ts';
import type { Feed, FeedFormat } from './feed.ts';
import { articleHtml } from './html.ts';
import { foreignLanguage, isFull, itemSummary, itemTags } from './item.ts';
import { webUrl } from './url.ts';

const MEDIA_TYPE = 'application/rss+xml';

/** RSS 2.0 with the Atom, Dublin Core, content and Media RSS namespaces. */
export const rss: FeedFormat = {
  extension: 'rss',
  mediaType: `${MEDIA_TYPE}; charset=utf-8`,
  render: (feed) =>
    generateRssFeed({
      title: xmlText(feed.title),
      link: feed.homeUrl,
      description: plainAsHtml(feed.description),
      language: feed.language,
      lastBuildDate: feed.updatedAt,
      generator: 'Dateline',
      atom: { links: feedLinks(feed) },
      items: feed.items.map((item) => rssItem(item, feed)),
    }),
};

/** RSS has no links of its own to itself and to its next page: RFC 4287 section 4.2.7 and RFC 5005 section 3. */
function feedLinks(feed: Feed) {
  const next = feed.nextUrl === undefined ? [] : [{ href: feed.nextUrl, rel: 'next', type: MEDIA_TYPE }];
  return [{ href: feed.selfUrl, rel: 'self', type: MEDIA_TYPE }, ...next];
}

function rssItem(item: Article | Card, feed: Feed) {
  const summary = itemSummary(item);
  const language = foreignLanguage(item, feed);
  const url = webUrl(item.image?.url);
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
      ...(language === undefined ? {} : { languages: [language] }),
    },
    dcterms: { modified: [item.updatedAt] },
    ...(isFull(item) ? { content: { encoded: articleHtml(item) } } : {}),
    ...(item.image && url ? { media: { contents: [mediaContent(item.image, url)] } } : {}),
  };
}

/** Media RSS 1.5.1: the picture, `media:title` its alternative text and `media:description` its caption. */
function mediaContent(image: Image, url: string) {
  return {
    url,
    medium: 'image',
    ...(image.width && image.height ? { width: image.width, height: image.height } : {}),
    ...(image.alt ? { title: { value: xmlText(image.alt), type: 'plain' } } : {}),
    ...(image.caption ? { description: { value: xmlText(image.caption), type: 'plain' } } : {}),
    ...(image.credit ? { credits: [{ value: xmlText(image.credit) }] } : {}),
  };
}

/** RSS 2.0 takes a description for HTML ("entity-encoded HTML is allowed"), so plain words are escaped twice. */
const plainAsHtml = (text: string): string => escapeText(text);
