/** How long a piece of work that failed is left alone. */
const RETRY_PAUSE = 5_000;

/**
 * The pieces of work of an alarm, each of which may fail without keeping the others from being done: whatever
 * throws in one of them is logged, and remembered by the piece's name until that piece succeeds again.
 */
export class Chores {
  /** When those that failed are tried again, in milliseconds since the epoch. */
  readonly #retries = new Map<string, number>();

  /** The names of those that failed when they were tried last. */
  get failing(): string[] {
    return [...this.#retries.keys()];
  }

  /** Does one piece of work, unless it failed a moment ago. Never throws. */
  async do(name: string, work: () => Promise<void> | void): Promise<void> {
    if (Date.now() < (this.#retries.get(name) ?? 0)) return;
    try {
      await work();
      this.#retries.delete(name);
    } catch (error) {
      this.#retries.set(name, Date.now() + RETRY_PAUSE);
      console.error(JSON.stringify({ message: 'desk alarm failed', chore: name, error: String(error) }));
    }
  }

  /** When a piece of work that is due at `due` may be done. */
  notBefore(name: string, due: number | undefined): number {
    return Math.max(due ?? Number.POSITIVE_INFINITY, this.#retries.get(name) ?? 0);
  }
}
