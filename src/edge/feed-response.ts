import type { AppContext, Bindings } from '../bindings.ts';
import type { Article, Card } from '../domain/article.ts';
import type { Site } from '../domain/site.ts';
import type { FeedFormat } from '../formats/feed.ts';
import { respond } from '../http/conditional.ts';
import type { Paging } from '../http/parameters.ts';
import type { Listing } from './listing.ts';
import { publishersOf } from './site.ts';

/** A feed that was asked for, before anything is rendered. */
export interface AskedFeed {
  listing: Listing;
  format: FeedFormat;
  paging: Paging;
  site: Site;
  title: string;
  homeUrl: string;
  /** The feed's language, given its items. */
  languageOf(items: readonly (Article | Card)[]): string;
  /** The absolute URL of a page of this feed. */
  urlOf(paging: Paging): string;
  /** What the bytes follow from besides the articles. */
  versions: readonly string[];
  caching: Record<string, string>;
  /** Whether every change to it has a sequence number, so that what is new can be told. */
  hasChanges: boolean;
}

/**
 * Browsers show a feed's style sheet only under a media type they take for a document. Such an answer is the one
 * browser's: caches in front keep a single copy whatever `Vary` says.
 */
const TO_BE_LOOKED_AT = {
  'Content-Type': 'application/xml; charset=utf-8',
  'Cache-Control': 'private, max-age=30',
  Vary: 'Sec-Fetch-Dest',
};

/** Whether a browser opens this (Fetch Metadata), rather than a feed reader. */
export const isNavigation = (request: Headers): boolean => request.get('Sec-Fetch-Dest') === 'document';

/** A feed in its dialect, with the links of RFC 5005 (paged feeds) and WebSub, and its changes for RFC 3229. */
export async function answerFeed(c: AppContext, asked: AskedFeed): Promise<Response> {
  const { listing, format, paging, site, urlOf } = asked;
  const { before: _before, ...unpaged } = paging;
  const hubUrl = `${site.origin}/hub`;
  const selfUrl = urlOf(paging);
  const nextUrl = listing.next && urlOf({ ...unpaged, before: listing.next });
  const previousUrl =
    listing.previous === undefined
      ? undefined
      : urlOf({ ...unpaged, ...(listing.previous && { before: listing.previous }) });
  const isPaged = nextUrl !== undefined || paging.before !== undefined;
  const firstUrl = isPaged ? urlOf(unpaged) : undefined;
  const links: FeedLinks = {
    ...{ self: selfUrl, hub: hubUrl },
    ...(firstUrl && { first: firstUrl }),
    ...(previousUrl && { previous: previousUrl }),
    ...(nextUrl && { next: nextUrl }),
  };
  const render = async (since: number) => {
    const { items, publishers } = await shown(c.env, listing, since);
    return format.render({
      title: asked.title,
      description: site.description,
      language: asked.languageOf(items),
      homeUrl: asked.homeUrl,
      selfUrl,
      siteName: site.name,
      hubUrl,
      ...(firstUrl && { firstUrl }),
      ...(previousUrl && { previousUrl }),
      ...(nextUrl && { nextUrl }),
      updatedAt: listing.changedAt,
      items,
      withdrawn: listing.withdrawn(since),
      publisherNames: new Map([...publishers].map(([id, { name }]) => [id, name])),
    });
  };
  return respond(c, {
    sequence: listing.sequence,
    versions: [...asked.versions, selfUrl],
    lastModified: listing.changedAt,
    headers: {
      ...feedHeaders(format, asked.caching, links),
      ...(format.isXml && isNavigation(c.req.raw.headers) && TO_BE_LOOKED_AT),
    },
    body: () => render(0),
    ...(asked.hasChanges && paging.before === undefined && { changes: render }),
  });
}

/** The articles of a feed and who published them: one KV operation where that is known from their cards. */
async function shown(env: Bindings, listing: Listing, since: number) {
  if (listing.cards === undefined) {
    const items = await listing.items(since);
    return { items, ...(await publishersOf(env, items)) };
  }
  const [items, known] = await Promise.all([listing.items(since), publishersOf(env, listing.cards)]);
  return { items, ...known };
}

/** The addresses a feed names in its `Link` header, by their relations (RFC 5005, WebSub). */
export type FeedLinks = Partial<Record<'self' | 'hub' | 'first' | 'previous' | 'next', string>>;

export const feedHeaders = (
  format: FeedFormat,
  caching: Record<string, string>,
  links: FeedLinks,
): Record<string, string> => ({
  'Content-Type': format.mediaType,
  ...caching,
  Link: Object.entries(links)
    .map(([relation, url]) => `<${url}>; rel="${relation}"`)
    .join(', '),
});
