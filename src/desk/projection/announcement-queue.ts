import { feedPath } from '../../domain/site.ts';
import { logFailure } from '../../log.ts';
import { withDeadline } from '../../store/failures.ts';
import type { Target } from '../../store/records.ts';
import type { Announcement } from '../contract/messages.ts';
import type { Tables } from '../tables/tables.ts';

/** Queues, "Limits": a batch takes 100 messages and 256 KB; these messages have less than 2 KB each. */
const MAX_BATCH = 100;

/** The number of keys that one drain of the outbox may write. */
const MAX_SENT = 500;

/** The pause before a failed batch is sent again; it doubles with each attempt. */
const PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 5 * 60_000;

/**
 * A queue that takes longer to answer counts as failed, so that it does not delay the alarm's other jobs. It may have
 * taken the batch: an announcement that arrives twice has no effect.
 */
const TIMEOUT_MS = 3_000;

/** The push queue, as far as it is used here. */
export interface AnnouncementSink {
  sendBatch(messages: Iterable<{ body: Announcement }>): Promise<unknown>;
}

interface Row extends Record<string, SqlStorageValue> {
  key: string;
  message: string;
  revision: number;
  attempts: number;
}

/**
 * The table `announcements`: changes that are in KV but not yet announced to push. A row is written in the transaction
 * that deletes the outbox's row, and stays until the push queue has accepted its message. Several changes to a feed or
 * article in the meantime become one message with the newest state. Few rows wait at any time, so scans are cheap.
 *
 * Each change gives the row a new `revision`, a random number. What happens after the queue has answered names the
 * revision that was sent, and has no effect on a row that changed, or was deleted and written anew, in the meantime.
 */
export class AnnouncementQueue {
  readonly #sql: SqlStorage;
  readonly #tables: Pick<Tables, 'articles' | 'memberships'>;
  readonly #queue: AnnouncementSink;
  readonly #timeoutMs: number;
  /**
   * The revisions that the queue is being asked to take, and when they count as failed, in milliseconds since the epoch.
   * Not a column: it would cost a row written for each.
   */
  readonly #asked = new Map<number, number>();
  /** When the queue last took messages, in milliseconds since the epoch. */
  #sentAt = 0;

  constructor(
    sql: SqlStorage,
    tables: Pick<Tables, 'articles' | 'memberships'>,
    queue: AnnouncementSink,
    { timeoutMs = TIMEOUT_MS }: { timeoutMs?: number } = {},
  ) {
    this.#sql = sql;
    this.#tables = tables;
    this.#queue = queue;
    this.#timeoutMs = timeoutMs;
  }

  /** Records that KV has a target's current value. Only feeds and articles are announced. Synchronous. */
  add(target: Target, now: number): void {
    const message = this.#announce(target);
    if (message === undefined) return;
    this.#sql.exec(
      `INSERT INTO announcements VALUES (?1, ?2, abs(random() >> 11), ?3, 0)
       ON CONFLICT (key) DO UPDATE SET message = ?2, revision = excluded.revision, due_at = ?3, attempts = 0`,
      message.kind === 'feed' ? message.path : message.id,
      JSON.stringify(message),
      now,
    );
  }

  /**
   * Sends the messages that are due, until the queue fails. Never throws: a batch that the queue rejects is sent again
   * later.
   */
  async send(): Promise<void> {
    const rows = this.#sql
      .exec<Row>(
        `SELECT key, message, revision, attempts FROM announcements
         WHERE (attempts = 0 OR due_at <= ?1 OR due_at > ?1 + ?2)
           AND revision NOT IN (SELECT value FROM json_each(?3)) LIMIT ?4`,
        Date.now(),
        // What was never sent is due, and a message that is due later than any pause allows: the clock was set back.
        MAX_PAUSE_MS,
        this.#askedJson(),
        MAX_SENT,
      )
      .toArray();
    for (let start = 0; start < rows.length; start += MAX_BATCH) {
      if (!(await this.#sendBatch(rows.slice(start, start + MAX_BATCH)))) return;
    }
  }

  /** When the next message is due, in milliseconds since the epoch; undefined when none waits. */
  nextDue(now = Date.now()): number | undefined {
    const { due } = this.#sql
      .exec<{ due: number | null }>(
        'SELECT MIN(iif(attempts = 0, 0, due_at)) AS due FROM announcements WHERE revision NOT IN (SELECT value FROM json_each(?))',
        this.#askedJson(),
      )
      .one();
    const dues = [...(due === null ? [] : [due]), ...this.#asked.values()];
    if (dues.length === 0) return undefined;
    const next = Math.min(...dues);
    return next > now + MAX_PAUSE_MS ? now : next;
  }

  /** When the queue last took messages, in milliseconds since the epoch. */
  get sentAt(): number {
    return this.#sentAt;
  }

  /** How many messages wait. */
  waiting(): number {
    return this.#sql.exec<{ count: number }>('SELECT COUNT(*) AS count FROM announcements').one().count;
  }

  #announce(target: Target): Announcement | undefined {
    if (target.kind === 'feed') {
      const change = this.#tables.memberships.changeOf(target.scope);
      return (
        change && {
          kind: 'feed',
          path: feedPath(target.scope),
          sequence: change.sequence,
          at: change.changedAt,
        }
      );
    }
    if (target.kind !== 'article') return undefined;
    const article = this.#tables.articles.find(target.id);
    return article && { kind: 'article', id: article.id, version: article.version, at: article.changedAt };
  }

  /** @returns whether the queue accepted the batch */
  async #sendBatch(rows: readonly Row[]): Promise<boolean> {
    const messages = rows.map(({ message }) => ({ body: JSON.parse(message) as Announcement }));
    // Marked before the queue is asked. A restart meanwhile forgets that, and the rows are sent again.
    for (const { revision } of rows) this.#asked.set(revision, Date.now() + this.#timeoutMs);
    try {
      await withDeadline(this.#timeoutMs, 'the push queue', this.#queue.sendBatch(messages));
    } catch (error) {
      logFailure('push queue rejected a batch', error, { count: rows.length });
      for (const row of rows) this.#postpone(row);
      return false;
    } finally {
      for (const { revision } of rows) this.#asked.delete(revision);
    }
    this.#sentAt = Date.now();
    for (const { key, revision } of rows) {
      this.#sql.exec('DELETE FROM announcements WHERE key = ? AND revision = ?', key, revision);
    }
    return true;
  }

  #askedJson(): string {
    return JSON.stringify([...this.#asked.keys()]);
  }

  /** Sets the time of a row's next attempt. */
  #postpone({ key, revision, attempts }: Row): void {
    this.#sql.exec(
      'UPDATE announcements SET due_at = ?1, attempts = ?2 WHERE key = ?3 AND revision = ?4',
      Date.now() + Math.min(MAX_PAUSE_MS, PAUSE_MS * 2 ** Math.min(attempts, 16)),
      attempts + 1,
      key,
      revision,
    );
  }
}
