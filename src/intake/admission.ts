import { Refusal } from '../domain/refusal.ts';

/**
 * Deliveries that one isolate works on at once. All wait for the one Desk, and each may hold a few MiB of the isolate's
 * 128: more at once are done no sooner.
 */
const MAX_CONCURRENT = 64;

/** Longer than any delivery takes. The platform drops the work of a sender that hung up, and its end is never seen. */
const MAX_DURATION_MS = 30_000;

/** Bounds how many deliveries are worked on at once. */
class DeliveryLimit {
  /** When each delivery that is under way began, in milliseconds since the epoch. */
  readonly #started = new Map<symbol, number>();

  /** Runs a delivery's work; refuses it, to be sent again, while too many are under way. */
  async run<Result>(now: number, work: () => Promise<Result>): Promise<Result | Refusal> {
    if (this.#started.size >= MAX_CONCURRENT) this.#forgetDropped(now);
    if (this.#started.size >= MAX_CONCURRENT) {
      return new Refusal('unavailable', {
        detail: 'Too many deliveries at once. Send the same delivery again in a moment.',
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
