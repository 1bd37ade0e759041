import { logFailure } from '../../log.ts';

/** The pause before a failed job runs again. */
const RETRY_PAUSE_MS = 5_000;

/** `setAlarm` rejects dates after 2189, but an embargo may name any date. So the alarm is set at most this far ahead. */
const MAX_SLEEP_MS = 86_400_000;

/** A background job of the Desk. */
export interface Job {
  /** When the job is next due, in milliseconds since the epoch; undefined when there is nothing to do. */
  nextDue(now: number): number | undefined;
  run(now: number): Promise<void> | void;
}

/**
 * The Desk's alarm: runs the jobs in order and is set for the earliest due time. A job that throws does not stop the
 * others: the error is logged, and the job counts as failing until it succeeds again.
 */
export class Alarm {
  readonly #storage: Pick<DurableObjectStorage, 'setAlarm'>;
  readonly #jobs: readonly [name: string, job: Job][];
  /** When failing jobs may be tried again, by name, in milliseconds since the epoch. */
  readonly #retries = new Map<string, number>();
  /** The time the alarm is set for, in milliseconds since the epoch, as far as this instance knows. */
  #setFor = Number.POSITIVE_INFINITY;

  constructor(storage: Pick<DurableObjectStorage, 'setAlarm'>, jobs: Readonly<Record<string, Job>>) {
    this.#storage = storage;
    this.#jobs = Object.entries(jobs);
  }

  /** The names of the jobs that failed when they last ran. */
  get failing(): string[] {
    return [...this.#retries.keys()];
  }

  /** Sets the alarm for the earliest job, unless it is already set for that time or earlier. */
  set(): void {
    const now = Date.now();
    const dues = this.#jobs.map(([name, job]) =>
      Math.max(job.nextDue(now) ?? Number.POSITIVE_INFINITY, this.#retries.get(name) ?? 0),
    );
    const next = Math.min(...dues);
    if (next === Number.POSITIVE_INFINITY) return;
    const at = Math.min(Math.max(next, now), now + MAX_SLEEP_MS);
    if (at >= this.#setFor) return;
    this.#setFor = at;
    // Not awaited: writes without an await between them commit together (Durable Objects, "Write coalescing").
    void this.#storage.setAlarm(at);
  }

  /** Handles the platform's alarm. Never throws: after six throws the platform would drop the alarm permanently. */
  async ring(): Promise<void> {
    this.#setFor = Number.POSITIVE_INFINITY;
    for (const [name, job] of this.#jobs) await this.#run(name, job);
    this.set();
  }

  async #run(name: string, job: Job): Promise<void> {
    const now = Date.now();
    if (now < (this.#retries.get(name) ?? 0)) return;
    try {
      await job.run(now);
      this.#retries.delete(name);
    } catch (error) {
      this.#retries.set(name, Date.now() + RETRY_PAUSE_MS);
      logFailure('desk alarm failed', error, { job: name });
    }
  }
}
