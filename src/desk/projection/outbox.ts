import { logFailure } from '../../log.ts';
import { allEnded, endOrPause, MAX_CONNECTIONS } from '../../store/concurrency.ts';
import { ArchiveFailure, KvFailure, withDeadline } from '../../store/failures.ts';
import { kvOperation } from '../../store/kv.ts';
import { keyOf, MAX_RANK, RANKS, type Target, targetOf } from '../../store/records.ts';
import { fitsIn } from '../../text/bytes.ts';

/** KV accepts one write per second for each key and rejects more with 429. */
const KEY_INTERVAL_MS = 1_000;

/** An invocation may make 1,000 KV operations: half for a drain, some for urgent keys, the rest for its other work. */
const MAX_DRAINED = 500;
const MAX_URGENT = 350;

/** A drain chooses its keys in batches of about a second, so that what becomes due meanwhile gets its turn. */
const BATCH = 60;

/** Writes that others keep while urgent keys wait, and those that urgent keys have even if all others hang. */
const RESERVED_FOR_OTHERS = 1;
const RESERVED_FOR_URGENT = 2;

/** How often `watch` looks for urgent keys that became due. */
const WATCH_INTERVAL_MS = 100;

/** The longest pause before a failed write is tried again, and that of an urgent key. */
const MAX_PAUSE_MS = 5 * 60_000;
const MAX_URGENT_PAUSE_MS = 30_000;

/** KV, "Limits": the largest value. Local workerd takes larger ones. */
const MAX_VALUE_BYTES = 25 * 1_048_576;

/** How often the value of an urgent key is computed again because the key changed meanwhile. */
const MAX_COMPUTATIONS = 10;

/** After this many failed attempts, an urgent key is deleted instead. */
const DELETED_AFTER = 3;

/** After this many failed attempts, a key counts as one that cannot be written for now. */
const FAILING_AFTER = 3;

/** A write that takes longer counts as failed, so that it does not hold up the others. */
const WRITE_TIMEOUT_MS = 10_000;

/**
 * A write that did not end may still reach KV after a later one, and a restart forgets it. So the key is written once more
 * after this time. At most `MAX_URGENT_PAUSE_MS`, or it would count as the time of a clock that was set back.
 */
const REPEATED_AFTER_MS = MAX_URGENT_PAUSE_MS;

/** The revision of a row whose value KV has, and which is only to be written once more. */
const WRITTEN = 0;

/** After this many failures in a row, the cause is KV, not a key. */
const UNWRITABLE_AFTER = 5;

/**
 * A publisher with more urgent keys than this goes after those with fewer. Three withdrawals of the largest articles have
 * some 230.
 */
const MANY_URGENT = 300;

/** One of so many urgent writes is of a publisher with many, so that its keys do not wait for all others' to end. */
const TURN_OF_MANY = 16;

/** How long the time of a key's last write is kept: the longest `Timing.interval`. */
const MAX_INTERVAL_MS = 60_000;

/**
 * The lanes of a row. Urgent keys are those that a withdrawal makes wrong, and records with credentials. Of these, the
 * articles, the records and the feeds that most people read go before the other lists.
 */
const NORMAL = 0;
const FIRST = 1;
const SECOND = 2;

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

/** Whose change a key waits for, and how urgent it is. */
interface Cause {
  /** The publisher whose delivery changed the keys. A flood of one publisher's keys does not delay those of others. */
  publisher?: string;
  /** Whether the keys show what must no longer be shown. Such keys go before all others. */
  urgent?: boolean;
  /**
   * Whether KV only gets again what it should have: then nobody is told, and nothing is purged. A change of a key that
   * waits silently is told.
   */
  silent?: boolean;
}

