import * as v from 'valibot';
import type { AppContext, Bindings } from '../bindings.ts';
import { type Instant, isTombstone, type Tombstone, toCard } from '../domain/article.ts';
import { articleSchema } from '../domain/article-schema.ts';
import { Refusal } from '../domain/refusal.ts';
import { writeCursor } from '../feeds/cursor.ts';
import { EMPTY_LISTING } from '../feeds/listing.ts';
import { publicCaching } from '../http/caching.ts';
import { type Representation, respond } from '../http/conditional.ts';
import { json, operation } from '../http/operation.ts';
import { articleId, CARD_PAGING, canonicalQuery, filtered, filtersIn } from '../http/parameters.ts';
import { articleTag, FEEDS_TAG } from '../store/cache-tags.ts';
import { readListing } from './listing.ts';
import { cardsSchema } from './response-schemas.ts';

export const serveArticle = operation(
  {
    id: 'getArticle',
    tag: 'Partners',
    summary: 'Get an article',
    path: v.object({ id: articleId }),
    unmatched: noArticle,
    conditional: 'copies',
    answers: { 200: json(articleSchema, 'The article.') },
    problems: ['not-found', 'withdrawn'],
  },
  async (c, { path: { id } }) => {
    const stored = await c.var.store.readArticleBytes(id);
    if (stored !== null) return answerArticle(c, { id, ...stored.metadata }, stored.body);
    const article = await c.var.store.readArticle(id);
    if (article === null) return noArticle();
    if (isTombstone(article)) {
      return new Refusal('withdrawn', {
        extension: { tombstone: article },
        headers: withdrawnHeaders(c.env, article),
      });
    }
    return answerArticle(c, article, () => JSON.stringify(article));
  },
);

function answerArticle(
  c: AppContext,
  { id, version, updatedAt }: { id: string; version: number; updatedAt: Instant },
  body: Representation['body'],
): Promise<Response> {
  return respond(c, {
    sequence: version,
    versions: ['article', id],
    lastModified: updatedAt,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': publicCaching(c.env),
      'Cache-Tag': articleTag(id),
    },
    body,
  });
}

export const listArticles = operation(
  {
    id: 'listArticles',
    tag: 'Partners',
    summary: 'List articles, newest first',
    description: 'Articles without bodies. Takes the same filters as feeds; `next` is null on the last page.',
    query: filtered(CARD_PAGING),
    conditional: 'copies',
    answers: {
      200: {
        ...json(cardsSchema, 'A page of cards.'),
        headers: { Link: 'The URL of the next page (`rel="next"`).' },
      },
    },
  },
  async (c, { query: { limit, before, ...names } }) => {
    const filters = filtersIn(names);
    const paging = { limit, content: 'summary', ...(before && { before }) } as const;
    const listing = (await readListing(c, filters, paging)) ?? EMPTY_LISTING;
    const queryOf = (position: typeof before) =>
      canonicalQuery(filters, { limit, content: 'full', ...(position && { before: position }) });
    const next = listing.next === undefined ? null : writeCursor(listing.next);
    return respond(c, {
      sequence: listing.sequence,
      versions: ['articles', queryOf(before), next ?? ''],
      lastModified: listing.changedAt,
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Cache-Control': publicCaching(c.env),
        'Cache-Tag': FEEDS_TAG,
        ...(next !== null && { Link: `<${c.env.ORIGIN}/articles${queryOf(listing.next)}>; rel="next"` }),
      },
      body: async () => {
        const items = await listing.items(0);
        return JSON.stringify({
          articles: items.map((item) => ('body' in item ? toCard(item) : item)),
          next,
        });
      },
    });
  },
);

function noArticle(): Refusal {
  return new Refusal('not-found', { detail: 'No published article has this id.' });
}

/** A tombstone is cached like an article: withdrawals are rare, and a restored article has a new version. */
export const withdrawnHeaders = (env: Bindings, { id }: Tombstone): Record<string, string> => ({
  'Cache-Control': publicCaching(env),
  'Cache-Tag': articleTag(id),
});
