import { logFailure } from '../log.ts';
import { endOrPause } from './concurrency.ts';

/** The pause before a failed job runs again; it doubles with each failure in a row, up to the maximum. */
const RETRY_PAUSE_MS = 5_000;
const MAX_RETRY_PAUSE_MS = 60_000;

/** `setAlarm` rejects dates after 2189, but an embargo may name any date. So the alarm is set at most this far ahead. */
const MAX_SLEEP_MS = 86_400_000;

/** An alarm that is so late is set once more: should the platform lose one, the next change or check brings it back. */
const MAX_LATE_MS = 10_000;

/** While a job waits for something slow, this often the jobs beside it may run. */
const BESIDE_MS = 200;

/** A background job of a Durable Object. */
export interface Job {
  /** When the job is next due, in milliseconds since the epoch; undefined when there is nothing to do. */
  nextDue(now: number): number | undefined;
  run(now: number): Promise<void> | void;
  /** Whether part of the job fails although `run` does not throw. */
  readonly isFailing?: boolean;
}

/** A job that runs beside the others, because it must not wait for them. */
export interface Companion extends Pick<Job, 'nextDue'> {
  /** Runs until `others` has ended. */
  watch(others: Promise<void>): Promise<void>;
}

/** A job that failed: how often in a row, and when it may be tried again, in milliseconds since the epoch. */
interface Retry {
  attempts: number;
  at: number;
}
export type Retries = Record<string, Retry>;

/** Stores retries, so that a restart does not end their pauses. */
export interface RetryStore {
  read(): Retries | undefined;
  write(retries: Retries): void;
}

/**
 * The alarm of a Durable Object: runs the jobs in order and is set for the earliest due time. A job that throws does not stop the
 * others: the error is logged, and the job counts as failing until it succeeds again.
 */
export class Alarm {
  readonly #name: string;
  readonly #storage: Pick<DurableObjectStorage, 'setAlarm'>;
  readonly #jobs: readonly [name: string, job: Job][];
  readonly #companion: readonly [name: string, companion: Companion] | undefined;
  readonly #store: RetryStore | undefined;
  readonly #retries: Map<string, Retry>;
  #isPaused = false;
  /** The jobs that run now. */
  #ringing: Promise<void> = Promise.resolve();
  /** The time the alarm is set for, in milliseconds since the epoch, as far as this instance knows. */
  #setFor = Number.POSITIVE_INFINITY;

  constructor(
    storage: Pick<DurableObjectStorage, 'setAlarm'>,
    jobs: Readonly<Record<string, Job>>,
    {
      name = 'desk',
      companion,
      retries,
    }: { name?: string; companion?: readonly [string, Companion]; retries?: RetryStore } = {},
  ) {
    this.#name = name;
    this.#storage = storage;
    this.#jobs = Object.entries(jobs);
    this.#companion = companion;
    this.#store = retries;
    this.#retries = new Map(Object.entries(this.#stored()));
  }

