import type { Instant, Status } from '../../domain/article.ts';
import type { Change } from '../contract/messages.ts';

interface Row extends Record<string, SqlStorageValue> {
  seq: number;
  id: string;
  version: number;
  status: Status;
  at: Instant;
}

/**
 * Every article's newest change after the sequence number `after`, oldest first. An article has one row, which
 * moves to the end when it changes and is never pruned, so who follows from any cursor ends up with all of them.
 * @returns `next`, the cursor to go on from, or null at the end
 */
export function changesAfter(
  sql: SqlStorage,
  after: number,
  limit: number,
): { changes: Change[]; next: number | null } {
  const rows = sql
    .exec<Row>(
      `SELECT sequence AS seq, id, version, status, changed_at AS at FROM articles
       WHERE sequence > ? ORDER BY sequence LIMIT ?`,
      after,
      limit + 1,
    )
    .toArray();
  const changes = rows.slice(0, limit).map(({ seq, id, version, status, at }): Change => {
    // Embargoed after it was shown: for everybody outside it is gone until its release.
    return { seq, kind: status === 'published' ? 'upsert' : 'withdraw', id, version, at };
  });
  return { changes, next: rows.length > limit ? (changes.at(-1)?.seq ?? null) : null };
}
