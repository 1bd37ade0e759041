import { logFailure } from '../../log.ts';
import { withDeadline } from '../../store/failures.ts';
import { kvOperation } from '../../store/kv.ts';
import { keyOf, LAST_RANK, RANKS, type Subject } from './target.ts';

/** KV takes one write a second for a key; more are refused with 429. */
const KEY_INTERVAL = 1_000;

/** One invocation may make 1,000 operations; half of them are left to whatever else it does. */
const DRAIN_LIMIT = 500;

/** A Worker has six connections open at once; more puts would only wait in line. */
const CONCURRENT_PUTS = 6;

const MAX_PAUSE = 5 * 60_000;

/** A write that KV has not answered by then counts as failed, so that it holds up nobody else. */
const PATIENCE = 10_000;

/** So many writes refused in a row are no accident of a key. */
const REFUSALS = 5;

/** How long it is remembered when a key was written, so that its interval is kept. */
const REMEMBERED = 60_000;

/** A rank's part of the index ends where the next begins, so each is asked for its own. */
const NEXT = Array.from(
  { length: LAST_RANK + 1 },
  (_, rank) => `SELECT MIN(due_at) AS due FROM outbox WHERE rank = ${rank}`,
).join(' UNION ALL ');

/** When a change is written, in milliseconds, unless another change to its key wants it sooner. */
interface Timing {
  /** Not before so long from now. */
  pause?: number;
  /** Not before so long after the key's last write, at most a minute. */
  interval?: number;
}

export interface OutboxPort {
  put(key: string, value: string, options?: { metadata: object }): Promise<void>;
  delete(key: string): Promise<void>;
}

/** What belongs under a key, and what must be known of it before it is read: at most 1,024 bytes as JSON. */
export interface Value {
  text: string;
  metadata?: object;
}

export interface Values {
  /** What belongs under the subject's key now, or null when the key is to be deleted. */
  valueOf(subject: Subject): Promise<Value | null> | Value | null;
  /** Called when what `valueOf` gave is in KV and still true. */
  written(subject: Subject, now: number): void;
}

/** What waits to be written to KV. */
export interface Backlog {
  pending: number;
  /** Since when the oldest of them waits, in milliseconds since the epoch. */
  waitingSince: number | null;
  /** How many of them failed when they were written last. */
  failing: number;
  /** Whether KV took some of what was written last. */
  writable: boolean;
}

interface Row extends Record<string, SqlStorageValue> {
  key: string;
  subject: string;
  revision: number;
  attempts: number;
}

/**
 * What has changed and is not in KV yet. A row is a key, not a value: however often a key changes while it waits,
 * it is written once, with what is true then. The row goes once KV has that.
 */
export class Outbox {
  readonly #sql: SqlStorage;
  readonly #kv: OutboxPort;
  readonly #values: Values;
  readonly #patience: number;
  readonly #wake: () => void;
  /**
   * When keys were written last, in milliseconds since the epoch. Not a column: it would be one more row for every
   * write, and what a restart forgets is harmless. KV refuses a write that comes too soon, and it is tried again.
   */
  readonly #putAt = new Map<string, number>();
  #draining: Promise<void> | undefined;
  #refusals = 0;

  /** `wake` is called when something waits of which the last caller of `nextDue` cannot know. */
  constructor(
    sql: SqlStorage,
    kv: OutboxPort,
    values: Values,
    { wake = () => {}, patience = PATIENCE }: { wake?: () => void; patience?: number } = {},
  ) {
    this.#sql = sql;
    this.#kv = kv;
    this.#values = values;
    this.#wake = wake;
    this.#patience = patience;
  }

  /** Records that a key must be written, as `addAll` does for several. */
  add(subject: Subject, now: number, timing: Timing = {}): void {
    this.addAll([subject], now, timing);
  }

