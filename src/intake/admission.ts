import { BytesInFlight } from '../access/bytes-in-flight.ts';
import { SteadyClock } from '../access/steady-clock.ts';
import { Refusal } from '../domain/refusal.ts';

/**
 * The deliveries that one isolate holds, of its 128 MB: about 12 MiB of bodies, from their first byte to the Desk's
 * answer. One publisher's unverified bodies get half of that.
 */
export const deliveriesInFlight = () =>
  new BytesInFlight({ total: 12_582_912, unverified: 6_291_456, minimum: 32_768, deadlineMs: 30_000 });

/**
 * The bytes of the bodies that are parsed, normalized and stored at a time: 1 MiB of markup takes some 7 MB of heap
 * while it is normalized. The others wait as plain bytes.
 */
export const processing = () => new ProcessingLimit(3_145_728);

/** A delivery that waited this long is put off. */
const MAX_WAIT_MS = 20_000;

/**
 * Longer than any delivery takes. The platform drops the work of a sender that hung up, and its end is never seen.
 */
const MAX_DURATION_MS = 30_000;

const POLL_MS = 20;

const RETRY_AFTER_SECONDS = 5;

/** Limits the bytes that are worked on at a time. */
export class ProcessingLimit {
  readonly #bytes: number;
  readonly #working = new Map<symbol, { bytes: number; since: number }>();
  readonly #clock = new SteadyClock();

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /**
   * Runs the work on a body of `bytes` bytes once there is room. One body always has room, whatever its size.
   * @returns a refusal (503) when there was no room for long
   */
  async run<Result>(bytes: number, work: () => Promise<Result>): Promise<Result | Refusal> {
    const end = this.#clock.now() + MAX_WAIT_MS;
    // Each waits by its own timer: a promise that another request resolves would hang when that request is dropped.
    while (!this.#hasRoom(bytes)) {
      if (this.#clock.now() >= end) return putOff();
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    const delivery = Symbol('delivery');
    this.#working.set(delivery, { bytes, since: this.#clock.now() });
    try {
      return await work();
    } finally {
      this.#working.delete(delivery);
    }
  }

  #hasRoom(bytes: number): boolean {
    const now = this.#clock.now();
    let taken = 0;
    for (const [delivery, { bytes: each, since }] of this.#working) {
      if (now - since > MAX_DURATION_MS) this.#working.delete(delivery);
      else taken += each;
    }
    return taken === 0 || taken + bytes <= this.#bytes;
  }
}

const putOff = (): Refusal =>
  new Refusal('unavailable', {
    detail: `Too many concurrent deliveries; retry after ${RETRY_AFTER_SECONDS} s.`,
    headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
  });
