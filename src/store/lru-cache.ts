interface Limits<Value> {
  /** The most values that are kept, and the most bytes they may have together. */
  values: number;
  bytes: number;
  bytesOf(value: Value): number;
  /** For how many milliseconds a value is kept; for good where nothing is said. */
  milliseconds?: number;
}

interface Held<Value> {
  value: Value;
  bytes: number;
  until: number;
}

/** Values by key, within limits: what was not asked for the longest goes first. */
export class LeastRecentlyUsed<Value> {
  readonly #limits: Limits<Value>;
  /** From what was not asked for the longest to what was asked for last: a map keeps the order of insertion. */
  readonly #held = new Map<string, Held<Value>>();
  #bytes = 0;

  constructor(limits: Limits<Value>) {
    this.#limits = limits;
  }

  get(key: string): Value | undefined {
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    if (Date.now() >= held.until) {
      this.delete(key);
      return undefined;
    }
    this.#held.delete(key);
    this.#held.set(key, held);
    return held.value;
  }

  /** A value larger than all may be together is not kept, nor what was there before it. */
  set(key: string, value: Value): void {
    this.delete(key);
    const bytes = this.#limits.bytesOf(value);
    if (bytes > this.#limits.bytes) return;
    const { milliseconds = Number.POSITIVE_INFINITY } = this.#limits;
    this.#held.set(key, { value, bytes, until: Date.now() + milliseconds });
    this.#bytes += bytes;
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= this.#limits.values && this.#bytes <= this.#limits.bytes) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#bytes -= this.#held.get(key)?.bytes ?? 0;
    this.#held.delete(key);
  }
}
