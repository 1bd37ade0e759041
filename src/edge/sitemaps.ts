import * as v from 'valibot';
import { spendOnPage } from '../access/desk-budgets.ts';
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
import { described, operation } from '../http/operation.ts';
import { FEEDS_TAG } from '../store/cache-tags.ts';
import { BudgetExceeded } from '../store/failures.ts';
import { document } from './response-schemas.ts';
import { siteOf } from './site.ts';

/** Feeds of each kind that `/feeds.opml` lists. */
const LISTED_FEEDS = 100;
const DAY_MS = 86_400_000;

export const serveNewsSitemap = operation(
  {
    id: 'getNewsSitemap',
    tag: 'Readers',
    summary: 'Get the news sitemap: articles of the last two days',
    answers: { 200: document('application/xml', 'A news sitemap.') },
  },
  async (c) => {
    const from = new Date(Date.now() - NEWS_SITEMAP_LIMITS.ageMs).toISOString();
    const to = new Date(Date.now() + DAY_MS).toISOString();
    const [pages, { site }] = await Promise.all([
      fromDesk(c, (desk) => desk.archivedPages(from, to, NEWS_SITEMAP_LIMITS.pages)),
      siteOf(c.var.store),
    ]);
    return xml(
      c,
      newsSitemap(
        site,
        pages.map((page) => ({ ...page, url: urlOf(site.origin, page) })),
      ),
    );
  },
);

export const serveSitemapIndex = operation(
  {
    id: 'getSitemapIndex',
    tag: 'Readers',
    summary: 'Get the sitemap index: one or more sitemaps for each day with articles',
    answers: { 200: document('application/xml', 'The sitemap index.') },
  },
  async (c) => {
    const days = await fromDesk(c, (desk) => desk.archivedDays());
    const sitemaps = days.flatMap(({ day, articles, changedAt }) =>
      Array.from({ length: Math.ceil(articles / SITEMAP_PAGES) }, (_part, index) => ({
        url: `${c.env.ORIGIN}/sitemaps/${day}${index === 0 ? '' : `.${index + 1}`}.xml`,
        lastModified: changedAt,
      })),
    );
    return xml(c, sitemapIndex(sitemaps));
  },
);

export const serveSitemap = operation(
  {
    id: 'getSitemap',
    tag: 'Readers',
    summary: 'Get the sitemap of a day',
    path: v.object({
      day: described(
        v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d(?:\.[1-9]\d?)?$/)),
        'A day in UTC. If a day has several sitemaps, the second is `{day}.2`.',
        '2026-11-22',
      ),
    }),
    unmatched: noSitemap,
    problems: ['not-found'],
    answers: { 200: document('application/xml', 'A sitemap.') },
  },
  async (c, { path }) => {
    const [day, part = '1'] = path.day.split('.');
    if (day === undefined || Number.isNaN(Date.parse(`${day}T00:00:00.000Z`))) return noSitemap();
    const pages = await spendOnPage(
      c.var.isolate,
      c.env,
      'pages',
      () => deskOf(c.env).archivedDay(day, Number(part) - 1, SITEMAP_PAGES),
      // Finding a late part costs more than the part.
      (found) => found?.length ?? 10 * SITEMAP_PAGES,
    );
    if (pages === null) throw new BudgetExceeded('rows skipped at once');
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
  },
);

export const serveOpml = operation(
  {
    id: 'getOpml',
    tag: 'Partners',
    summary: 'List all feeds, those with the most articles first',
    answers: { 200: document('text/x-opml', 'An OPML subscription list.') },
  },
  async (c) => {
    const [scopes, { site }, all] = await Promise.all([
      fromDesk(c, (desk) => desk.largestScopes([...SCOPE_KINDS], LISTED_FEEDS)),
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
    const list = opml(site, feeds, all?.changedAt ?? new Date(0).toISOString());
    return new Response(list, {
      headers: { ...caching(c), 'Content-Type': 'text/x-opml; charset=utf-8' },
    });
  },
);

export const serveFeedStylesheet = operation(
  {
    id: 'getFeedStylesheet',
    tag: 'Readers',
    summary: 'Get the style sheet with which browsers display RSS and Atom',
    answers: { 200: document('text/css', 'A style sheet.') },
  },
  (c) => {
    return new Response(FEED_STYLESHEET, {
      headers: { ...caching(c), 'Content-Type': 'text/css; charset=utf-8' },
    });
  },
);

/** Rows of the Desk, within the isolate's budget for pages. */
const fromDesk = <Row>(c: AppContext, read: (desk: ReturnType<typeof deskOf>) => PromiseLike<Row[]>) =>
  spendOnPage(
    c.var.isolate,
    c.env,
    'pages',
    () => read(deskOf(c.env)),
    (rows) => rows.length,
  );

const urlOf = (origin: string, { id, headline }: ArchivedPage): string => origin + articlePath(id, headline);

const caching = (c: AppContext) => ({
  'Cache-Control': publicCaching(c.env),
  'Cache-Tag': FEEDS_TAG,
});

const xml = (c: AppContext, text: string): Response =>
  new Response(text, { headers: { ...caching(c), 'Content-Type': 'application/xml; charset=utf-8' } });

function noSitemap(): Refusal {
  return new Refusal('not-found', {
    detail: 'The sitemap index is /sitemap.xml; a day’s sitemap is /sitemaps/{YYYY-MM-DD}.xml.',
  });
}
