/**
 * What one isolate remembers between requests: caches, counters, rate limits. `worker.ts` makes the one of the running
 * isolate and hands it to everything that needs it; a test makes its own, so no test sees what another left behind.
 *
 * A file declares its part of the state as a function at module level, and asks for it by that function:
 *
 *     const deskLookups = () => new TokenBucket(100, 20);
 *     if (!isolate.get(deskLookups).take(Date.now())) return [];
 */
export class Isolate {
  readonly #parts = new Map<() => unknown, unknown>();

  /** This isolate's one result of `make`, which runs when the part is first asked for. */
  get<Part>(make: () => Part): Part {
    if (!this.#parts.has(make)) this.#parts.set(make, make());
    return this.#parts.get(make) as Part;
  }
}