export type OutboxOptions = Timing & Cause;

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
  /**
   * The current value of the target's key; null when the key must be deleted, undefined when it must stay as it is.
   * @param maxBytes given when the value was larger: what makes it so is to be left out
   */
  valueOf(
    target: Target,
    maxBytes?: number,
  ): Promise<KvValue | null | undefined> | KvValue | null | undefined;
  /** Called when the value of `valueOf` is in KV and still current. `isSilent`: nothing has changed. */
  written(target: Target, now: number, isSilent: boolean): void;
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
  /** When the oldest urgent key became urgent, in milliseconds since the epoch; null when none waits. */
  urgentSince: number | null;
}

interface Row extends Record<string, SqlStorageValue> {
  key: string;
  /** A `Target` as JSON. */
  target: string;
  attempts: number;
  lane: number;
  silent: number;
}

/** A row with the publisher whose turn it is in: empty for keys that several publishers change. */
type QueuedRow = Row & { rank: number; turn: string };

const ROW = 'key, subject AS target, attempts, lane, silent';

/** Whose turn a row is in, as the index `outbox_turns` has it. */
const TURN = "iif(shared, '', COALESCE(publisher, ''))";

/**
 * The table `outbox`: the keys of KV that are out of date. A row names a key, not a value: however often a key changes
 * while it waits, it is written once, with its current value. The row is deleted once KV has that value.
 */
export class Outbox {
  readonly #sql: SqlStorage;
  readonly #kv: KvWriter;
  readonly #source: ValueSource;
  readonly #timeoutMs: number;
  readonly #maxValueBytes: number;
  readonly #wake: () => void;
  readonly #startedAt = Date.now();
  /**
   * When keys were last written, in milliseconds since the epoch. Not a column: it would cost another row for each
   * write, and a restart may lose it. KV rejects a write that comes too soon, and the outbox retries it.
   */
  readonly #putAt = new Map<string, number>();
  #draining: Promise<void> | undefined;
  #failedInARow = 0;
  /** The keys being written, each by one writer. A key's value is computed after it is claimed. */
  readonly #claims = new Map<string, Promise<void>>();
  /** The writes of urgent keys in progress. */
  readonly #urgent = new Set<Promise<void>>();
  /** False only when no urgent key waits. A restart forgets it. */
  #mayHaveUrgent = true;
  /** How many urgent keys may still be written in this invocation. */
  #urgentLeft = MAX_URGENT;
  /** Whose urgent key was begun last, of publishers with few and with many, and how many were begun in turn. */
  readonly #lastTurn = { few: '', many: '' };
  #urgentTurns = 0;
  /** Why an urgent write could not even be recorded as failed. */
  #broken: { error: unknown } | undefined;

  /** @param wake called when a key becomes due that the last result of `nextDue` did not include */
  constructor(
    sql: SqlStorage,
    kv: KvWriter,
    source: ValueSource,
    {
      wake = () => {},
      timeoutMs = WRITE_TIMEOUT_MS,
      maxValueBytes = MAX_VALUE_BYTES,
    }: { wake?: () => void; timeoutMs?: number; maxValueBytes?: number } = {},
  ) {
    this.#sql = sql;
    this.#kv = kv;
    this.#source = source;
    this.#wake = wake;
    this.#timeoutMs = timeoutMs;
    this.#maxValueBytes = maxValueBytes;
  }

  /** Records that a target's key must be written. */
  add(target: Target, now: number, options: OutboxOptions = {}): void {
    this.addAll([target], now, options);
  }

