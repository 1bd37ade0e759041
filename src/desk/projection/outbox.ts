import { logFailure } from '../../log.ts';
import { withDeadline } from '../../store/failures.ts';
import { kvOperation } from '../../store/kv.ts';
import { keyOf, MAX_RANK, RANKS, type Target } from '../../store/records.ts';

/** KV accepts one write per second for each key and rejects more with 429. */
const KEY_INTERVAL_MS = 1_000;

/** An invocation may make 1,000 KV operations; half are reserved for its other work. */
const MAX_DRAINED = 500;

/** A Worker may have six connections open at once; more writes would only wait. */
const MAX_CONCURRENT_WRITES = 6;

/** The longest pause before a failed write is tried again. */
const MAX_PAUSE_MS = 5 * 60_000;

/** A write that takes longer counts as failed, so that it does not hold up the others. */
const WRITE_TIMEOUT_MS = 10_000;

/** After this many failures in a row, the cause is KV, not a key. */
const UNWRITABLE_AFTER = 5;

/** How long the time of a key's last write is kept: the longest `Timing.interval`. */
const MAX_INTERVAL_MS = 60_000;

/** The index is by rank, then time: the next row of each rank is one lookup; the next of all ranks would be a scan. */
const NEXT_DUE = Array.from(
  { length: MAX_RANK + 1 },
  (_, rank) => `SELECT MIN(due_at) AS due FROM outbox WHERE rank = ${rank}`,
).join(' UNION ALL ');

/** When a change is written, in milliseconds. For several changes to a key, the earliest time counts. */
interface Timing {
  /** The minimum time after the change. */
  pause?: number;
  /** The minimum time after the key's last write, at most `MAX_INTERVAL_MS`. */
  interval?: number;
}

/** The part of KV that the outbox writes to. */
export interface KvWriter {
  put(key: string, value: string, options?: { metadata: object }): Promise<void>;
  delete(key: string): Promise<void>;
}

/** A value for KV. Metadata can be read before the text, and has at most 1,024 bytes as JSON. */
export interface KvValue {
  text: string;
  metadata?: object;
}

/** Provides the values that the outbox writes. */
export interface ValueSource {
  /** The current value of the target's key; null when the key must be deleted. */
  valueOf(target: Target): Promise<KvValue | null> | KvValue | null;
  /** Called when the value of `valueOf` is in KV and still current. */
  written(target: Target, now: number): void;
}

/** How far KV is behind. */
export interface Backlog {
  /** Keys waiting to be written. */
  pending: number;
  /** When the oldest began to wait, in milliseconds since the epoch. */
  waitingSince: number | null;
  /** Waiting keys whose last attempt failed. */
  failing: number;
  /** Whether any of the last writes succeeded. */
  writable: boolean;
}

interface Row extends Record<string, SqlStorageValue> {
  key: string;
  /** A `Target` as JSON. */
  target: string;
  revision: number;
  attempts: number;
}

/**
 * The table `outbox`: the keys of KV that are out of date. A row names a key, not a value: however often a key changes
 * while it waits, it is written once, with its current value. The row is deleted once KV has that value.
 */
export class Outbox {
  readonly #sql: SqlStorage;
  readonly #kv: KvWriter;
  readonly #source: ValueSource;
  readonly #timeoutMs: number;
  readonly #wake: () => void;
  /**
   * When keys were last written, in milliseconds since the epoch. Not a column: it would cost another row for each
   * write, and a restart may lose it. KV rejects a write that comes too soon, and the outbox retries it.
   */
  readonly #putAt = new Map<string, number>();
  #draining: Promise<void> | undefined;
  #failedInARow = 0;

  /** @param wake called when a key becomes due that the last result of `nextDue` did not include */
  constructor(
    sql: SqlStorage,
    kv: KvWriter,
    source: ValueSource,
    { wake = () => {}, timeoutMs = WRITE_TIMEOUT_MS }: { wake?: () => void; timeoutMs?: number } = {},
  ) {
    this.#sql = sql;
    this.#kv = kv;
    this.#source = source;
    this.#wake = wake;
    this.#timeoutMs = timeoutMs;
  }

  /** Records that a target's key must be written. */
  add(target: Target, now: number, timing: Timing = {}): void {
    this.addAll([target], now, timing);
  }

