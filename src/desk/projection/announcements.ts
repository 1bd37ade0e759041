import { feedPath } from '../../domain/site.ts';
import { logFailure } from '../../log.ts';
import type { Announcement } from '../contract/messages.ts';
import type { Ledger } from '../tables/articles.ts';
import type { Feeds } from '../tables/feeds.ts';
import type { Subject } from './target.ts';

/** Queues, "Limits": a batch takes 100 messages and 256 KB; ours have less than 2 KB each. */
const BATCH = 100;

/** As many as one drain of the outbox may write. */
const SENT_AT_ONCE = 500;

const PAUSE = 1_000;
const MAX_PAUSE = 5 * 60_000;

export interface AnnouncementPort {
  sendBatch(messages: Iterable<{ body: Announcement }>): Promise<unknown>;
}

interface Row extends Record<string, SqlStorageValue> {
  key: string;
  message: string;
  revision: number;
}

/**
 * What KV holds and the push queue has not been told. A row is written with the outbox's own, and stays until the
 * queue has taken its message; a change to the same subject meanwhile is told once, with what is true then. Few wait
 * at any time: the table is read as a whole.
 */
export class Announcements {
  readonly #sql: SqlStorage;
  readonly #tables: { ledger: Ledger; feeds: Feeds };
  readonly #queue: AnnouncementPort;

  constructor(sql: SqlStorage, tables: { ledger: Ledger; feeds: Feeds }, queue: AnnouncementPort) {
    this.#sql = sql;
    this.#tables = tables;
    this.#queue = queue;
  }

  /** Notes that KV has a feed or an article as it is now; nobody is told of anything else. Synchronous. */
  add(subject: Subject, now: number): void {
    const message = this.#announce(subject);
    if (message === undefined) return;
    this.#sql.exec(
      `INSERT INTO announcements VALUES (?1, ?2, 1, ?3, 0)
       ON CONFLICT (key) DO UPDATE SET message = ?2, revision = revision + 1, due_at = ?3, attempts = 0`,
      message.kind === 'feed' ? message.path : message.id,
      JSON.stringify(message),
      now,
    );
  }

  /** Sends what is due. Never throws: what the queue does not take is tried again later. */
  async send(): Promise<void> {
    const rows = this.#sql
      .exec<Row>(
        'SELECT key, message, revision FROM announcements WHERE due_at <= ? LIMIT ?',
        Date.now(),
        SENT_AT_ONCE,
      )
      .toArray();
    for (let start = 0; start < rows.length; start += BATCH)
      await this.#sendBatch(rows.slice(start, start + BATCH));
  }

  /** When the next message is due, in milliseconds since the epoch; undefined when there is none. */
  nextDue(): number | undefined {
    const { due } = this.#sql
      .exec<{ due: number | null }>('SELECT MIN(due_at) AS due FROM announcements')
      .one();
    return due ?? undefined;
  }

  waiting(): number {
    return this.#sql.exec<{ count: number }>('SELECT COUNT(*) AS count FROM announcements').one().count;
  }

  #announce(subject: Subject): Announcement | undefined {
    if (subject.kind === 'feed') {
      const change = this.#tables.feeds.changeOf(subject.scope);
      return (
        change && {
          kind: 'feed',
          path: feedPath(subject.scope),
          sequence: change.sequence,
          at: change.changedAt,
        }
      );
    }
    if (subject.kind !== 'article') return undefined;
    const entry = this.#tables.ledger.find(subject.id);
    return entry && { kind: 'article', id: entry.id, version: entry.version, at: entry.changedAt };
  }

  async #sendBatch(rows: readonly Row[]): Promise<void> {
    try {
      await this.#queue.sendBatch(rows.map(({ message }) => ({ body: JSON.parse(message) as Announcement })));
      for (const { key, revision } of rows) {
        // One that changed while it was being sent has something new to tell.
        this.#sql.exec('DELETE FROM announcements WHERE key = ? AND revision = ?', key, revision);
      }
    } catch (error) {
      logFailure('push queue took nothing', error, { count: rows.length });
      for (const { key } of rows) {
        this.#sql.exec(
          `UPDATE announcements SET due_at = ?1 + MIN(?2, ?3 << MIN(attempts, 16)), attempts = attempts + 1 WHERE key = ?4`,
          Date.now(),
          MAX_PAUSE,
          PAUSE,
          key,
        );
      }
    }
  }
}
