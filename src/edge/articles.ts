import * as v from 'valibot';
import type { AppContext, Bindings } from '../bindings.ts';
import { type Instant, isTombstone, type Tombstone, toCard } from '../domain/article.ts';
import { articleSchema } from '../domain/article-schema.ts';
import { Refusal } from '../domain/refusal.ts';
import { type Position, writeCursor } from '../feeds/cursor.ts';
import { EMPTY_LISTING, type Listing } from '../feeds/listing.ts';
import { publicCaching } from '../http/caching.ts';
import { type Representation, respond } from '../http/conditional.ts';
import { json, operation } from '../http/operation.ts';
import { articleId, CARD_PAGING, canonicalQuery, filtered, filtersIn } from '../http/parameters.ts';
import { articleTag, FEEDS_TAG } from '../store/cache-tags.ts';
import { ByteBudget, fitsIn } from '../text/bytes.ts';
import { readListing } from './listing.ts';
import { cardsSchema } from './response-schemas.ts';

/** The most bytes of the cards in a JSON list. */
const MAX_LIST_BYTES = 2_000_000;

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
    const next = listing.next === undefined ? '' : writeCursor(listing.next);
    return respond(c, {
      sequence: listing.sequence,
      versions: ['articles', queryOf(before), next],
      lastModified: listing.changedAt,
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Cache-Control': publicCaching(c.env),
        'Cache-Tag': FEEDS_TAG,
      },
      body: async () => {
        const { cards, next } = await writeCards(listing);
        const link = next && `<${c.env.ORIGIN}/articles${queryOf(next)}>; rel="next"`;
        return {
          text: `{"articles":[${cards.join()}],"next":${JSON.stringify(next ? writeCursor(next) : null)}}`,
          headers: link === undefined ? {} : { Link: link },
        };
      },
    });
  },
);

/** The cards of a page as JSON, as many as fit into `MAX_LIST_BYTES`, and where the next page starts. */
async function writeCards({
  items,
  next,
}: Listing): Promise<{ cards: string[]; next?: Position | undefined }> {
  const budget = new ByteBudget(MAX_LIST_BYTES);
  const cards: string[] = [];
  let last: Position | undefined;
  for await (const portion of items(0)) {
    for (const { item, position } of portion) {
      const text = JSON.stringify('body' in item ? toCard(item) : item);
      if (budget.take(text, 1)) cards.push(text);
      // A card that is too large for any page is left out, or nobody could page past it.
      else if (fitsIn(MAX_LIST_BYTES - 1, text)) return { cards, next: last };
      last = position;
    }
  }
  return { cards, next };
}

function noArticle(): Refusal {
  return new Refusal('not-found', { detail: 'No published article has this id.' });
}

/** A tombstone is cached like an article: withdrawals are rare, and a restored article has a new version. */
export const withdrawnHeaders = (env: Bindings, { id }: Tombstone): Record<string, string> => ({
  'Cache-Control': publicCaching(env),
  'Cache-Tag': articleTag(id),
});
