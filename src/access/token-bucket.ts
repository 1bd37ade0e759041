/**
 * How often this isolate may do something that a stranger can provoke: a token bucket of `size` that fills up by
 * `perSecond`. Each isolate has its own; the sum over isolates is what the thing behind it must bear.
 */
export class TokenBucket {
  readonly #size: number;
  readonly #perSecond: number;
  #left: number;
  #at = 0;

  constructor(size: number, perSecond: number) {
    this.#size = size;
    this.#perSecond = perSecond;
    this.#left = size;
  }

  /** Takes one, if there is one. `now` is in milliseconds. */
  take(now: number): boolean {
    this.#left = Math.min(this.#size, this.#left + (Math.max(0, now - this.#at) / 1_000) * this.#perSecond);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
