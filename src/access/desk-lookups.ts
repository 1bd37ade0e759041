import type { Isolate } from '../isolate.ts';
import type { LookupBudget, SourceOfRecord } from '../store/kv-reader.ts';
import { LruCache } from '../store/lru-cache.ts';
import { type PageBudget, spendOnLookup } from './desk-budgets.ts';

/** How long an isolate remembers that the Desk has no value for a key. */
const DENIAL_MS = 5_000;
const MAX_DENIALS = 5_000;

/** A key has at most 512 bytes. */
const OVERHEAD_BYTES = 512;

/** Keys for which the Desk had no value: strangers repeat ids and names that do not exist. */
const denials = () =>
  new LruCache<true>({
    values: MAX_DENIALS,
    bytes: MAX_DENIALS * OVERHEAD_BYTES,
    bytesOf: () => OVERHEAD_BYTES,
    milliseconds: DENIAL_MS,
  });

interface DeskValues {
  /** The values of the first keys, at least one. */
  values(keys: string[]): PromiseLike<(string | null)[]>;
}

/** Asks the Desk for values that KV lacks, within this isolate's budgets. */
export class DeskLookups implements SourceOfRecord {
  readonly #isolate: Isolate;
  readonly #desk: () => DeskValues;
  readonly #remembers: boolean;
  readonly #isPush: boolean;

  /**
   * @param remembers whether to remember what the Desk denied; not where nothing may come from memory
   * @param pages the budget of the pages that are read; push has lookups of its own, too
   */
  constructor(
    isolate: Isolate,
    desk: () => DeskValues,
    { remembers, pages = 'pages' }: { remembers: boolean; pages?: PageBudget },
  ) {
    this.#isolate = isolate;
    this.#desk = desk;
    this.#remembers = remembers;
    this.#isPush = pages === 'pages for push';
  }

  async values(keys: readonly string[], budget: LookupBudget): Promise<ReadonlyMap<string, string>> {
    const denied = this.#isolate.get(denials);
    const asked = this.#remembers ? keys.filter((key) => denied.get(key) === undefined) : [...keys];
    if (asked.length === 0) return new Map();
    spendOnLookup(this.#isolate, `lookups for ${this.#isPush ? 'push' : budget}`, asked.length);
    const found = new Map<string, string>();
    for (let left = asked; left.length > 0; ) {
      const texts = await this.#desk().values(left);
      for (const [index, text] of texts.entries()) {
        const key = left[index] ?? '';
        if (text !== null) found.set(key, text);
        else if (this.#remembers) denied.set(key, true);
      }
      left = left.slice(texts.length);
    }
    return found;
  }
}
