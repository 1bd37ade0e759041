import { LruCache } from './lru-cache.ts';

/** How many removals an isolate remembers, and for how long: KV may serve lists from before one for 60 s. */
const MAX_REMOVALS = 5_000;
const REMEMBERED_MS = 10 * 60_000;

const memory = (values: number) =>
  new LruCache<number>({
    values,
    bytes: Number.POSITIVE_INFINITY,
    bytesOf: () => 0,
    milliseconds: REMEMBERED_MS,
  });

const NEWEST = 'newest';

/**
 * What this isolate has read of articles that are no longer shown: withdrawn, or under embargo again. Lists in KV may be
 * from before. A removal has the version up to which the article's cards are outdated, so that one that was read before a
 * publication does not hide it.
 */
export class Removals {
  readonly #versions = memory(MAX_REMOVALS);
  /** The newest removal, by the sequence number from which on no feed has the article. */
  readonly #sequences = memory(1);

  /**
   * @param version the newest version that is no longer shown
   * @param sequence a feed of all articles with this sequence number, or a higher one, is without the article; absent in
   *   what earlier releases wrote
   */
  add(id: string, version: number, sequence = 0): void {
    this.#versions.set(id, Math.max(version, this.#versions.get(id) ?? 0));
    this.#sequences.set(NEWEST, Math.max(sequence, this.newest));
  }

  /** Whether a version of an article is shown no longer. */
  has(id: string, version: number): boolean {
    return version <= (this.#versions.get(id) ?? 0);
  }

  /** A feed of all articles with a lower sequence number may have one that was removed. */
  get newest(): number {
    return this.#sequences.get(NEWEST) ?? 0;
  }
}

/** The removals that an isolate remembers. */
export const removals = (): Removals => new Removals();
