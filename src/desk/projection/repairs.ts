import { LruCache } from '../../store/lru-cache.ts';
import { keyOf, type Target } from '../../store/records.ts';
import type { Outbox } from './outbox.ts';

/**
 * The minimum time between two repairs of a key, and between its last write and a repair: an isolate may get a cached
 * miss, or the previous value, for 60 s after a write.
 */
const INTERVAL_MS = 120_000;
const MAX_KEYS = 5_000;

/** A key has at most 512 bytes. */
const OVERHEAD_BYTES = 512;

/**
 * Queues the rewrite of keys that isolates found missing or old in KV. Kept in memory: after a restart a key may be
 * written once more than needed.
 */
export class Repairs {
  readonly #outbox: Pick<Outbox, 'addAll' | 'isWaiting'>;
  /** Keys that were written or queued within `INTERVAL_MS`. */
  readonly #recent = new LruCache<true>({
    values: MAX_KEYS,
    bytes: MAX_KEYS * OVERHEAD_BYTES,
    bytesOf: () => OVERHEAD_BYTES,
    milliseconds: INTERVAL_MS,
  });

  constructor(outbox: Pick<Outbox, 'addAll' | 'isWaiting'>) {
    this.#outbox = outbox;
  }

  /** Records that KV has a target's current value. */
  written(target: Target): void {
    this.#recent.set(keyOf(target), true);
  }

  /** Queues the targets that are neither waiting nor were written of late. @returns how many it queued */
  queue(targets: readonly Target[], now: number): number {
    const due = targets.filter((target) => {
      const key = keyOf(target);
      return this.#recent.get(key) === undefined && !this.#outbox.isWaiting(key);
    });
    for (const target of due) this.#recent.set(keyOf(target), true);
    if (due.length > 0) this.#outbox.addAll(due, now, { silent: true });
    return due.length;
  }
}
