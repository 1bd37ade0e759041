import { type Standing, standingAfter, standingOf } from '../../domain/trending-score.ts';
import { MIN_SCORE } from '../../store/records.ts';

/** Articles whose standing is kept: far more than are ever listed, few enough to walk. */
const MAX_ROWS = 1_000;

/** How often each article's page was sent to a reader. */
export type Views = readonly (readonly [id: string, views: number])[];

/** Which articles are being read. Only what may be seen now has a row. */
export class Trending {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Adds views to what is published; the rest is passed over. @returns whether anything counted */
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

  /** The most read, at most `limit`. */
  top(limit: number): { id: string; standing: Standing }[] {
    return this.#sql
      .exec<{ id: string; standing: Standing }>(
        // The condition holds for every row and makes this a search of the index.
        'SELECT article_id AS id, standing FROM trending WHERE standing > 0 ORDER BY standing DESC LIMIT ?',
        limit,
      )
      .toArray();
  }

  /** Whether the article has a standing. */
  has(id: string): boolean {
    return this.#sql.exec('SELECT 1 FROM trending WHERE article_id = ?', id).toArray().length > 0;
  }

  /** Takes an article out that may no longer be seen. */
  forget(id: string): void {
    this.#sql.exec('DELETE FROM trending WHERE article_id = ?', id);
  }

  /** Forgets what nobody reads any more, and what is beyond the most that are kept. */
  prune(now: number): void {
    const [last] = this.#sql
      .exec<{ standing: Standing }>(
        'SELECT standing FROM trending WHERE standing > 0 ORDER BY standing DESC LIMIT 1 OFFSET ?',
        MAX_ROWS - 1,
      )
      .toArray();
    this.#sql.exec(
      'DELETE FROM trending WHERE standing < ?',
      Math.max(last?.standing ?? 0, standingOf(MIN_SCORE, now)),
    );
  }
}
