import type { AppContext } from '../bindings.ts';
import { UNFILTERED } from '../desk/contract/filters.ts';
import type { Filters } from '../desk/contract/messages.ts';
import type { Instant } from '../domain/article.ts';
import type { Site } from '../domain/site.ts';
import { readCursor } from '../feeds/cursor.ts';
import {
  defaultFeedAddress,
  type FeedTitle,
  isDefaultFeed,
  type NamesOf,
  renderFeed,
} from '../feeds/feed.ts';
import { type FeedAddress, type FeedLinks, feedLinks, linkHeader } from '../feeds/links.ts';
import type { Listing } from '../feeds/listing.ts';
import type { FeedFormat } from '../formats/feed.ts';
import { type Representation, respond } from '../http/conditional.ts';
import { canonicalQuery, type Paging } from '../http/parameters.ts';
import { NO_STORE } from '../http/problem.ts';
import { logFailure } from '../log.ts';
import type { Store } from '../store/store.ts';
import { publishersOf } from './site.ts';

/** A page of a feed to render, and its caching. */
export interface FeedRequest extends FeedTitle {
  format: FeedFormat;
  site: Site;
  listing: Listing;
  address: FeedAddress;
  /** What the bytes depend on besides the articles and the URL. */
  versions: readonly string[];
  caching: Record<string, string>;
  /** Whether every change to this feed has a sequence number, so that a response can contain only changes. */
  hasChanges: boolean;
}

/**
 * The headers of a feed that a browser opens: browsers apply a style sheet only to media types that they treat as
 * documents. What any cache may store otherwise is private then, because caches in front keep a single copy whatever
 * `Vary` says. What none may store stays so.
 */
const headersForBrowsers = (caching: Record<string, string>): Record<string, string> => ({
  'Content-Type': 'application/xml; charset=utf-8',
  Vary: 'Sec-Fetch-Dest',
  'Cache-Control': 'private, max-age=30',
  ...(caching['Cache-Control'] === NO_STORE['Cache-Control'] && NO_STORE),
});

/**
 * The address of a page of a feed. The feed's other pages differ from it only in where they start.
 * @param url the feed's absolute URL without a query
 */
export const pagedFeedAddress = (
  origin: string,
  url: string,
  { before, ...unpaged }: Paging,
  filters: Filters = UNFILTERED,
): FeedAddress => ({
  origin,
  before,
  urlOf: (from) => url + canonicalQuery(filters, { ...unpaged, ...(from && { before: from }) }),
});

/** Whether a browser opens this (Fetch Metadata), rather than a feed reader. */
export const isNavigation = (request: Headers): boolean => request.get('Sec-Fetch-Dest') === 'document';

/** Responds with a feed rendered for this request; with only its changes (RFC 3229) if the request asks for them. */
export async function respondWithFeed(c: AppContext, request: FeedRequest): Promise<Response> {
  const { format, listing, address, caching } = request;
  const render = async (since: number) => {
    const page = {
      ...request,
      onDamage: (id: string, error: unknown) =>
        logFailure('article cannot be rendered in full', error, { id, extension: format.extension }),
    };
    const { text, links } = await renderFeed(page, namesOf(c.var.store, listing), since);
    return { text, headers: { Link: linkHeader(links) } };
  };
  return respond(c, {
    ...feedRepresentation(listing, request.versions, feedLinks(address, listing)),
    headers: {
      ...feedHeaders(format, caching),
      ...(format.isXml && isNavigation(c.req.raw.headers) && headersForBrowsers(caching)),
    },
    body: () => render(0),
    ...(request.hasChanges && address.before === undefined && { changes: render }),
  });
}

/** Headers that request something other than the plain feed: only its changes, or a document for a browser. */
const SPECIAL_REQUEST_HEADERS = ['A-IM', 'Sec-Fetch-Dest'] as const;

/**
 * Responds with the feed of all articles that the Desk has rendered into KV, streamed. One KV operation.
 * @returns undefined when KV has none in this format, or the request asks for something other than the plain feed
 */
export async function respondWithDefaultFeed(
  c: AppContext,
  format: FeedFormat,
  caching: Record<string, string>,
): Promise<Response | undefined> {
  if (!isDefaultFeed(format.extension) || c.req.url.includes('?')) return undefined;
  if (SPECIAL_REQUEST_HEADERS.some((name) => c.req.header(name) !== undefined)) return undefined;
  const rendered = await c.var.store.readRenderedFeed(format.extension);
  if (rendered === null) return undefined;
  const { body, metadata } = rendered;
  const next = metadata.next === undefined ? undefined : readCursor(metadata.next);
  const links = feedLinks(defaultFeedAddress(metadata.origin, format.extension), next ? { next } : {});
  return respond(c, {
    ...feedRepresentation(metadata, [metadata.siteVersion, ''], links),
    headers: { ...feedHeaders(format, caching), Link: linkHeader(links) },
    body,
  });
}

/** The validators of a feed, the same whether it is rendered now or comes from KV. */
const feedRepresentation = (
  { sequence, changedAt }: { sequence: number; changedAt: Instant },
  versions: readonly string[],
  { self }: FeedLinks,
): Pick<Representation, 'sequence' | 'versions' | 'lastModified'> => ({
  sequence,
  versions: [...versions, self],
  lastModified: changedAt,
});

const feedHeaders = (format: FeedFormat, caching: Record<string, string>): Record<string, string> => ({
  'Content-Type': format.mediaType,
  ...caching,
});

/**
 * Reads the names of a feed's publishers: where the cards name them, at once and thus in one KV operation with the first
 * portion of the articles.
 */
function namesOf(store: Store, { cards }: Listing): NamesOf {
  const known = cards && publishersOf(store, cards);
  // Awaited only after the articles, which may fail first.
  known?.catch(() => {});
  return async (items) => {
    const { publishers } = await (known ?? publishersOf(store, items));
    return new Map([...publishers].map(([id, { name }]) => [id, name]));
  };
}
