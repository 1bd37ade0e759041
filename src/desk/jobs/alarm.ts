import { logFailure } from '../../log.ts';

/** How long a piece of work that failed is left alone. */
const RETRY_PAUSE = 5_000;

/** An alarm takes no date after 2189; an embargo may name any. What is far away is looked at again until then. */
const MAX_SLEEP = 86_400_000;

/** A piece of the Desk's own work. */
export interface Chore {
  /** When it is to be done next, in milliseconds since the epoch; undefined when there is nothing to do. */
  due(now: number): number | undefined;
  do(now: number): Promise<void> | void;
}

/**
 * The Desk's alarm: does the chores in their order and is set for the earliest that is due. Each may fail without
 * keeping the others from being done: what it throws is logged, and remembered by its name until it succeeds again.
 */
export class Alarm {
  readonly #storage: Pick<DurableObjectStorage, 'setAlarm'>;
  readonly #chores: readonly [name: string, chore: Chore][];
  /** When those that failed may be tried again, in milliseconds since the epoch. */
  readonly #retries = new Map<string, number>();
  /** When the alarm is set for, in milliseconds since the epoch, as far as this instance knows. */
  #at = Number.POSITIVE_INFINITY;

  constructor(storage: Pick<DurableObjectStorage, 'setAlarm'>, chores: Readonly<Record<string, Chore>>) {
    this.#storage = storage;
    this.#chores = Object.entries(chores);
  }

  /** The names of the chores that failed when they were tried last. */
  get failing(): string[] {
    return [...this.#retries.keys()];
  }

  /** Sets the alarm for the earliest thing to do, unless it is set for then or earlier. */
  set(): void {
    const now = Date.now();
    const dues = this.#chores.map(([name, chore]) =>
      Math.max(chore.due(now) ?? Number.POSITIVE_INFINITY, this.#retries.get(name) ?? 0),
    );
    const next = Math.min(...dues);
    if (next === Number.POSITIVE_INFINITY) return;
    const at = Math.min(Math.max(next, now), now + MAX_SLEEP);
    if (at >= this.#at) return;
    this.#at = at;
    // Not awaited: writes without an await between them commit together (Durable Objects, "Write coalescing").
    void this.#storage.setAlarm(at);
  }

  /** What the platform's alarm does. No chore's error leaves it: after six throws it would never come again. */
  async ring(): Promise<void> {
    this.#at = Number.POSITIVE_INFINITY;
    for (const [name, chore] of this.#chores) await this.#try(name, chore);
    this.set();
  }

  async #try(name: string, chore: Chore): Promise<void> {
    const now = Date.now();
    if (now < (this.#retries.get(name) ?? 0)) return;
    try {
      await chore.do(now);
      this.#retries.delete(name);
    } catch (error) {
      this.#retries.set(name, Date.now() + RETRY_PAUSE);
      logFailure('desk alarm failed', error, { chore: name });
    }
  }
}
