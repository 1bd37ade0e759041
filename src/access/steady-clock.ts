/**
 * A clock that never goes back, for deadlines within an isolate: the platform has no monotonic clock (`performance.now`
 * is the time of day there). A step back of the time of day counts as no time; what passed since the last reading is lost,
 * so whoever waits must read it now and then.
 */
export class SteadyClock {
  #readAt = Date.now();
  #elapsed = 0;

  /** Milliseconds since the clock was made. */
  now(): number {
    const now = Date.now();
    this.#elapsed += Math.max(0, now - this.#readAt);
    this.#readAt = now;
    return this.#elapsed;
  }
}