  /** Records that targets' keys must be written. Synchronous, so that it commits with the change that requires it. */
  addAll(
    targets: readonly Target[],
    now: number,
    { pause = 0, interval = KEY_INTERVAL_MS }: Timing = {},
  ): void {
    const rows = targets.map((target) => {
      const key = keyOf(target);
      const due = Math.max(now + pause, (this.#putAt.get(key) ?? 0) + interval);
      return [key, JSON.stringify(target), RANKS[target.kind], due];
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

  /** When the next write is due, in milliseconds since the epoch; undefined when nothing waits. */
  nextDue(): number | undefined {
    const { due } = this.#sql.exec<{ due: number | null }>(`SELECT MIN(due) AS due FROM (${NEXT_DUE})`).one();
    return due ?? undefined;
  }

  /** Writes the keys that are due, at most `MAX_DRAINED`. A failed write is recorded and retried later. */
  drain(): Promise<void> {
    // One drain at a time, so that no key is written twice at once.
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
    });
    return this.#draining;
  }

  /** Resolves when KV has the target's current value. Throws when a write of it fails. */
  async flush(target: Target): Promise<void> {
    const key = keyOf(target);
    for (;;) {
      const [row] = this.#sql
        .exec<{ due_at: number; error: string | null }>('SELECT due_at, error FROM outbox WHERE key = ?', key)
        .toArray();
      if (row === undefined) return;
      if (row.error !== null) throw new Error(`KV write of ${key} failed: ${row.error}`);
      const wait = row.due_at - Date.now();
      if (wait > 0) await scheduler.wait(wait);
      await this.drain();
    }
  }

  /** Whether a key waits to be written. */
  isWaiting(key: string): boolean {
    return this.#sql.exec('SELECT 1 FROM outbox WHERE key = ?', key).toArray().length > 0;
  }

  backlog(): Backlog {
    const waiting = this.#sql
      .exec<{ pending: number; waitingSince: number | null; failing: number }>(
        `SELECT COUNT(*) AS pending, MIN(waiting_since) AS waitingSince, COUNT(error) AS failing
         FROM outbox`,
      )
      .one();
    return { ...waiting, writable: this.#failedInARow < UNWRITABLE_AFTER };
  }

  async #drain(): Promise<void> {
    const now = Date.now();
    for (const [key, putAt] of this.#putAt) if (putAt < now - MAX_INTERVAL_MS) this.#putAt.delete(key);
    let left = MAX_DRAINED;
    for (let rank = 0; rank <= MAX_RANK; rank += 1) {
      const rows = this.#sql
        .exec<Row>(
          `SELECT key, subject AS target, revision, attempts FROM outbox
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
      // Waits for all workers, so that none still writes when the next drain begins.
      const ended = await Promise.allSettled(Array.from({ length: MAX_CONCURRENT_WRITES }, worker));
      for (const each of ended) if (each.status === 'rejected') throw each.reason;
    }
  }

  async #write({ key, target: json, attempts }: Row): Promise<void> {
    try {
      const target = JSON.parse(json) as Target;
      // Reads the row again, because it may have changed during other writes. From here to the write only `valueOf`
      // awaits; a change during that time is visible in the revision afterwards.
      const { revision } = this.#sql
        .exec<{ revision: number }>('SELECT revision FROM outbox WHERE key = ?', key)
        .one();
      const current = this.#source.valueOf(target);
      const value =
        current instanceof Promise
          ? await withDeadline(this.#timeoutMs, `the value of ${key}`, current)
          : current;
      await this.#watched(target, this.#put(key, value));
      const now = Date.now();
      this.#putAt.set(key, now);
      const settled = this.#sql.exec('DELETE FROM outbox WHERE key = ? AND revision = ?', key, revision);
      if (settled.rowsWritten > 0) this.#source.written(target, now);
      else this.#postpone(key, now);
    } catch (error) {
      const pause = Math.min(MAX_PAUSE_MS, KEY_INTERVAL_MS * 2 ** Math.min(attempts, 16));
      this.#sql.exec(
        'UPDATE outbox SET attempts = attempts + 1, error = ?, due_at = ? WHERE key = ?',
        String(error).slice(0, 500),
        Date.now() + pause,
        key,
      );
      logFailure('outbox write failed', error, { key, attempts: attempts + 1 });
    }
  }

  async #put(key: string, value: KvValue | null): Promise<void> {
    if (value === null) return this.#kv.delete(key);
    const { text, metadata } = value;
    return metadata === undefined ? this.#kv.put(key, text) : this.#kv.put(key, text, { metadata });
  }

  /** Waits for a write. One that takes too long counts as failed. */
  async #watched(target: Target, written: Promise<void>): Promise<void> {
    let late = false;
    // A write that exceeded its deadline may still complete after a later write; then KV has the old value.
    const rewrite = () => {
      if (!late) return;
      this.add(target, Date.now());
      this.#wake();
    };
    void written.then(rewrite, rewrite);
    try {
      await kvOperation('PUT', () => written, this.#timeoutMs);
      this.#failedInARow = 0;
    } catch (error) {
      late = true;
      this.#failedInARow += 1;
      throw error;
    }
  }

  /** Keeps the row of a key whose value changed while it was being written. */
  #postpone(key: string, now: number): void {
    this.#sql.exec(
      'UPDATE outbox SET due_at = ?1, waiting_since = ?2 WHERE key = ?3',
      now + KEY_INTERVAL_MS,
      now,
      key,
    );
  }
}
