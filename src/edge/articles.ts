import { isTombstone, type Tombstone, toCard } from '../article/article.ts';
import type { AppContext, Bindings } from '../bindings.ts';
import { Refusal } from '../problem.ts';
import { findArticle } from './bodies.ts';
import { cacheTags, publicCaching } from './caching.ts';
import { respond } from './conditional.ts';
import { readListing } from './listing.ts';
import { readFilters, readPaging, writeCursor } from './parameters.ts';

/** `GET /articles/{id}` */
export async function serveArticle(c: AppContext): Promise<Response | Refusal> {
  const article = await findArticle(c.env, c.req.param('id') ?? '');
  if (article === null) return noArticle();
  if (isTombstone(article)) {
    return new Refusal('withdrawn', {
      extension: { tombstone: article },
      headers: withdrawnHeaders(c.env, article),
    });
  }
  return respond(c, {
    versions: ['article', article.id, article.version],
    lastModified: article.updatedAt,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': publicCaching(c.env),
      'Cache-Tag': cacheTags([`article:${article.id}`]),
    },
    body: () => JSON.stringify(article),
  });
}

/** `GET /articles`: cards, newest first, filtered by publisher, section, tag, language and author. */
export async function listArticles(c: AppContext): Promise<Response | Refusal> {
  const filters = readFilters(c);
  if (filters instanceof Refusal) return filters;
  const paging = readPaging(c);
  if (paging instanceof Refusal) return paging;
  const listing = await readListing(c.env, filters, { ...paging, content: 'summary' });
  const next = listing?.next === undefined ? null : writeCursor(listing.next);
  const url = new URL(c.req.url);
  if (next !== null) url.searchParams.set('before', next);
  return respond(c, {
    versions: ['articles', listing?.sequence, url.search],
    lastModified: listing?.changedAt ?? new Date(0).toISOString(),
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': publicCaching(c.env),
      'Cache-Tag': 'feeds',
      ...(next !== null && { Link: `<${c.env.ORIGIN}/articles${url.search}>; rel="next"` }),
    },
    body: async () => {
      const items = (await listing?.items()) ?? [];
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
  'Cache-Tag': cacheTags([`article:${id}`]),
});
