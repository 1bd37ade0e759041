/**
 * The state of one isolate between requests: caches, counters, rate limits. `worker.ts` creates the running isolate's
 * and passes it to everything that needs it; a test creates its own, so no test sees the state of another.
 *
 * A file declares its part of the state as a function at module level, and gets the state with that function:
 *
 *     const deskLookups = () => new TokenBucket(100, 20);
 *     if (!isolate.get(deskLookups).take(Date.now())) return [];
 */
export class Isolate {
  readonly #parts = new Map<() => unknown, unknown>();

  /** The result of `make`, which runs only the first time. */
  get<Part>(make: () => Part): Part {
    if (!this.#parts.has(make)) this.#parts.set(make, make());
    return this.#parts.get(make) as Part;
  }

  /** Replaces the result of `make`: a test may need smaller limits. */
  set<Part>(make: () => Part, part: Part): void {
    this.#parts.set(make, part);
  }
}
