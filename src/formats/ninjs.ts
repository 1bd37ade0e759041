import type { Article, Card } from '../domain/article.ts';
import { articleUrn } from '../domain/identity.ts';
import { type Feed, type FeedFormat, feedId, type Withdrawal, withList } from './feed.ts';
import { articleHtml } from './html.ts';
import { isFull, itemSummary } from './item.ts';
import { strictUri } from './url.ts';

/**
 * IPTC ninjs 3.1 (https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json): one `composite` news object whose
 * associations are the items. The schema is closed, so hub, self and the other pages are in Link headers only.
 */
export const ninjs: FeedFormat = {
  extension: 'ninjs',
  // ninjs has no registered media type.
  mediaType: 'application/json; charset=utf-8',
  isXml: false,
  item: (item, feed) => JSON.stringify(ninjsItem(item, feed)),
  document: (feed, items) =>
    withList('associations', [...items, ...feed.withdrawn.map((each) => JSON.stringify(canceled(each)))], {
      uri: feedId(feed),
      standard: {
        name: 'ninjs',
        version: '3.1',
        schema: 'https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json',
      },
      type: 'composite',
      title: feed.title,
      descriptions: [plain('summary', feed.description)],
      language: feed.language,
      versionCreated: feed.updatedAt,
    }),
};

const plain = (role: string, value: string) => ({ role, contentType: 'text/plain', value });

function ninjsItem(item: Article | Card, feed: Feed) {
  const full = isFull(item);
  const summary = itemSummary(item);
  const corrections = full ? item.corrections : [];
  const canonical = strictUri(item.canonicalUrl);
  const picture = leadPicture(item);
  return {
    uri: articleUrn(item.id),
    name: item.headline,
    type: 'text',
    representationType: full ? 'full' : 'partial',
    version: String(item.version),
    pubStatus: 'usable',
    firstCreated: item.publishedAt,
    contentCreated: item.publishedAt,
    versionCreated: item.updatedAt,
    expires: item.expiresAt,
    language: item.language,
    headlines: [plain('main', item.headline)],
    descriptions: [
      ...(summary === undefined ? [] : [plain('summary', summary)]),
      ...corrections.map(({ note }) => plain('correction', note)),
    ],
    bodies: full
      ? [{ role: 'main', contentType: 'text/html', wordCount: item.wordCount, value: articleHtml(item) }]
      : undefined,
    by: item.authors.length > 0 ? item.authors.map(({ name }) => name).join(', ') : undefined,
    people:
      item.authors.length > 0
        ? item.authors.map(({ name, url }) => ({ name, rel: 'author', uri: strictUri(url) }))
        : undefined,
    located: item.dateline,
    subjects: [
      ...(item.section === undefined ? [] : [{ name: item.section, rel: 'section' }]),
      ...item.tags.filter((name) => name !== item.section).map((name) => ({ name, rel: 'tag' })),
    ],
    infoSources: [
      { name: feed.publisherNames?.get(item.publisher), role: 'publisher', literal: item.publisher },
      ...(item.credit === undefined ? [] : [{ name: item.credit, role: 'credit' }]),
    ],
    ...rightsOf(item),
    renditions: [
      { name: 'web', contentType: 'text/html', href: strictUri(item.url) },
      ...(canonical === undefined ? [] : [{ name: 'canonical', contentType: 'text/html', href: canonical }]),
    ],
    associations: picture && [picture],
  };
}

/** The lead picture is a separate news object, because a text's renditions are renditions of the text. */
function leadPicture({ image, headline }: Article | Card) {
  const href = strictUri(image?.url);
  if (image === undefined || href === undefined) return undefined;
  return {
    uri: href,
    name: image.alt ?? image.caption ?? headline,
    rel: 'leadPicture',
    type: 'picture',
    by: image.credit,
    descriptions: [
      ...(image.caption === undefined ? [] : [plain('caption', image.caption)]),
      ...(image.alt === undefined ? [] : [plain('altText', image.alt)]),
    ],
    renditions: [{ name: 'web', href, width: image.width, height: image.height }],
  };
}

/** `linkedRights` must be a URL; a licence that is only a name belongs to the usage terms. */
function rightsOf({ rights = {} }: Article | Card) {
  const linkedRights = strictUri(rights.licence);
  const terms = [rights.usageTerms, linkedRights === undefined ? rights.licence : undefined].filter(Boolean);
  return {
    copyrightNotice: rights.copyright,
    usageTerms: terms.length > 0 ? terms.join('\n') : undefined,
    rightsInfo: linkedRights === undefined ? undefined : { linkedRights },
  };
}

/** `canceled` tells a receiver to take the article down. The name is required, but nothing of the article may remain. */
function canceled({ id, at }: Withdrawal) {
  return {
    uri: articleUrn(id),
    name: 'Withdrawn',
    type: 'text',
    pubStatus: 'canceled',
    versionCreated: at,
  };
}
