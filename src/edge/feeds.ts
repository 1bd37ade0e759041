import * as v from 'valibot';
import type { AppContext } from '../bindings.ts';
import { filtersOf, UNFILTERED } from '../desk/contract/filters.ts';
import type { Filters } from '../desk/contract/messages.ts';
import { Refusal } from '../domain/refusal.ts';
import { feedPath, SCOPE_KINDS, type Scope } from '../domain/site.ts';
import { feedTitle } from '../feeds/feed.ts';
import { EMPTY_LISTING } from '../feeds/listing.ts';
import { FEED_FORMATS, feedFormat } from '../formats/registry.ts';
import { cacheTags, publicCaching } from '../http/caching.ts';
import { described, operation } from '../http/operation.ts';
import { filtered, filtersIn, hasFilters, PAGING, type Paging, toScope } from '../http/parameters.ts';
import { FEEDS_TAG } from '../store/cache-tags.ts';
import { pagedFeedAddress, respondWithDefaultFeed, respondWithFeed } from './feed-response.ts';
import { readListing } from './listing.ts';
import { feedAnswers } from './response-schemas.ts';
import { scopeName, siteOf } from './site.ts';

const format = described(
  v.picklist(FEED_FORMATS.map(({ extension }) => extension)),
  'The feed format.',
  'rss',
);

export const serveFeed = operation(
  {
    id: 'getFeed',
    tag: 'Partners',
    summary: 'Get the feed of all articles, or of those that match filters',
    path: v.object({ format }),
    unmatched: noFeed,
    query: filtered(PAGING),
    conditional: 'changes',
    answers: feedAnswers,
    problems: ['not-found'],
  },
  (c, { path, query: { limit, content, before, ...names } }) =>
    serve(c, { kind: 'all' }, path.format, { limit, content, ...(before && { before }) }, filtersIn(names)),
);

export const serveScopeFeed = operation(
  {
    id: 'getScopeFeed',
    tag: 'Partners',
    summary: 'Get the feed of a publisher, section, tag, language or author',
    description: 'A name that never had an article has no feed.',
    path: v.pipe(
      v.object({
        kind: described(v.picklist(SCOPE_KINDS), 'What the feed is about.', 'sections'),
        name: described(
          v.string(),
          'The name of the section, tag, language or author, or the publisher’s id.',
          'Sport',
        ),
        format,
      }),
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        const { kind, name, format } = dataset.value;
        const scope = toScope(kind, name);
        if (scope !== undefined) return { scope, format };
        addIssue({ message: 'must be a valid name' });
        return NEVER;
      }),
    ),
    unmatched: noFeed,
    query: v.object(PAGING),
    queryHint: 'for filters, use /feeds/all',
    conditional: 'changes',
    answers: feedAnswers,
    problems: ['not-found'],
  },
  (c, { path, query }) => serve(c, path.scope, path.format, query, UNFILTERED),
);

async function serve(
  c: AppContext,
  scope: Scope,
  extension: string,
  paging: Paging,
  filters: Filters,
): Promise<Response | Refusal> {
  const format = feedFormat(extension);
  if (format === undefined) return noFeed();
  const caching = {
    'Cache-Control': publicCaching(c.env),
    'Cache-Tag': cacheTags([FEEDS_TAG, `feed:${scope.kind}${scope.kind === 'all' ? '' : `:${scope.name}`}`]),
  };
  const ready = scope.kind === 'all' ? await respondWithDefaultFeed(c, format, caching) : undefined;
  if (ready !== undefined) return ready;
  const isFiltered = hasFilters(filters);
  const [found, { site, siteVersion }, name] = await Promise.all([
    readListing(c, isFiltered ? filters : filtersOf(scope), paging),
    siteOf(c.var.store),
    scopeName(c.var.store, scope),
  ]);
  const listing = found ?? (scope.kind === 'all' ? EMPTY_LISTING : null);
  if (listing === null) return noFeed();
  const names = Object.values(filters.include).flat().join(', ');
  const url = `${site.origin}${feedPath(scope)}.${format.extension}`;
  return respondWithFeed(c, {
    ...feedTitle(site, scope, isFiltered ? names : name.text),
    listing,
    format,
    site,
    address: pagedFeedAddress(site.origin, url, paging, filters),
    versions: [siteVersion, name.version],
    hasChanges: true,
    caching,
  });
}

function noFeed(): Refusal {
  return new Refusal('not-found', {
    detail: `Feed URLs are /feeds/all.{format} and /feeds/{publishers|sections|tags|languages|authors}/{name}.{format}; {format} is one of ${FEED_FORMATS.map(({ extension }) => extension).join(', ')}. A name that never had an article has no feed.`,
  });
}
