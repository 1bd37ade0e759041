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

  /** Takes tokens. `now` is in milliseconds since the epoch. @returns false when there are too few; then it takes none */
  take(now: number, tokens = 1): boolean {
    const seconds = Math.max(0, now - this.#updatedAt) / 1_000;
    this.#tokens = Math.min(this.#size, this.#tokens + seconds * this.#perSecond);
    this.#updatedAt = now;
    if (this.#tokens < tokens) return false;
    this.#tokens -= tokens;
    return true;
  }
}
