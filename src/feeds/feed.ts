import type { Article, Card } from '../domain/article.ts';
import { feedPath, pagePath, type Scope, type Site } from '../domain/site.ts';
import { type FeedFormat, sharedLanguage } from '../formats/feed.ts';
import { type Position, writeCursor } from './cursor.ts';
import type { FeedAddress, FeedLinks } from './links.ts';
import type { Listing } from './listing.ts';

/** A feed's metadata, the same on all its pages. */
export interface FeedTitle {
  title: string;
  /** The page for readers that shows the same articles. */
  homeUrl: string;
  /** BCP 47. When absent: the language that all articles share, else the site's. */
  language?: string;
}

/** A page of a feed, before its articles are read. */
export interface FeedPage extends FeedTitle {
  format: FeedFormat;
  site: Site;
  links: FeedLinks;
  listing: Pick<Listing, 'changedAt' | 'withdrawn'>;
}

/** The metadata of a scope's feed. `name` is the scope's display name; the whole site has none. */
export const feedTitle = (site: Site, scope: Scope, name = ''): FeedTitle => ({
  title: name === '' ? site.name : `${name} · ${site.name}`,
  homeUrl: site.origin + pagePath(scope),
  ...(scope.kind === 'languages' && { language: scope.name }),
});

/**
 * Renders a page of a feed in its format.
 * @param publisherNames the display names of the articles' publishers, by id
 * @param since for a document of changes (RFC 3229): omits withdrawals up to this sequence number
 */
export function renderFeed(
  { format, site, links, listing, title, homeUrl, language }: FeedPage,
  items: readonly (Article | Card)[],
  publisherNames: ReadonlyMap<string, string>,
  since = 0,
): string {
  const { self, hub, first, previous, next } = links;
  return format.render({
    title,
    description: site.description,
    language: language ?? sharedLanguage(items, site.language),
    homeUrl,
    selfUrl: self,
    siteName: site.name,
    hubUrl: hub,
    ...(first !== undefined && { firstUrl: first }),
    ...(previous !== undefined && { previousUrl: previous }),
    ...(next !== undefined && { nextUrl: next }),
    updatedAt: listing.changedAt,
    items,
    withdrawn: listing.withdrawn(since),
    publisherNames,
  });
}

/** The formats in which KV stores the feed of all articles rendered: most clients request these. */
export const DEFAULT_FEEDS = ['rss', 'json'] as const;
export type DefaultFeed = (typeof DEFAULT_FEEDS)[number];

export const isDefaultFeed = (extension: string): extension is DefaultFeed =>
  (DEFAULT_FEEDS as readonly string[]).includes(extension);

/** The address of a default feed's first page. */
export function defaultFeedAddress(origin: string, extension: DefaultFeed): FeedAddress {
  const url = `${origin}${feedPath({ kind: 'all' })}.${extension}`;
  const urlOf = (before?: Position) => (before === undefined ? url : `${url}?before=${writeCursor(before)}`);
  return { origin, urlOf };
}
