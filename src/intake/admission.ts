import { Refusal } from '../domain/refusal.ts';

/**
 * Concurrent deliveries in one isolate. All wait for the one Desk, and each may hold a few MiB of the isolate's 128:
 * more at once would not finish sooner.
 */
const MAX_CONCURRENT = 64;

/** Longer than any delivery takes. The platform drops the work of a sender that hung up, and its end is never seen. */
const MAX_DURATION_MS = 30_000;

/** Limits concurrent deliveries. */
class DeliveryLimit {
  /** When each delivery in progress began, in milliseconds since the epoch. */
  readonly #started = new Map<symbol, number>();

  /** Runs a delivery's work; refuses it while too many are in progress. */
  async run<Result>(now: number, work: () => Promise<Result>): Promise<Result | Refusal> {
    if (this.#started.size >= MAX_CONCURRENT) this.#forgetDropped(now);
    if (this.#started.size >= MAX_CONCURRENT) {
      return new Refusal('unavailable', {
        detail: 'Too many concurrent deliveries; retry after 2 s.',
        headers: { 'Retry-After': '2' },
      });
    }
    const delivery = Symbol('delivery');
    this.#started.set(delivery, now);
    try {
      return await work();
    } finally {
      this.#started.delete(delivery);
    }
  }

  #forgetDropped(now: number): void {
    for (const [delivery, start] of this.#started)
      if (now - start > MAX_DURATION_MS) this.#started.delete(delivery);
  }
}

export const deliveryLimit = () => new DeliveryLimit();
