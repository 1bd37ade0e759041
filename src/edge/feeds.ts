import { feedPath, pagePath, type Scope, type Site } from '../article/site.ts';
import type { AppContext } from '../bindings.ts';
import type { FeedFormat } from '../formats/feed.ts';
import { FEED_FORMATS, feedFormat } from '../formats/registry.ts';
import { Refusal } from '../problem.ts';
import { cacheTags, publicCaching } from './caching.ts';
import { respond } from './conditional.ts';
import { readListing } from './listing.ts';
import { filtersOf, pagingQuery, readPaging, toScope } from './parameters.ts';
import { scopeName, siteOf } from './site.ts';

/** `GET /feeds/all.{format}` and `GET /feeds/{kind}/{name}.{format}`. */
export async function serveFeed(c: AppContext): Promise<Response | Refusal> {
  const asked = readFeedPath(c);
  if (asked === undefined) return noFeed();
  const { scope, format } = asked;
  const paging = readPaging(c);
  if (paging instanceof Refusal) return paging;
  const [listing, { site, siteVersion }, name] = await Promise.all([
    readListing(c.env, filtersOf(scope), paging),
    siteOf(c.env),
    scopeName(c.env, scope),
  ]);
  if (listing === null) return noFeed();
  const urlOf = (page: typeof paging) =>
    `${site.origin}${feedPath(scope)}.${format.extension}${pagingQuery(page)}`;
  const selfUrl = urlOf(paging);
  const nextUrl = listing.next && urlOf({ ...paging, before: listing.next });
  return respond(c, {
    versions: [listing.sequence, siteVersion, name.version, selfUrl],
    lastModified: listing.changedAt,
    headers: {
      'Content-Type': format.mediaType,
      'Cache-Control': publicCaching(c.env),
      'Cache-Tag': cacheTags(['feeds', `feed:${scope.kind}${scope.kind === 'all' ? '' : `:${scope.name}`}`]),
      Link: [`<${selfUrl}>; rel="self"`, ...(nextUrl ? [`<${nextUrl}>; rel="next"`] : [])].join(', '),
    },
    body: async () => {
      const items = await listing.items();
      return format.render({
        title: titleOf(site, name.text),
        description: site.description,
        language: languageOf(scope, items, site),
        homeUrl: site.origin + pagePath(scope),
        selfUrl,
        siteName: site.name,
        hubUrl: `${site.origin}/hub`,
        ...(nextUrl && { nextUrl }),
        updatedAt: listing.changedAt,
        items,
        withdrawn: [],
      });
    },
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

const titleOf = (site: Site, name: string | undefined): string =>
  name === undefined ? site.name : `${name} · ${site.name}`;

/** The language all items share, else the site's. */
function languageOf(scope: Scope, items: readonly { language: string }[], site: Site): string {
  if (scope.kind === 'languages') return scope.name;
  const languages = new Set(items.map((item) => item.language));
  const [language] = languages;
  return languages.size === 1 && language !== undefined ? language : site.language;
}

const noFeed = () =>
  new Refusal('not-found', {
    detail: `Feeds are /feeds/all.{format} and /feeds/{publishers|sections|tags|languages|authors}/{name}.{format}, the format one of ${FEED_FORMATS.map((format) => format.extension).join(', ')}. A scope that nothing was ever in has no feed.`,
  });
