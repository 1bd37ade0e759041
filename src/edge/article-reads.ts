import { TokenBucket } from '../access/token-bucket.ts';
import { type Bindings, deskOf } from '../bindings.ts';
import type { Article, Tombstone } from '../domain/article.ts';
import { ARTICLE_ID } from '../domain/identity.ts';
import { fromStored, readArticle, readArticles } from '../store/reads.ts';

/** Anyone can make us ask the Desk for what it does not have, so each isolate asks seldom. */
const asking = new TokenBucket(100, 20);

/**
 * An article or tombstone; null when there is none to show. One KV read; what KV misses, the Desk may have
 * acknowledged a moment ago.
 */
export async function findArticle(env: Bindings, id: string): Promise<Article | Tombstone | null> {
  if (!ARTICLE_ID.test(id)) return null;
  return (await readArticle(env, id)) ?? (await askDesk(env, [id]))[0] ?? null;
}

/**
 * Those of up to 100 articles that there are, by id, in the order asked for, at the version asked for or a newer one
 * if KV or the Desk has it: an older body under a newer ETag would stay with its reader. One KV operation.
 */
export async function findArticles(
  env: Bindings,
  wanted: readonly { id: string; version: number }[],
): Promise<Map<string, Article | Tombstone>> {
  const ids = wanted.map(({ id }) => id);
  const stored = await readArticles(env, ids);
  const missed = wanted.filter(({ id, version }) => (stored.get(id)?.version ?? 0) < version);
  const asked =
    missed.length === 0
      ? []
      : await askDesk(
          env,
          missed.map(({ id }) => id),
        );
  const held = new Map(asked.map((article) => [article.id, article]));
  return new Map(
    ids.flatMap((id) => {
      const article = held.get(id) ?? stored.get(id);
      return article === undefined ? [] : [[id, article]];
    }),
  );
}

async function askDesk(env: Bindings, ids: string[]): Promise<(Article | Tombstone)[]> {
  if (!asking.take(Date.now())) return [];
  return (await deskOf(env).articles(ids)).map((text) => fromStored(env.ORIGIN, text));
}