  /** Records that targets' keys must be written. Synchronous, so that it commits with the change that requires it. */
  addAll(
    targets: readonly Target[],
    now: number,
    { pause = 0, interval = KEY_INTERVAL_MS, publisher, urgent = false, silent = false }: OutboxOptions = {},
  ): void {
    if (urgent) this.#mayHaveUrgent = true;
    const rows = targets.map((target) => {
      const key = keyOf(target);
      // A time in the future is from before the clock was set back.
      const putAt = Math.min(this.#putAt.get(key) ?? 0, now);
      const due = Math.max(now + pause, putAt + interval);
      const lane = urgent ? laneOf(target) : NORMAL;
      return [
        key,
        JSON.stringify(target),
        RANKS[target.kind],
        due,
        lane,
        isShared(target) ? null : publisher,
        silent ? 1 : 0,
      ];
    });
    this.#sql.exec(
      `INSERT INTO outbox
         (key, subject, rank, due_at, lane, publisher, silent, urgent_since, revision, waiting_since, attempts)
       SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
         iif(value ->> 4 > 0, ?2, NULL), 1, ?2, 0
       FROM json_each(?1) WHERE true
       ON CONFLICT (key) DO UPDATE SET
         revision = revision + 1, attempts = 0, error = NULL, due_at = MIN(due_at, excluded.due_at),
         lane = iif(lane = 0 OR excluded.lane = 0, MAX(lane, excluded.lane), MIN(lane, excluded.lane)),
         urgent_since = COALESCE(urgent_since, excluded.urgent_since),
         waiting_since = iif(revision = ${WRITTEN}, excluded.waiting_since, waiting_since),
         shared = iif(publisher IS excluded.publisher, shared, 1), silent = MIN(silent, excluded.silent)`,
      JSON.stringify(rows),
      now,
    );
  }

