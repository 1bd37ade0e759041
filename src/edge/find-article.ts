import { TokenBucket } from '../access/token-bucket.ts';
import { type AppContext, deskOf } from '../bindings.ts';
import type { Article, Tombstone } from '../domain/article.ts';
import { ARTICLE_ID } from '../domain/identity.ts';
import { parseArticle } from '../store/store.ts';

/** Anyone can request articles that do not exist, and all isolates share one Desk: each isolate limits its lookups. */
const deskLookups = () => new TokenBucket(100, 20);

/**
 * Finds an article or tombstone. One KV read; an article that KV does not have yet comes from the Desk.
 * @returns null when there is none to show
 */
export async function findArticle(c: AppContext, id: string): Promise<Article | Tombstone | null> {
  if (!ARTICLE_ID.test(id)) return null;
  return (await c.var.store.readArticle(id)) ?? (await lookUpInDesk(c, [id]))[0] ?? null;
}

/**
 * Finds up to 100 articles, each at the wanted version or a newer one if KV or the Desk has it: a client would keep an
 * older body that it got under a newer ETag. One KV operation.
 * @returns the existing ones, by id, in the wanted order
 */
export async function findArticles(
  c: AppContext,
  wanted: readonly { id: string; version: number }[],
): Promise<Map<string, Article | Tombstone>> {
  const ids = wanted.map(({ id }) => id);
  const stored = await c.var.store.readArticles(ids);
  const missing = wanted.filter(({ id, version }) => (stored.get(id)?.version ?? 0) < version);
  const found = await lookUpInDesk(
    c,
    missing.map(({ id }) => id),
  );
  const newer = new Map(found.map((article) => [article.id, article]));
  return new Map(
    ids.flatMap((id) => {
      const article = newer.get(id) ?? stored.get(id);
      return article === undefined ? [] : [[id, article]];
    }),
  );
}

async function lookUpInDesk(c: AppContext, ids: string[]): Promise<(Article | Tombstone)[]> {
  if (ids.length === 0 || !c.var.isolate.get(deskLookups).take(Date.now())) return [];
  return (await deskOf(c.env).articles(ids)).map((text) => parseArticle(c.env.ORIGIN, text));
}
