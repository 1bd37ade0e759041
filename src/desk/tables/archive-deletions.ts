/**
 * How long a put may be under way: until then its object is not deleted. A put that takes longer counts as failed and is
 * never recorded.
 */
const PUT_GRACE_MS = 10 * 60_000;

/**
 * The table `archive_deletions`: objects in R2 that must be deleted, and from when. An object is here before it is put,
 * and until a body is recorded as being in it, so that no object is forgotten. Triggers add what a body or version leaves,
 * and hasten all objects of an article that its publisher withdraws.
 */
export class ArchiveDeletions {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Records an object that is about to be put. */
  expect(objectKey: string, articleId: string, now: number): void {
    this.add(objectKey, articleId, now + PUT_GRACE_MS);
  }

  /** Has an object deleted at a time. */
  add(objectKey: string, articleId: string, dueAt: number): void {
    this.#sql.exec(
      `INSERT INTO archive_deletions (object_key, article_id, due_at) VALUES (?, ?, ?)
       ON CONFLICT (object_key) DO UPDATE SET due_at = MIN(due_at, excluded.due_at)`,
      objectKey,
      articleId,
      dueAt,
    );
  }

  has(objectKey: string): boolean {
    return (
      this.#sql.exec('SELECT 1 FROM archive_deletions WHERE object_key = ?', objectKey).toArray().length > 0
    );
  }

  /** Keeps an object that was put. @returns false when it is due: then it was deleted, or is being deleted */
  keep(objectKey: string, now: number): boolean {
    const kept = this.#sql.exec(
      'DELETE FROM archive_deletions WHERE object_key = ? AND due_at > ? RETURNING object_key',
      objectKey,
      now,
    );
    return kept.toArray().length > 0;
  }

  /** Has an article's objects deleted now. One that may still be under way is deleted when it no longer can be. */
  hasten(articleId: string, now: number): void {
    this.#sql.exec(
      'UPDATE archive_deletions SET due_at = ?2 WHERE article_id = ?1 AND due_at > ?2 + ?3',
      articleId,
      now,
      PUT_GRACE_MS,
    );
  }

  nextDue(): number | undefined {
    const { due } = this.#sql
      .exec<{ due: number | null }>('SELECT MIN(due_at) AS due FROM archive_deletions')
      .one();
    return due ?? undefined;
  }

  due(now: number, limit: number): string[] {
    return this.#sql
      .exec<{ key: string }>(
        'SELECT object_key AS key FROM archive_deletions WHERE due_at <= ? ORDER BY due_at LIMIT ?',
        now,
        limit,
      )
      .toArray()
      .map(({ key }) => key);
  }

  /** Forgets objects that were deleted. */
  deleted(objectKeys: readonly string[]): void {
    this.#sql.exec(
      'DELETE FROM archive_deletions WHERE object_key IN (SELECT value FROM json_each(?))',
      JSON.stringify(objectKeys),
    );
  }
}
