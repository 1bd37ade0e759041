import type { AppContext, Bindings } from '../bindings.ts';
import { type Instant, isTombstone, type Tombstone, toCard } from '../domain/article.ts';
import { ARTICLE_ID } from '../domain/identity.ts';
import { Refusal } from '../domain/refusal.ts';
import { writeCursor } from '../feeds/cursor.ts';
import { EMPTY_LISTING } from '../feeds/listing.ts';
import { publicCaching } from '../http/caching.ts';
import { type Representation, respond } from '../http/conditional.ts';
import { canonicalQuery, readFilters, readPaging } from '../http/parameters.ts';
import { articleTag, FEEDS_TAG } from '../store/cache-tags.ts';
import { findArticle } from './find-article.ts';
import { readListing } from './listing.ts';

/** `GET /articles/{id}` */
export async function serveArticle(c: AppContext): Promise<Response | Refusal> {
  const id = c.req.param('id') ?? '';
  if (!ARTICLE_ID.test(id)) return noArticle();
  const stored = await c.var.store.readArticleBytes(id);
  if (stored !== null) return answerArticle(c, { id, ...stored.metadata }, stored.body);
  const article = await findArticle(c, id);
  if (article === null) return noArticle();
  if (isTombstone(article)) {
    return new Refusal('withdrawn', {
      extension: { tombstone: article },
      headers: withdrawnHeaders(c.env, article),
    });
  }
  return answerArticle(c, article, () => JSON.stringify(article));
}

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

/** `GET /articles`: cards, newest first, filtered by publisher, section, tag, language and author. */
export async function listArticles(c: AppContext): Promise<Response | Refusal> {
  const filters = readFilters(c);
  if (filters instanceof Refusal) return filters;
  const paging = readPaging(c);
  if (paging instanceof Refusal) return paging;
  const asked = { ...paging, content: 'summary' } as const;
  const listing = (await readListing(c, filters, asked)) ?? EMPTY_LISTING;
  const queryOf = (before: typeof paging.before) =>
    canonicalQuery(filters, { limit: paging.limit, content: 'full', ...(before && { before }) });
  const next = listing.next === undefined ? null : writeCursor(listing.next);
  return respond(c, {
    sequence: listing.sequence,
    versions: ['articles', queryOf(paging.before), next ?? ''],
    lastModified: listing.changedAt,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': publicCaching(c.env),
      'Cache-Tag': FEEDS_TAG,
      ...(next !== null && { Link: `<${c.env.ORIGIN}/articles${queryOf(listing.next)}>; rel="next"` }),
    },
    body: async () => {
      const items = await listing.items(0);
      return JSON.stringify({ articles: items.map((item) => ('body' in item ? toCard(item) : item)), next });
    },
  });
}

const noArticle = () =>
  new Refusal('not-found', {
    detail: 'No article with this id was ever published here.',
  });

/** A tombstone may be kept like an article: withdrawals are rare, and its return comes with a new version. */
export const withdrawnHeaders = (env: Bindings, { id }: Tombstone): Record<string, string> => ({
  'Cache-Control': publicCaching(env),
  'Cache-Tag': articleTag(id),
});
