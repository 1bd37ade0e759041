import type { AppContext } from '../bindings.ts';
import { filtersOf } from '../desk/contract/filters.ts';
import { type Instant, isTombstone } from '../domain/article.ts';
import { slugify } from '../domain/identity.ts';
import { Refusal } from '../domain/refusal.ts';
import { pagePath, type Scope } from '../domain/site.ts';
import { articlePage } from '../formats/amp/article-page.ts';
import { listPage } from '../formats/amp/list-page.ts';
import { noticePage } from '../formats/amp/notice-page.ts';
import { cacheTags, publicCaching } from '../http/caching.ts';
import { respond } from '../http/conditional.ts';
import { canonicalQuery, readPaging, toScope } from '../http/parameters.ts';
import { NO_STORE } from '../http/problem.ts';
import { pageHeaders } from '../http/security-headers.ts';
import { articleTag, PAGES_TAG } from '../store/cache-tags.ts';
import { toNfc } from '../text/text.ts';
import { withdrawnHeaders } from './articles.ts';
import { readMoreArticles, readTrending } from './card-lists.ts';
import { findArticle } from './find-article.ts';
import { readListing } from './listing.ts';
import { publishersOf, scopeName, siteOf } from './site.ts';

/** Cards on a list page: what a phone on a slow line loads quickly. */
const PAGE_CARDS = 20;

/** The most read articles beside the content of a page. */
const TRENDING_CARDS = 5;

/** `GET /news/{id}/{slug}`: 200, 301 to the right slug, 404, or 410 with a short page in the article's language. */
export async function serveArticlePage(c: AppContext): Promise<Response> {
  const article = await findArticle(c, c.req.param('id') ?? '');
  if (article === null) return serveNotFoundPage(c);
  if (isTombstone(article)) {
    const { site } = await siteOf(c.var.store);
    const { language = site.language, reason } = article;
    const page = noticePage({ site, language, kind: 'withdrawn', reason });
    return answerPage(page, 410, withdrawnHeaders(c.env, article));
  }
  const caching = {
    'Cache-Control': publicCaching(c.env),
    'Cache-Tag': cacheTags([articleTag(article.id)]),
  };
  if (toNfc(c.req.param('slug') ?? '') !== slugify(article.headline)) {
    return new Response(null, { status: 301, headers: { Location: article.url, ...caching } });
  }
  const [{ site, siteVersion }, { publishers, version }, more, trending] = await Promise.all([
    siteOf(c.var.store),
    publishersOf(c.var.store, [article]),
    readMoreArticles(c.var.store, article),
    readTrending(c.var.store, TRENDING_CARDS, article.id),
  ]);
  return respond(c, {
    sequence: article.version,
    versions: ['page', article.id, siteVersion, version, more.version, trending.version],
    // When an article is withdrawn, the pages that list it change as well.
    lastModified: newest(article.updatedAt, more.changedAt, trending.changedAt),
    headers: {
      ...caching,
      // When an article is withdrawn, the pages that list it are purged with it.
      'Cache-Tag': cacheTags([article, ...more.cards, ...trending.cards].map(({ id }) => articleTag(id))),
    },
    headersOf: pageHeaders,
    body: () =>
      articlePage({
        article,
        site,
        publisher: publishers.get(article.publisher),
        more: more.cards,
        trending: trending.cards,
        sections: article.section === undefined ? [] : [article.section],
      }),
  });
}

/** `GET /` and `GET /{sections|publishers|tags|authors}/{name}`. */
export function listPageOf(kind: Scope['kind']): (c: AppContext) => Promise<Response | Refusal> {
  return async (c) => {
    const scope: Scope | undefined = kind === 'all' ? { kind } : toScope(kind, c.req.param('name') ?? '');
    return scope === undefined ? serveNotFoundPage(c) : serveListPage(c, scope);
  };
}

/** Cards, newest first, paged by cursor. */
async function serveListPage(c: AppContext, scope: Scope): Promise<Response | Refusal> {
  const asked = readPaging(c);
  if (asked instanceof Refusal) return asked;
  const paging = { ...asked, content: 'summary', limit: PAGE_CARDS } as const;
  const [listing, { site, siteVersion }, name, trending] = await Promise.all([
    readListing(c, filtersOf(scope), paging),
    siteOf(c.var.store),
    scopeName(c.var.store, scope),
    readTrending(c.var.store, TRENDING_CARDS),
  ]);
  if (listing === null) return serveNotFoundPage(c);
  const cards = await listing.items(0);
  const { publishers, version } = await publishersOf(c.var.store, cards);
  const urlOf = (before: typeof paging.before) =>
    site.origin + pagePath(scope) + canonicalQuery(UNFILTERED, { ...DEFAULTS, ...(before && { before }) });
  const url = urlOf(paging.before);
  return respond(c, {
    sequence: listing.sequence,
    versions: ['list', siteVersion, name.version, version, url, trending.version],
    lastModified: newest(listing.changedAt, trending.changedAt),
    headersOf: pageHeaders,
    headers: {
      'Cache-Control': publicCaching(c.env),
      'Cache-Tag': cacheTags([
        PAGES_TAG,
        `page:${scope.kind}${scope.kind === 'all' ? '' : `:${scope.name}`}`,
      ]),
    },
    body: () =>
      listPage({
        site,
        scope,
        url,
        title: name.text ?? site.name,
        language: site.language,
        cards,
        trending: trending.cards,
        ...(listing.next && { nextUrl: urlOf(listing.next) }),
        publishers,
        sections: [...new Set(cards.flatMap((card) => card.section ?? []))],
      }),
  });
}

const newest = (...instants: Instant[]): Instant =>
  instants.reduce((one, other) => (other > one ? other : one));

const UNFILTERED = filtersOf({ kind: 'all' });
const DEFAULTS = { limit: 50, content: 'full' } as const;

/** A 404 for people, in the site's language. */
export async function serveNotFoundPage(c: AppContext): Promise<Response> {
  const { site } = await siteOf(c.var.store);
  const page = noticePage({ site, language: site.language, kind: 'not-found' });
  return answerPage(page, 404, NO_STORE);
}

const answerPage = async (html: string, status: number, headers: Record<string, string>) =>
  new Response(html, { status, headers: { ...headers, ...(await pageHeaders(html)) } });
