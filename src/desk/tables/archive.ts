import type { Instant } from '../../domain/article.ts';
import type { Scope, ScopeKind } from '../../domain/site.ts';
import { scopeOf } from '../contract/memberships.ts';

import type { ArchivedPage, Day } from '../contract/messages.ts';

/** The days on which what is shown was published, newest first. */
export function archivedDays(sql: SqlStorage, limit: number): Day[] {
  return sql
    .exec<{ day: string; articles: number; changedAt: Instant }>(
      'SELECT day, articles, changed_at AS changedAt FROM days WHERE articles > 0 ORDER BY day DESC LIMIT ?',
      limit,
    )
    .toArray();
}

/** What is shown of what was published from one instant to before another, newest first. */
export function archivedPages(
  sql: SqlStorage,
  from: Instant,
  to: Instant,
  limit: number,
  offset: number,
): ArchivedPage[] {
  return sql
    .exec<ArchivedPage & Record<string, SqlStorageValue>>(
      `SELECT id, card ->> '$.headline' AS headline, card ->> '$.language' AS language,
         listed.published_at AS publishedAt, updated_at AS updatedAt, card ->> '$.image.url' AS imageUrl
       FROM memberships AS listed CROSS JOIN articles ON articles.id = listed.article_id
       WHERE kind = 'all' AND name = '' AND listed.published_at >= ? AND listed.published_at < ?
       ORDER BY listed.published_at DESC, listed.article_id DESC LIMIT ? OFFSET ?`,
      from,
      to,
      limit,
      offset,
    )
    .toArray();
}

/** The scopes of a kind that hold the most, largest first; none without an article. */
export function largestScopes(sql: SqlStorage, kind: ScopeKind, limit: number): Scope[] {
  return sql
    .exec<{ name: string }>(
      'SELECT name FROM scopes WHERE kind = ? AND articles > 0 ORDER BY articles DESC LIMIT ?',
      kind,
      limit,
    )
    .toArray()
    .flatMap(({ name }) => scopeOf({ kind, name }) ?? []);
}
