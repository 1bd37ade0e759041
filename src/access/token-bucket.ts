/**
 * A rate limit per isolate: a bucket of `size` tokens that refills by `perSecond`. Each isolate has its own, so whatever
 * it protects must withstand the sum over all isolates.
 */
export class TokenBucket {
  readonly #size: number;
  readonly #perSecond: number;
  #tokens: number;
  #updatedAt = 0;

  constructor(size: number, perSecond: number) {
    this.#size = size;
    this.#perSecond = perSecond;
    this.#tokens = size;
  }

  /** Takes a token. `now` is in milliseconds since the epoch. @returns false when there is none */
  take(now: number): boolean {
    const seconds = Math.max(0, now - this.#updatedAt) / 1_000;
    this.#tokens = Math.min(this.#size, this.#tokens + seconds * this.#perSecond);
    this.#updatedAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Takes more tokens for work whose size is known only afterwards, even those that there are not. */
  charge(tokens: number): void {
    this.#tokens -= tokens;
  }
}