  /**
   * Remembers lists that a published article has left. Until their keys are written, KV may name it there: a withdrawal
   * makes those keys urgent, too. The trigger `list_written` forgets a list when its row of the outbox is deleted.
   */
  rememberLeft(publisher: string, articleId: string, lists: readonly Target[]): void {
    if (lists.length === 0) return;
    this.#sql.exec(
      'INSERT OR IGNORE INTO left_lists SELECT ?1, ?2, value FROM json_each(?3)',
      publisher,
      articleId,
      JSON.stringify(lists.map(keyOf)),
    );
  }

  /** The lists that an article has left, and on which KV may still name it. */
  leftBy(publisher: string, articleId: string): Target[] {
    return this.#sql
      .exec<{ key: string }>(
        'SELECT key FROM left_lists WHERE publisher = ? AND article_id = ?',
        publisher,
        articleId,
      )
      .toArray()
      .flatMap(({ key }) => targetOf(key) ?? []);
  }

  /**
   * How much waits because of a publisher: the keys that its deliveries were the first to change, and the lists that its
   * articles left, counted up to `limit`.
   */
  waitingFor(publisher: string, limit: number): number {
    return this.#sql
      .exec<{ count: number }>(
        `SELECT COUNT(*) AS count FROM (
           SELECT 1 FROM outbox WHERE publisher = ?1 UNION ALL SELECT 1 FROM left_lists WHERE publisher = ?1 LIMIT ?2)`,
        publisher,
        limit,
      )
      .one().count;
  }

  /** When the next write is due, in milliseconds since the epoch; undefined when nothing waits. */
  nextDue(now = Date.now()): number | undefined {
    const { due } = this.#sql.exec<{ due: number | null }>(`SELECT MIN(due) AS due FROM (${NEXT_DUE})`).one();
    if (due === null || due <= now + MAX_INTERVAL_MS) return due ?? undefined;
    // Only a failed write waits longer, and not longer than the longest pause: else the clock was set back.
    return due > now + MAX_PAUSE_MS || this.#hasUnfailed() ? now : due;
  }

  #hasUnfailed(): boolean {
    return this.#sql.exec('SELECT 1 FROM outbox WHERE error IS NULL LIMIT 1').toArray().length > 0;
  }

  /** When the next write of an urgent key is due; undefined when none waits. */
  nextUrgent(now = Date.now()): number | undefined {
    if (!this.#hasUrgent()) return undefined;
    const dues = [FIRST, SECOND].flatMap((lane) => {
      const { due } = this.#sql
        .exec<{ due: number | null }>(
          'SELECT MIN(due_at) AS due FROM outbox WHERE lane > 0 AND lane = ?',
          lane,
        )
        .one();
      // A time that is later than any pause is from before the clock was set back.
      return due === null ? [] : [due > now + MAX_URGENT_PAUSE_MS ? now : due];
    });
    return dues.length === 0 ? undefined : Math.min(...dues);
  }

  /**
   * Writes the keys that are due, at most `MAX_DRAINED`, urgent ones first. A failed write is recorded and retried later.
   * @param between runs after each full batch, for work that must not wait for the whole drain
   */
  drain(between?: () => Promise<void>): Promise<void> {
    // One drain at a time: two would use twice the connections.
    this.#draining ??= this.#drain(between).finally(() => {
      this.#draining = undefined;
    });
    return this.#draining;
  }

  /** Writes urgent keys as soon as they are due, for as long as `work` takes, even while all other writes hang. */
  async watch(work: Promise<unknown>): Promise<void> {
    this.#urgentLeft = MAX_URGENT;
    this.#mendClock(Date.now());
    let ended = false;
    const end = work.finally(() => {
      ended = true;
    });
    while (!ended) {
      this.#writeUrgent();
      await endOrPause(end, WATCH_INTERVAL_MS);
    }
    await this.#urgentEnded();
  }

  /** Resolves when KV has the target's current value. Throws when a write of it fails. Does not wait for a drain. */
  async flush(target: Target): Promise<void> {
    const key = keyOf(target);
    for (;;) {
      this.#mendClock(Date.now());
      const [row] = this.#sql
        .exec<Row & { due_at: number; error: string | null; revision: number }>(
          `SELECT ${ROW}, due_at, error, revision FROM outbox WHERE key = ?`,
          key,
        )
        .toArray();
      if (row === undefined || row.revision === WRITTEN) return;
      if (row.error !== null) throw new Error(`KV write of ${key} failed: ${row.error}`);
      const wait = row.due_at - Date.now();
      const writing = this.#claims.get(key);
      if (writing !== undefined) await writing;
      else if (wait > 0) await scheduler.wait(wait);
      else await this.#claim(row);
    }
  }

  /** Whether a key waits to be written, other than only once more. */
  isWaiting(key: string): boolean {
    return (
      this.#sql.exec(`SELECT 1 FROM outbox WHERE key = ? AND revision <> ${WRITTEN}`, key).toArray().length >
      0
    );
  }

  /**
   * How many keys wait since before an instant: those still to be written, and those that have failed so often that only
   * rare attempts follow.
   */
  unwrittenSince(instant: number): { waiting: number; failing: number } {
    return this.#sql
      .exec<{ waiting: number; failing: number }>(
        `SELECT COUNT(*) FILTER (WHERE attempts < ?2) AS waiting, COUNT(*) FILTER (WHERE attempts >= ?2) AS failing
         FROM outbox WHERE waiting_since <= ?1 AND revision <> ${WRITTEN}`,
        instant,
        FAILING_AFTER,
      )
      .one();
  }

  backlog(now = Date.now()): Backlog {
    // What waits since a time ahead of the clock would seem to wait for no time until the clock catches up.
    this.#sql.exec(
      `UPDATE outbox SET waiting_since = MIN(waiting_since, ?1), urgent_since = MIN(urgent_since, ?1)
       WHERE waiting_since > ?1 OR urgent_since > ?1`,
      now,
    );
    const waiting = this.#sql
      .exec<Omit<Backlog, 'writable'> & Record<string, SqlStorageValue>>(
        `SELECT COUNT(*) AS pending, MIN(waiting_since) AS waitingSince, COUNT(error) AS failing,
           MIN(urgent_since) AS urgentSince
         FROM outbox WHERE revision <> ${WRITTEN}`,
      )
      .one();
    return { ...waiting, writable: this.#failedInARow < UNWRITABLE_AFTER };
  }

  async #drain(between?: () => Promise<void>): Promise<void> {
    const now = Date.now();
    this.#mendClock(now);
    for (const [key, putAt] of this.#putAt)
      if (Math.abs(now - putAt) > MAX_INTERVAL_MS) this.#putAt.delete(key);
    let left = MAX_DRAINED;
    this.#urgentLeft = Math.max(this.#urgentLeft, MAX_URGENT);
    this.#writeUrgent();
    while (left > 0 && this.#urgentLeft > 0) {
      const limit = Math.min(left, BATCH);
      const batch = this.#nextBatch(Date.now(), limit);
      left -= batch.length;
      for (let rank = 0; rank <= MAX_RANK; rank += 1) {
        await this.#writeAll(batch.filter((row) => row.rank === rank));
      }
      if (batch.length < limit) break;
      await between?.();
    }
    await this.#urgentEnded();
  }

  /** Writes rows, and lets urgent keys pass before each. */
  async #writeAll(rows: readonly Row[]): Promise<void> {
    const queue = rows.values();
    const worker = async (_each: unknown, index: number) => {
      for (;;) {
        this.#writeUrgent();
        while (index >= RESERVED_FOR_OTHERS && this.#urgent.size > 0) await Promise.race(this.#urgent);
        const { value: row, done } = queue.next();
        if (done) return;
        if (!this.#claims.has(row.key)) await this.#claim(row);
      }
    };
    // Waits for all workers, so that none still writes when the next batch begins.
    await allEnded(Array.from({ length: MAX_CONNECTIONS }, worker));
  }

  /** The next rows to write: in the order of rank and time, or, if there are more, from every publisher in turn. */
  #nextBatch(now: number, limit: number): QueuedRow[] {
    const due: QueuedRow[] = [];
    for (let rank = 0; rank <= MAX_RANK && due.length <= limit; rank += 1)
      due.push(...this.#dueOf(rank, now, limit + 1 - due.length));
    if (due.length <= limit) return due;
    const turns = new Map<string, QueuedRow[]>();
    for (let rank = 0; rank <= MAX_RANK; rank += 1) {
      for (const row of this.#dueOf(rank, now, Number.MAX_SAFE_INTEGER)) {
        const turn = turns.get(row.turn) ?? [];
        if (turn.length < limit) turn.push(row);
        turns.set(row.turn, turn);
      }
    }
    const chosen: QueuedRow[] = [];
    for (let index = 0; chosen.length < limit && index < limit; index += 1)
      chosen.push(...[...turns.values()].flatMap((rows) => rows[index] ?? []));
    return chosen.slice(0, limit);
  }

  /** The rows of a rank that are due and not urgent, the earliest first, without those being written. */
  *#dueOf(rank: number, now: number, limit: number): Iterable<QueuedRow> {
    const rows = this.#sql.exec<QueuedRow>(
      `SELECT ${ROW}, rank, ${TURN} AS turn FROM outbox
       WHERE rank = ? AND due_at <= ? AND lane = 0 ORDER BY due_at LIMIT ?`,
      rank,
      now,
      limit,
    );
    for (const row of rows) if (!this.#claims.has(row.key)) yield row;
  }

  /** Begins to write urgent keys, as many as may be written at once. Each that ends begins the next. */
  #writeUrgent(): void {
    while (this.#broken === undefined && this.#urgentLeft > 0) {
      const others = this.#claims.size - this.#urgent.size;
      const limit = Math.max(RESERVED_FOR_URGENT, MAX_CONNECTIONS - Math.max(others, RESERVED_FOR_OTHERS));
      if (this.#urgent.size >= limit) return;
      const row = this.#nextUrgentRow(Date.now());
      if (row === undefined) return;
      this.#urgentLeft -= 1;
      const writing: Promise<void> = this.#claim(row)
        .finally(() => this.#urgent.delete(writing))
        .then(() => this.#writeUrgent())
        .catch((error) => {
          this.#broken = { error };
        });
      this.#urgent.add(writing);
    }
  }

  /** Whether an urgent key waits. Asked after every write, so the usual answer takes no query. */
  #hasUrgent(): boolean {
    this.#mayHaveUrgent &&=
      this.#sql.exec('SELECT 1 FROM outbox WHERE lane > 0 LIMIT 1').toArray().length > 0;
    return this.#mayHaveUrgent;
  }

  /**
   * The next urgent key: the default feeds and the records, then every publisher's in turn, in the order of the lanes.
   * Publishers with few urgent keys go before those with many.
   */
  #nextUrgentRow(now: number): Row | undefined {
    if (!this.#hasUrgent()) return undefined;
    const shared = this.#nextInLane('', FIRST, now);
    if (shared !== undefined) return shared;
    this.#urgentTurns += 1;
    const wanted = this.#urgentTurns % TURN_OF_MANY === 0 ? 'many' : 'few';
    let other: { row: Row; turn: string } | undefined;
    for (const turn of this.#turnsAfter(this.#lastTurn[wanted])) {
      const row = this.#nextInLane(turn, FIRST, now) ?? this.#nextInLane(turn, SECOND, now);
      if (row === undefined) continue;
      if (this.#urgentOf(turn) === wanted) {
        this.#lastTurn[wanted] = turn;
        return row;
      }
      other ??= { row, turn };
    }
    if (other !== undefined) this.#lastTurn[wanted === 'few' ? 'many' : 'few'] = other.turn;
    return other?.row;
  }

  /** The first urgent key of a publisher in a lane that is due and not being written. */
  #nextInLane(turn: string, lane: number, now: number): Row | undefined {
    const rows = this.#sql.exec<Row>(
      `SELECT ${ROW} FROM outbox WHERE lane > 0 AND ${TURN} = ? AND lane = ? AND due_at <= ? ORDER BY due_at LIMIT ?`,
      turn,
      lane,
      now,
      this.#claims.size + 1,
    );
    for (const row of rows) if (!this.#claims.has(row.key)) return row;
    return undefined;
  }

  /** Whose urgent keys wait: those after a publisher, then shared keys (empty), then the others up to that publisher. */
  *#turnsAfter(last: string): Generator<string> {
    for (let turn = this.#turnAfter(last); turn !== undefined; turn = this.#turnAfter(turn)) yield turn;
    for (let turn: string | undefined = ''; turn !== undefined && turn <= last; turn = this.#turnAfter(turn))
      yield turn;
  }

  #turnAfter(turn: string): string | undefined {
    const [next] = this.#sql
      .exec<{ turn: string }>(
        `SELECT ${TURN} AS turn FROM outbox WHERE lane > 0 AND ${TURN} > ? ORDER BY ${TURN} LIMIT 1`,
        turn,
      )
      .toArray();
    return next?.turn;
  }

  #urgentOf(turn: string): 'few' | 'many' {
    const beyond = this.#sql
      .exec(`SELECT 1 FROM outbox WHERE lane > 0 AND ${TURN} = ? LIMIT 1 OFFSET ?`, turn, MANY_URGENT)
      .toArray();
    return beyond.length > 0 ? 'many' : 'few';
  }

  /** Waits for the urgent writes in progress, and those that follow them. Throws when one could not be recorded. */
  async #urgentEnded(): Promise<void> {
    while (this.#urgent.size > 0) await Promise.race(this.#urgent);
    const broken = this.#broken;
    this.#broken = undefined;
    if (broken !== undefined) throw broken.error;
  }

  /** Writes a key that nobody else writes. Until this ends, nobody else does. */
  #claim(row: Row): Promise<void> {
    const writing = this.#write(row).finally(() => this.#claims.delete(row.key));
    this.#claims.set(row.key, writing);
    return writing;
  }

  async #write({ key, target: json, attempts, lane, silent }: Row): Promise<void> {
    let target: Target | undefined;
    try {
      target = JSON.parse(json) as Target;
      const computed = await this.#compute(key, target);
      if (computed === undefined) return;
      const { value } = computed;
      if (value !== undefined) await this.#watched(target, this.#put(key, value), silent === 1);
      const now = Date.now();
      this.#putAt.set(key, now);
      const settled = this.#end(key, target, computed.revision, now);
      if (settled === undefined) this.#postpone(key, now);
      // A key that stays as it is has nothing new to announce.
      else if (value !== undefined) this.#source.written(target, now, settled.silent === 1);
    } catch (error) {
      const longest = lane === NORMAL ? MAX_PAUSE_MS : MAX_URGENT_PAUSE_MS;
      const pause = Math.min(longest, KEY_INTERVAL_MS * 2 ** Math.min(attempts, 16));
      this.#sql.exec(
        'UPDATE outbox SET attempts = attempts + 1, error = ?, due_at = ?, revision = MAX(revision, 1) WHERE key = ?',
        String(error).slice(0, 500),
        Date.now() + pause,
        key,
      );
      logFailure('outbox write failed', error, { key, attempts: attempts + 1 });
      const cannotBeMade = !(error instanceof KvFailure) || attempts + 1 >= DELETED_AFTER;
      // What R2 does not answer is shown, not withdrawn: the key stays as it is.
      if (error instanceof ArchiveFailure) return;
      if (lane !== NORMAL && cannotBeMade && target !== undefined) await this.#take(key, target);
    }
  }

  /**
   * Ends the wait of a key, if its row still has the revision that was written. If an earlier write of the key may still be
   * on its way, the row stays, so that the key is written once more.
   * @returns undefined when the row has another revision
   */
  #end(key: string, target: Target, revision: number, now: number): { silent: number } | undefined {
    // What was urgent when this Desk started may have been on its way under the Desk before.
    const dueAgain = 'MAX(COALESCE(repeat_at, 0), iif(lane > 0 AND waiting_since < ?3, ?3 + ?4, 0))';
    const bindings = [key, revision, this.#startedAt, REPEATED_AFTER_MS];
    const [ended] = this.#sql
      .exec<{ silent: number }>(
        `DELETE FROM outbox WHERE key = ?1 AND revision = ?2 AND (revision = ${WRITTEN} OR ${dueAgain} <= ?5)
         RETURNING silent`,
        ...bindings,
        now,
      )
      .toArray();
    if (ended !== undefined) return ended;
    const [row] = this.#sql
      .exec<{ silent: number; repeatAt: number }>(
        `SELECT silent, ${dueAgain} AS repeatAt FROM outbox WHERE key = ?1 AND revision = ?2`,
        ...bindings,
      )
      .toArray();
    if (row === undefined) return undefined;
    // Not later: the clock may have been set back.
    const repeatAt = Math.min(row.repeatAt, now + REPEATED_AFTER_MS);
    this.#mayHaveUrgent = true;
    this.#sql.exec(
      `UPDATE outbox SET revision = ${WRITTEN}, due_at = ?2, repeat_at = ?2, lane = ?3, urgent_since = NULL,
         waiting_since = ?4, attempts = 0, error = NULL, silent = 1
       WHERE key = ?1`,
      key,
      repeatAt,
      laneOf(target),
      now,
    );
    return row;
  }

  /**
   * The current value of a key, and the row's revision that it belongs to; undefined when the key need not be written
   * now. A change while the value was being made is visible in the revision: if the key is urgent, the value may contain
   * what was withdrawn meanwhile, so it is made again.
   */
  async #compute(
    key: string,
    target: Target,
  ): Promise<{ value: KvValue | null | undefined; revision: number } | undefined> {
    const find = () =>
      this.#sql
        .exec<{ revision: number; lane: number; due_at: number }>(
          'SELECT revision, lane, due_at FROM outbox WHERE key = ?',
          key,
        )
        .toArray()[0];
    let row = find();
    // It was written since it was chosen.
    if (row === undefined || row.due_at > Date.now()) return undefined;
    for (let count = 0; count < MAX_COMPUTATIONS; count += 1) {
      const { revision } = row;
      const value = await this.#make(key, target);
      row = find();
      if (row === undefined) return undefined;
      if (row.revision !== revision && row.lane !== NORMAL) continue;
      return { value, revision };
    }
    throw new Error(`${key} changed whenever its value was made.`);
  }

  /** The value of a key. What KV would refuse as too large is made once more, without what makes it so. */
  async #make(key: string, target: Target): Promise<KvValue | null | undefined> {
    for (const maxBytes of [undefined, this.#maxValueBytes]) {
      const made = this.#source.valueOf(target, maxBytes);
      const value =
        made instanceof Promise ? await withDeadline(this.#timeoutMs, `the value of ${key}`, made) : made;
      if (!value || fitsIn(this.#maxValueBytes, value.text)) return value;
      logFailure('value too large for KV', `more than ${this.#maxValueBytes} bytes`, {
        key,
        isShortened: maxBytes !== undefined,
      });
    }
    throw new Error(`The value of ${key} is larger than ${this.#maxValueBytes} bytes.`);
  }

  /** Deletes an urgent key that cannot be written: no value is better than one with withdrawn words. Its row stays. */
  async #take(key: string, target: Target): Promise<void> {
    try {
      await this.#watched(target, this.#kv.delete(key), true);
      logFailure('deleted a key that cannot be written', 'its value may show a withdrawn article', { key });
    } catch (error) {
      logFailure('a key that cannot be written was not deleted', error, { key });
    }
  }

  async #put(key: string, value: KvValue | null): Promise<void> {
    if (value === null) return this.#kv.delete(key);
    const { text, metadata } = value;
    return metadata === undefined ? this.#kv.put(key, text) : this.#kv.put(key, text, { metadata });
  }

  /** Waits for a write. One that takes too long counts as failed. */
  async #watched(target: Target, written: Promise<void>, silent: boolean): Promise<void> {
    let late = false;
    let ended = false;
    // A write that exceeded its deadline may still complete after a later write; then KV has the old value.
    const rewrite = () => {
      ended = true;
      if (!late) return;
      // Urgent, because the old value may show what was withdrawn since.
      this.add(target, Date.now(), { urgent: true, silent });
      this.#wake();
    };
    void written.then(rewrite, rewrite);
    try {
      await kvOperation('PUT', () => written, this.#timeoutMs);
      this.#failedInARow = 0;
    } catch (error) {
      late = true;
      this.#failedInARow += 1;
      if (!ended) {
        // Should this Desk end before that write does.
        const repeatAt = Date.now() + REPEATED_AFTER_MS;
        this.#sql.exec('UPDATE outbox SET repeat_at = ? WHERE key = ?', repeatAt, keyOf(target));
      }
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

  /** Makes due what waits for a time that only a clock which was set back explains. */
  #mendClock(now: number): void {
    for (let rank = 0; rank <= MAX_RANK; rank += 1) {
      this.#sql.exec(
        `UPDATE outbox SET due_at = ?1, waiting_since = MIN(waiting_since, ?1), urgent_since = MIN(urgent_since, ?1)
         WHERE rank = ?2 AND due_at > ?1 + ?3 AND (error IS NULL OR due_at > ?1 + ?4)`,
        now,
        rank,
        MAX_INTERVAL_MS,
        MAX_PAUSE_MS,
      );
    }
    this.#sql.exec(
      'UPDATE outbox SET due_at = ?1 WHERE lane > 0 AND due_at > ?1 + ?2',
      now,
      MAX_URGENT_PAUSE_MS,
    );
  }
}

/** Whether a key belongs to no publisher: all publishers change it. */
const isShared = (target: Target): boolean =>
  target.kind === 'rendered' || target.kind === 'trending' || isFeedOfAll(target);

const isFeedOfAll = (target: Target): boolean => target.kind === 'feed' && target.scope.kind === 'all';

const laneOf = (target: Target): number => (target.kind === 'feed' && !isFeedOfAll(target) ? SECOND : FIRST);
