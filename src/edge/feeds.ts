import type { AppContext } from '../bindings.ts';
import { filtersOf } from '../desk/contract/filters.ts';
import { Refusal } from '../domain/refusal.ts';
import { feedPath, type Scope } from '../domain/site.ts';
import { feedTitle } from '../feeds/feed.ts';
import { EMPTY_LISTING } from '../feeds/listing.ts';
import type { FeedFormat } from '../formats/feed.ts';
import { FEED_FORMATS, feedFormat } from '../formats/registry.ts';
import { cacheTags, publicCaching } from '../http/caching.ts';
import { canonicalQuery, hasFilters, readFilters, readPaging, toScope } from '../http/parameters.ts';
import { FEEDS_TAG } from '../store/cache-tags.ts';
import { respondWithDefaultFeed, respondWithFeed } from './feed-response.ts';
import { readListing } from './listing.ts';
import { scopeName, siteOf } from './site.ts';

/** `GET /feeds/all.{format}`, which takes filters, and `GET /feeds/{kind}/{name}.{format}`. */
export async function serveFeed(c: AppContext): Promise<Response | Refusal> {
  const asked = readFeedPath(c);
  if (asked === undefined) return noFeed();
  const { scope, format } = asked;
  const caching = {
    'Cache-Control': publicCaching(c.env),
    'Cache-Tag': cacheTags([FEEDS_TAG, `feed:${scope.kind}${scope.kind === 'all' ? '' : `:${scope.name}`}`]),
  };
  const ready = scope.kind === 'all' ? await respondWithDefaultFeed(c, format, caching) : undefined;
  if (ready !== undefined) return ready;
  const paging = readPaging(c);
  if (paging instanceof Refusal) return paging;
  const filters = readFilters(c);
  if (filters instanceof Refusal) return filters;
  const filtered = hasFilters(filters);
  if (filtered && scope.kind !== 'all') return onlyAllTakesFilters();
  const [found, { site, siteVersion }, name] = await Promise.all([
    readListing(c, filtered ? filters : filtersOf(scope), paging),
    siteOf(c.var.store),
    scopeName(c.var.store, scope),
  ]);
  const listing = found ?? (scope.kind === 'all' ? EMPTY_LISTING : null);
  if (listing === null) return noFeed();
  const names = Object.values(filters.include).flat().join(', ');
  const path = `${site.origin}${feedPath(scope)}.${format.extension}`;
  const { before, ...unpaged } = paging;
  return respondWithFeed(c, {
    ...feedTitle(site, scope, filtered ? names : name.text),
    listing,
    format,
    site,
    address: {
      origin: site.origin,
      before,
      urlOf: (from) => path + canonicalQuery(filters, { ...unpaged, ...(from && { before: from }) }),
    },
    versions: [siteVersion, name.version],
    hasChanges: true,
    caching,
  });
}

function readFeedPath(c: AppContext): { scope: Scope; format: FeedFormat } | undefined {
  const file = c.req.param('file') ?? '';
  // The last dot: a section's name may hold others.
  const dot = file.lastIndexOf('.');
  const name = file.slice(0, Math.max(dot, 0));
  const format = feedFormat(file.slice(dot + 1));
  const kind = c.req.param('kind');
  const all = kind === undefined && name === 'all';
  const scope: Scope | undefined = all ? { kind: 'all' } : toScope(kind ?? '', name);
  return format && scope && { scope, format };
}

const noFeed = () =>
  new Refusal('not-found', {
    detail: `Feeds are /feeds/all.{format} and /feeds/{publishers|sections|tags|languages|authors}/{name}.{format}, the format one of ${FEED_FORMATS.map((format) => format.extension).join(', ')}. A scope that nothing was ever in has no feed.`,
  });

const onlyAllTakesFilters = () =>
  new Refusal('invalid-parameters', {
    issues: [
      { path: 'query', message: 'filters go with /feeds/all: name this section, tag and so on among them' },
    ],
  });
