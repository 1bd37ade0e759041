import type { Article, Card } from '../domain/article.ts';
import { articleUrn } from '../domain/identity.ts';
import { type FeedFormat, withList } from './feed.ts';
import { articleHtml } from './html.ts';
import { isFull, itemSummary, itemTags } from './item.ts';
import { safeWebUrl } from './url.ts';

/**
 * JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), built of plain objects: `JSON.stringify` already omits absent
 * members, so a generator would add nothing.
 */
export const jsonFeed: FeedFormat = {
  extension: 'json',
  mediaType: 'application/feed+json; charset=utf-8',
  isXml: false,
  item: (item) => JSON.stringify(jsonItem(item)),
  document: (feed, items) =>
    withList('items', items, {
      version: 'https://jsonfeed.org/version/1.1',
      title: feed.title,
      home_page_url: feed.homeUrl,
      feed_url: feed.selfUrl,
      description: feed.description,
      language: feed.language,
      next_url: feed.nextUrl,
      hubs: [{ type: 'WebSub', url: feed.hubUrl }],
      // Members with an underscore are extensions: a withdrawn article must not be an item.
      _dateline: { withdrawn: feed.withdrawn.map(({ id, at }) => ({ id: articleUrn(id), at })) },
    }),
};

function jsonItem(item: Article | Card) {
  const summary = itemSummary(item);
  const canonicalUrl = safeWebUrl(item.canonicalUrl);
  return {
    id: articleUrn(item.id),
    url: item.url,
    external_url: canonicalUrl === item.url ? undefined : canonicalUrl,
    title: item.headline,
    summary,
    // An item must have one of the two, even if there is only a summary.
    ...(isFull(item) ? { content_html: articleHtml(item) } : { content_text: summary ?? item.headline }),
    image: safeWebUrl(item.image?.url),
    date_published: item.publishedAt,
    date_modified: item.updatedAt,
    authors:
      item.authors.length > 0
        ? item.authors.map(({ name, url }) => ({ name, url: safeWebUrl(url) }))
        : undefined,
    tags: itemTags(item),
    language: item.language,
    _dateline: extension(item),
  };
}

/** The article's fields that the format lacks, under the names of `/articles/{id}`. */
function extension(item: Article | Card) {
  const common = {
    version: item.version,
    publisher: item.publisher,
    direction: item.direction,
    section: item.section,
    dateline: item.dateline,
    credit: item.credit,
    rights: item.rights,
    wordCount: item.wordCount,
    readingMinutes: item.readingMinutes,
  };
  if (!isFull(item)) return common;
  return { ...common, corrections: item.corrections, translations: item.translations };
}
