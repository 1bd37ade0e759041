import { type AppContext, deskOf } from '../bindings.ts';
import type { ArchivedPage } from '../desk/contract/messages.ts';
import { articlePath } from '../domain/identity.ts';
import { Refusal } from '../domain/refusal.ts';
import { SCOPE_KINDS } from '../domain/site.ts';
import { NEWS_SITEMAP_LIMITS, newsSitemap } from '../formats/news-sitemap.ts';
import { opml } from '../formats/opml.ts';
import { SITEMAP_PAGES, sitemap, sitemapIndex } from '../formats/sitemap.ts';
import { FEED_STYLESHEET } from '../formats/stylesheet.ts';
import { publicCaching } from '../http/caching.ts';
import { FEEDS_TAG } from '../store/cache-tags.ts';
import { siteOf } from './site.ts';

/** Feeds of each kind that `/feeds.opml` lists. */
const LISTED_FEEDS = 100;
const DAY_MS = 86_400_000;

/** `GET /news-sitemap.xml`: what was published in the last two days. */
export async function serveNewsSitemap(c: AppContext): Promise<Response> {
  const from = new Date(Date.now() - NEWS_SITEMAP_LIMITS.ageMs).toISOString();
  const to = new Date(Date.now() + DAY_MS).toISOString();
  const [pages, { site }] = await Promise.all([
    deskOf(c.env).archivedPages(from, to, NEWS_SITEMAP_LIMITS.pages, 0),
    siteOf(c.var.store),
  ]);
  return xml(
    c,
    newsSitemap(
      site,
      pages.map((page) => ({ ...page, url: urlOf(site.origin, page) })),
    ),
  );
}

/** `GET /sitemap.xml`: the index, a sitemap for each day on which something was published, or several. */
export async function serveSitemapIndex(c: AppContext): Promise<Response> {
  const days = await deskOf(c.env).archivedDays();
  const sitemaps = days.flatMap(({ day, articles, changedAt }) =>
    Array.from({ length: Math.ceil(articles / SITEMAP_PAGES) }, (_part, index) => ({
      url: `${c.env.ORIGIN}/sitemaps/${day}${index === 0 ? '' : `.${index + 1}`}.xml`,
      lastModified: changedAt,
    })),
  );
  return xml(c, sitemapIndex(sitemaps));
}

/** `GET /sitemaps/{day}.xml` and its further parts, `/sitemaps/{day}.2.xml`. */
export async function serveSitemap(c: AppContext): Promise<Response | Refusal> {
  const [, day = '', part = '1'] =
    /^(\d{4}-\d\d-\d\d)(?:\.([1-9]\d?))?\.xml$/.exec(c.req.param('file') ?? '') ?? [];
  const start = Date.parse(`${day}T00:00:00.000Z`);
  if (Number.isNaN(start)) return noSitemap();
  const [from, to] = [start, start + DAY_MS].map((time) => new Date(time).toISOString()) as [string, string];
  const pages = await deskOf(c.env).archivedPages(
    from,
    to,
    SITEMAP_PAGES,
    (Number(part) - 1) * SITEMAP_PAGES,
  );
  if (pages.length === 0) return noSitemap();
  return xml(
    c,
    sitemap(
      pages.map((page) => ({
        url: urlOf(c.env.ORIGIN, page),
        lastModified: page.updatedAt,
        imageUrl: page.imageUrl ?? undefined,
      })),
    ),
  );
}

/** `GET /feeds.opml`: the feeds there are, those with the most articles first. */
export async function serveOpml(c: AppContext): Promise<Response> {
  const [scopes, { site }, all] = await Promise.all([
    deskOf(c.env).largestScopes([...SCOPE_KINDS], LISTED_FEEDS),
    siteOf(c.var.store),
    c.var.store.readFeed({ kind: 'all' }),
  ]);
  const publishers = await c.var.store.readPublishers(
    scopes.flatMap((scope) => (scope.kind === 'publishers' ? [scope.name] : [])),
  );
  const feeds = scopes.flatMap((scope) => {
    if (scope.kind === 'all') return [];
    const publisher = scope.kind === 'publishers' ? publishers.get(scope.name) : undefined;
    const language = scope.kind === 'languages' ? scope.name : undefined;
    return [{ scope, title: publisher?.name ?? scope.name, language }];
  });
  const document = opml(site, feeds, all?.changedAt ?? new Date(0).toISOString());
  return new Response(document, {
    headers: { ...caching(c), 'Content-Type': 'text/x-opml; charset=utf-8' },
  });
}

/** `GET /feeds.css`: how a browser shows RSS and Atom. */
export function serveFeedStylesheet(c: AppContext): Response {
  return new Response(FEED_STYLESHEET, {
    headers: { ...caching(c), 'Content-Type': 'text/css; charset=utf-8' },
  });
}

const urlOf = (origin: string, { id, headline }: ArchivedPage): string => origin + articlePath(id, headline);

const caching = (c: AppContext) => ({
  'Cache-Control': publicCaching(c.env),
  'Cache-Tag': FEEDS_TAG,
});

const xml = (c: AppContext, document: string): Response =>
  new Response(document, { headers: { ...caching(c), 'Content-Type': 'application/xml; charset=utf-8' } });

const noSitemap = () =>
  new Refusal('not-found', {
    detail: 'The index of sitemaps is /sitemap.xml, one for each day: /sitemaps/2026-11-22.xml.',
  });
