import { type Standing, standingAfter, standingOf } from '../../domain/trending-score.ts';
import { MIN_SCORE } from '../../store/records.ts';
import type { Views } from '../contract/messages.ts';

/** Far more articles than are ever listed, but few enough to scan. */
const MAX_ROWS = 1_000;

/** The table `trending`: the standings of published articles that were read recently (docs/trending.md). */
export class Trending {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Adds views to the standings of published articles, and ignores others. @returns whether any view counted */
  count(views: Views, now: number): boolean {
    let counted = false;
    for (const [id, number] of views) {
      const [article] = this.#sql
        .exec<{ standing: Standing | null }>(
          `SELECT trending.standing AS standing FROM articles LEFT JOIN trending ON trending.article_id = articles.id
           WHERE articles.id = ? AND articles.status = 'published'`,
          id,
        )
        .toArray();
      if (article === undefined) continue;
      counted = true;
      this.#sql.exec(
        'INSERT OR REPLACE INTO trending VALUES (?, ?)',
        id,
        standingAfter(article.standing ?? undefined, number, now),
      );
    }
    return counted;
  }

  /** The most read articles, the most read first. */
  top(limit: number): { id: string; standing: Standing }[] {
    return this.#sql
      .exec<{ id: string; standing: Standing }>(
        // The condition is true for every row; it makes SQLite search the index.
        'SELECT article_id AS id, standing FROM trending WHERE standing > 0 ORDER BY standing DESC LIMIT ?',
        limit,
      )
      .toArray();
  }

  /** Whether the article has a standing. */
  has(id: string): boolean {
    return this.#sql.exec('SELECT 1 FROM trending WHERE article_id = ?', id).toArray().length > 0;
  }

  /** Removes an article that may no longer be shown. */
  forget(id: string): void {
    this.#sql.exec('DELETE FROM trending WHERE article_id = ?', id);
  }

  /** Deletes standings below the minimum of a listed article, and those beyond `MAX_ROWS`. @returns whether any */
  prune(now: number): boolean {
    const [last] = this.#sql
      .exec<{ standing: Standing }>(
        'SELECT standing FROM trending WHERE standing > 0 ORDER BY standing DESC LIMIT 1 OFFSET ?',
        MAX_ROWS - 1,
      )
      .toArray();
    const deleted = this.#sql.exec(
      'DELETE FROM trending WHERE standing < ?',
      Math.max(last?.standing ?? 0, standingOf(MIN_SCORE, now)),
    );
    return deleted.rowsWritten > 0;
  }
}