  /** Records that keys must be written. Synchronous, so that it commits with the change that made it so. */
  addAll(
    subjects: readonly Subject[],
    now: number,
    { pause = 0, interval = KEY_INTERVAL }: Timing = {},
  ): void {
    const rows = subjects.map((subject) => {
      const key = keyOf(subject);
      const due = Math.max(now + pause, (this.#putAt.get(key) ?? 0) + interval);
      return [key, JSON.stringify(subject), RANKS[subject.kind], due];
    });
    this.#sql.exec(
      `INSERT INTO outbox (key, subject, rank, due_at, revision, waiting_since, attempts)
       SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, 1, ?2, 0 FROM json_each(?1) WHERE true
       ON CONFLICT (key) DO UPDATE SET
         revision = revision + 1, attempts = 0, error = NULL, due_at = MIN(due_at, excluded.due_at)`,
      JSON.stringify(rows),
      now,
    );
  }

  /** When the next write is due, in milliseconds since the epoch; undefined when there is nothing to write. */
  nextDue(): number | undefined {
    const { due } = this.#sql.exec<{ due: number | null }>(`SELECT MIN(due) AS due FROM (${NEXT})`).one();
    return due ?? undefined;
  }

  /** Writes what is due, at most `DRAIN_LIMIT` keys. A failed write is recorded and tried again later. */
  drain(): Promise<void> {
    // One drain at a time, so that no key is ever written by two at once.
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
    });
    return this.#draining;
  }

  /** Resolves when the subject's key is in KV as it is now. Throws when a write of it fails. */
  async flush(subject: Subject): Promise<void> {
    const key = keyOf(subject);
    for (;;) {
      const [row] = this.#sql
        .exec<{ due_at: number; error: string | null }>('SELECT due_at, error FROM outbox WHERE key = ?', key)
        .toArray();
      if (row === undefined) return;
      if (row.error !== null) throw new Error(`KV did not take ${key}: ${row.error}`);
      const wait = row.due_at - Date.now();
      if (wait > 0) await scheduler.wait(wait);
      await this.drain();
    }
  }

  /** How much waits, since when, and how much of it fails, for the operator. */
  backlog(): Backlog {
    const waiting = this.#sql
      .exec<{ pending: number; waitingSince: number | null; failing: number }>(
        `SELECT COUNT(*) AS pending, MIN(waiting_since) AS waitingSince, COUNT(error) AS failing
         FROM outbox`,
      )
      .one();
    return { ...waiting, writable: this.#refusals < REFUSALS };
  }

  async #drain(): Promise<void> {
    const now = Date.now();
    for (const [key, putAt] of this.#putAt) if (putAt < now - REMEMBERED) this.#putAt.delete(key);
    let left = DRAIN_LIMIT;
    for (let rank = 0; rank <= LAST_RANK; rank += 1) {
      const rows = this.#sql
        .exec<Row>(
          `SELECT key, subject, revision, attempts FROM outbox
           WHERE rank = ? AND due_at <= ? ORDER BY due_at LIMIT ?`,
          rank,
          now,
          left,
        )
        .toArray();
      left -= rows.length;
      const queue = rows.values();
      const worker = async () => {
        for (const row of queue) await this.#write(row);
      };
      // Every one to its end, so that none still writes when the next drain begins.
      const ended = await Promise.allSettled(Array.from({ length: CONCURRENT_PUTS }, worker));
      for (const each of ended) if (each.status === 'rejected') throw each.reason;
    }
  }

  async #write({ key, subject: text, attempts }: Row): Promise<void> {
    try {
      const subject = JSON.parse(text) as Subject;
      // Read again: the row may have changed while others were written. From here to the put nothing awaits
      // but `valueOf` itself, and a change during that is seen by the revision afterwards.
      const { revision } = this.#sql
        .exec<{ revision: number }>('SELECT revision FROM outbox WHERE key = ?', key)
        .one();
      const made = this.#values.valueOf(subject);
      const value =
        made instanceof Promise ? await withDeadline(this.#patience, `the value of ${key}`, made) : made;
      await this.#watched(subject, this.#put(key, value));
      const now = Date.now();
      this.#putAt.set(key, now);
      const settled = this.#sql.exec('DELETE FROM outbox WHERE key = ? AND revision = ?', key, revision);
      if (settled.rowsWritten > 0) this.#values.written(subject, now);
      else this.#postpone(key, now);
    } catch (error) {
      const pause = Math.min(MAX_PAUSE, KEY_INTERVAL * 2 ** Math.min(attempts, 16));
      this.#sql.exec(
        'UPDATE outbox SET attempts = attempts + 1, error = ?, due_at = ? WHERE key = ?',
        String(error).slice(0, 500),
        Date.now() + pause,
        key,
      );
      logFailure('outbox write failed', error, { key, attempts: attempts + 1 });
    }
  }

  async #put(key: string, value: Value | null): Promise<void> {
    if (value === null) return this.#kv.delete(key);
    const { text, metadata } = value;
    return metadata === undefined ? this.#kv.put(key, text) : this.#kv.put(key, text, { metadata });
  }

  /** A write, which counts as failed when it takes too long. */
  async #watched(subject: Subject, written: Promise<void>): Promise<void> {
    let late = false;
    // A write that ends after it was given up may end after the one that followed it: KV then holds the old value.
    const again = () => {
      if (!late) return;
      this.add(subject, Date.now());
      this.#wake();
    };
    void written.then(again, again);
    try {
      await kvOperation('PUT', () => written, this.#patience);
      this.#refusals = 0;
    } catch (error) {
      late = true;
      this.#refusals += 1;
      throw error;
    }
  }

  /** The value changed while it was being written: what is in KV is old already. */
  #postpone(key: string, now: number): void {
    this.#sql.exec(
      'UPDATE outbox SET due_at = ?1, waiting_since = ?2 WHERE key = ?3',
      now + KEY_INTERVAL,
      now,
      key,
    );
  }
}