  /** The names of the jobs that failed when they last ran. */
  get failing(): string[] {
    const inPart = this.#jobs.flatMap(([name, { isFailing = false }]) => (isFailing ? [name] : []));
    return [...new Set([...this.#retries.keys(), ...inPart])];
  }

  /** Sets the alarm for the earliest job, unless it is already set for that time or earlier. */
  set(): void {
    if (this.#isPaused) return;
    const now = Date.now();
    // Set for a time that has come: no job is due earlier.
    if (this.#setFor <= now && this.#setFor >= now - MAX_LATE_MS) return;
    const all = this.#companion === undefined ? this.#jobs : [...this.#jobs, this.#companion];
    const next = Math.min(...all.map(([name, job]) => this.#dueOf(name, job, now)));
    if (next === Number.POSITIVE_INFINITY) return;
    const at = Math.min(Math.max(next, now), now + MAX_SLEEP_MS);
    if (at >= this.#setFor && this.#setFor >= now - MAX_LATE_MS) return;
    this.#setFor = at;
    // Not awaited: writes without an await between them commit together (Durable Objects, "Write coalescing").
    void this.#storage.setAlarm(at);
  }

  /** Handles the platform's alarm. Never throws: after six throws the platform would drop the alarm permanently. */
  ring(): Promise<void> {
    this.#ringing = this.#ring();
    return this.#ringing;
  }

  /** Runs no job until `resume`. Resolves when those that run have ended. */
  pause(): Promise<void> {
    this.#isPaused = true;
    return this.#ringing;
  }

  resume(): void {
    this.#isPaused = false;
    this.set();
  }

  async #ring(): Promise<void> {
    this.#setFor = Number.POSITIVE_INFINITY;
    const others = this.#runAll();
    if (this.#companion !== undefined) {
      const [name, companion] = this.#companion;
      await this.#run(name, () => companion.watch(others));
    }
    await others;
    this.set();
  }

  /** Runs those of the named jobs that are due: for a job that takes long, between its steps. Never throws. */
  async runDue(names: readonly string[]): Promise<void> {
    for (const [name, job] of this.#jobs) {
      const now = Date.now();
      const isDue = names.includes(name) && this.#dueOf(name, job, now) <= now;
      if (isDue) await this.#run(name, (at) => job.run(at));
    }
  }

  /** Waits for the work of a job, and runs those of the named jobs that become due meanwhile. Throws what the work throws. */
  async beside(work: Promise<void>, names: readonly string[]): Promise<void> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    const ended = done.catch(() => undefined);
    while (!isDone) {
      await endOrPause(ended, BESIDE_MS);
      if (!isDone) await this.runDue(names);
    }
    await done;
  }

  async #runAll(): Promise<void> {
    for (const [name, job] of this.#jobs) await this.#run(name, (now) => job.run(now));
  }

  async #run(name: string, work: (now: number) => Promise<void> | void): Promise<void> {
    const now = Date.now();
    if (this.#isPaused || now < this.#retryAt(name, now)) return;
    try {
      await work(now);
      if (this.#retries.delete(name)) this.#save();
    } catch (error) {
      this.#fail(name, error);
    }
  }

  /** When a job is to run: infinite when there is nothing to do. A job that cannot tell counts as failed. */
  #dueOf(name: string, job: Pick<Job, 'nextDue'>, now: number): number {
    const retryAt = this.#retryAt(name, now);
    try {
      return Math.max(job.nextDue(now) ?? Number.POSITIVE_INFINITY, retryAt);
    } catch (error) {
      if (retryAt <= now) this.#fail(name, error);
      return this.#retryAt(name, now);
    }
  }

  /** When a failed job may be tried again. A time further ahead than any pause is from before the clock was set back. */
  #retryAt(name: string, now: number): number {
    const { at = 0 } = this.#retries.get(name) ?? {};
    return at > now + MAX_RETRY_PAUSE_MS ? now : at;
  }

  #fail(name: string, error: unknown): void {
    const { attempts = 0 } = this.#retries.get(name) ?? {};
    const pause = Math.min(MAX_RETRY_PAUSE_MS, RETRY_PAUSE_MS * 2 ** Math.min(attempts, 16));
    this.#retries.set(name, { attempts: attempts + 1, at: Date.now() + pause });
    this.#save();
    logFailure(`${this.#name} alarm failed`, error, { job: name, attempts: attempts + 1 });
  }

  #stored(): Retries {
    try {
      return this.#store?.read() ?? {};
    } catch (error) {
      logFailure('the pauses of the alarm cannot be read', error);
      return {};
    }
  }

  /** Stores the pauses. What made a job fail may fail this, too; then they are kept in memory only. */
  #save(): void {
    try {
      this.#store?.write(Object.fromEntries(this.#retries));
    } catch (error) {
      logFailure('the pauses of the alarm cannot be stored', error);
    }
  }
}
