interface Limits<Value> {
  /** The maximum number of values, and of bytes in all values together. */
  values: number;
  bytes: number;
  bytesOf(value: Value): number;
  /** How long a value is kept, in milliseconds; no limit when absent. */
  milliseconds?: number;
}

interface Entry<Value> {
  value: Value;
  bytes: number;
  storedAt: number;
  expiresAt: number;
}

/** The clock of a machine is adjusted by less than this; one that is further back was set back. */
const CLOCK_TOLERANCE_MS = 1_000;

/** A cache within limits of count, bytes and age. When it is full, the least recently used value is dropped first. */
export class LruCache<Value> {
  readonly #limits: Limits<Value>;
  /** From the least to the most recently used: a map keeps the order of insertion. */
  readonly #entries = new Map<string, Entry<Value>>();
  #bytes = 0;

  constructor(limits: Limits<Value>) {
    this.#limits = limits;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const now = Date.now();
    // A value from the future was stored before the clock was set back: its age is unknown.
    if (now >= entry.expiresAt || now < entry.storedAt - CLOCK_TOLERANCE_MS) {
      this.delete(key);
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Stores a value. One larger than the cache is not stored, and the value that it would replace is removed. */
  set(key: string, value: Value): void {
    this.delete(key);
    const bytes = this.#limits.bytesOf(value);
    if (bytes > this.#limits.bytes) return;
    const { milliseconds = Number.POSITIVE_INFINITY } = this.#limits;
    const now = Date.now();
    this.#entries.set(key, { value, bytes, storedAt: now, expiresAt: now + milliseconds });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.values && this.#bytes <= this.#limits.bytes) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}
