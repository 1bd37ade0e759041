import * as v from 'valibot';
import type { AppContext } from '../bindings.ts';
import { filtersOf, UNFILTERED } from '../desk/contract/filters.ts';
import { type Instant, isTombstone } from '../domain/article.ts';
import { cardsWithin } from '../domain/article-size.ts';
import { slugify } from '../domain/identity.ts';
import { pagePath, type Scope, type ScopeKind } from '../domain/site.ts';
import type { Position } from '../feeds/cursor.ts';
import { allItems } from '../feeds/listing.ts';
import { articlePage } from '../formats/amp/article-page.ts';
import { listPage } from '../formats/amp/list-page.ts';
import { noticePage } from '../formats/amp/notice-page.ts';
import { cacheTags, publicCaching } from '../http/caching.ts';
import { respond } from '../http/conditional.ts';
import { described, operation } from '../http/operation.ts';
import { articleId, BEFORE, canonicalQuery, nameIn } from '../http/parameters.ts';
import { NO_STORE } from '../http/problem.ts';
import { pageHeaders } from '../http/security-headers.ts';
import { articleTag, PAGES_TAG } from '../store/cache-tags.ts';
import { toNfc } from '../text/text.ts';
import { withdrawnHeaders } from './articles.ts';
import { readMoreArticles, readTrending } from './card-lists.ts';
import { readListing } from './listing.ts';
import { page } from './response-schemas.ts';
import { publishersOf, scopeName, siteOf } from './site.ts';

/** Cards per list page: as many as a phone on a slow connection loads quickly. */
const PAGE_CARDS = 20;

/** The most read articles beside the content of a page. */
const TRENDING_CARDS = 5;

/** The most bytes of a page's cards, and of the cards beside its content. Ordinary ones have about a kilobyte each. */
export const MAX_CARDS_BYTES = 2_000_000;
const MAX_ASIDE_BYTES = 500_000;

const articlePageOf = { tag: 'Readers', conditional: 'copies' } as const;
const MOVED = { description: 'The page has another URL.', headers: { Location: 'The page’s URL.' } };
const NO_PAGE = page('No such page.');

export const serveArticlePage = operation(
  {
    ...articlePageOf,
    id: 'getArticlePage',
    summary: 'Get an article’s page',
    path: v.object({
      id: articleId,
      slug: described(v.string(), 'The headline as a path segment.', 'a-headline'),
    }),
    unmatched: serveNotFoundPage,
    answers: {
      200: page('The article as AMP HTML.'),
      301: MOVED,
      404: NO_PAGE,
      410: page('The article was withdrawn; the page says so in the article’s language.'),
    },
  },
  (c, { path }) => articlePageAt(c, path.id, path.slug),
);

export const redirectToArticlePage = operation(
  {
    ...articlePageOf,
    id: 'redirectToArticlePage',
    summary: 'Redirect to an article’s page',
    path: v.object({ id: articleId }),
    unmatched: serveNotFoundPage,
    answers: {
      301: MOVED,
      404: NO_PAGE,
      410: page('The article was withdrawn; the page says so in the article’s language.'),
    },
  },
  (c, { path }) => articlePageAt(c, path.id, ''),
);

/** 200, 301 to the right slug, 404, or 410 with a short page in the article's language. */
async function articlePageAt(c: AppContext, id: string, slug: string): Promise<Response> {
  const article = await c.var.store.readArticle(id);
  if (article === null) return serveNotFoundPage(c);
  if (isTombstone(article)) {
    const { site } = await siteOf(c.var.store);
    const { language = site.language, reason } = article;
    const notice = noticePage({ site, language, kind: 'withdrawn', reason });
    return answerPage(notice, 410, withdrawnHeaders(c.env, article));
  }
  const caching = {
    'Cache-Control': publicCaching(c.env),
    'Cache-Tag': cacheTags([articleTag(article.id)]),
  };
  if (toNfc(slug) !== slugify(article.headline)) {
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
        more: cardsWithin(MAX_ASIDE_BYTES, more.cards),
        trending: cardsWithin(MAX_ASIDE_BYTES, trending.cards),
        sections: article.section === undefined ? [] : [article.section],
      }),
  });
}

export const serveHomePage = operation(
  {
    id: 'getHomePage',
    tag: 'Readers',
    summary: 'Get the home page: the newest articles',
    query: v.object(BEFORE),
    conditional: 'copies',
    answers: { 200: page('A page of cards.') },
  },
  (c, { query }) => serveListPage(c, { kind: 'all' }, query.before),
);

/** The page of a section, publisher, tag or author. */
export const listPageOf = (kind: Exclude<ScopeKind, 'languages'>, singular: string) =>
  operation(
    {
      id: `get${singular}Page`,
      tag: 'Readers',
      summary: `Get the page of ${singular === 'Author' ? 'an' : 'a'} ${singular.toLowerCase()}: its newest articles`,
      path: v.object({
        name: described(
          nameIn(kind),
          kind === 'publishers' ? 'The publisher’s id.' : `The ${singular.toLowerCase()}’s name.`,
          'Sport',
        ),
      }),
      unmatched: serveNotFoundPage,
      query: v.object(BEFORE),
      conditional: 'copies',
      answers: { 200: page('A page of cards.'), 404: NO_PAGE },
    },
    (c, { path, query }) => serveListPage(c, { kind, name: path.name }, query.before),
  );

/** Cards, newest first, paged by cursor. */
async function serveListPage(c: AppContext, scope: Scope, before: Position | undefined): Promise<Response> {
  const paging = { content: 'summary', limit: PAGE_CARDS, ...(before && { before }) } as const;
  const [listing, { site, siteVersion }, name, trending] = await Promise.all([
    readListing(c, filtersOf(scope), paging),
    siteOf(c.var.store),
    scopeName(c.var.store, scope),
    readTrending(c.var.store, TRENDING_CARDS),
  ]);
  if (listing === null) return serveNotFoundPage(c);
  const listed = await allItems(listing);
  const cards = cardsWithin(
    MAX_CARDS_BYTES,
    listed.map(({ item }) => item),
  );
  const next = cards.length < listed.length ? listed[cards.length - 1]?.position : listing.next;
  const { publishers, version } = await publishersOf(c.var.store, cards);
  const urlOf = (position: typeof before) =>
    site.origin +
    pagePath(scope) +
    canonicalQuery(UNFILTERED, { ...DEFAULTS, ...(position && { before: position }) });
  const url = urlOf(before);
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
        trending: cardsWithin(MAX_ASIDE_BYTES, trending.cards),
        ...(next && { nextUrl: urlOf(next) }),
        publishers,
        sections: [...new Set(cards.flatMap((card) => card.section ?? []))],
      }),
  });
}

const newest = (...instants: Instant[]): Instant =>
  instants.reduce((one, other) => (other > one ? other : one));

const DEFAULTS = { limit: 50, content: 'full' } as const;

/** A 404 for people, in the site's language. */
export async function serveNotFoundPage(c: AppContext): Promise<Response> {
  const { site } = await siteOf(c.var.store);
  const notice = noticePage({ site, language: site.language, kind: 'not-found' });
  return answerPage(notice, 404, NO_STORE);
}

const answerPage = async (html: string, status: number, headers: Record<string, string>) =>
  new Response(html, { status, headers: { ...headers, ...(await pageHeaders(html)) } });
