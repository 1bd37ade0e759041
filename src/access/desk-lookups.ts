import type { Isolate } from '../isolate.ts';
import { ValueUnavailable } from '../store/failures.ts';
import type { LookupBudget, SourceOfRecord } from '../store/kv-reader.ts';
import { LruCache } from '../store/lru-cache.ts';
import { targetOf } from '../store/records.ts';
import { removals } from '../store/removals.ts';
import { type PageBudget, spendOnLookup } from './desk-budgets.ts';

/** How long an isolate remembers that the Desk has no value for a key. */
const DENIAL_MS = 5_000;
const MAX_DENIALS = 5_000;

/** A key has at most 512 bytes. */
const OVERHEAD_BYTES = 512;

/**
 * Keys for which the Desk had no value, by budget: strangers repeat ids and names that do not exist, and articles name
 * publishers that were deleted. A list's articles are always asked for: a denial may be older than the publication that
 * put an article on the list.
 */
const denials = () =>
  new LruCache<true>({
    values: MAX_DENIALS,
    bytes: MAX_DENIALS * OVERHEAD_BYTES,
    bytesOf: () => OVERHEAD_BYTES,
    milliseconds: DENIAL_MS,
  });

/** What the Desk answers for a key: `Lookup` in its contract. */
type Answer =
  | string
  | null
  | { hiddenBefore: number; sequence: number }
  | { unavailable: string; card?: string };

interface DeskValues {
  /** The answers for the first keys, at least one. */
  values(keys: string[]): PromiseLike<Answer[]>;
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

  async values(
    keys: readonly string[],
    budget: LookupBudget,
  ): Promise<ReadonlyMap<string, string | ValueUnavailable>> {
    const denied = this.#isolate.get(denials);
    const nameOf = (key: string) => `${budget} ${key}`;
    const asked = keys.filter((key) => denied.get(nameOf(key)) === undefined);
    if (asked.length === 0) return new Map();
    spendOnLookup(this.#isolate, `lookups for ${this.#isPush ? 'push' : budget}`, asked.length);
    const found = new Map<string, string | ValueUnavailable>();
    for (let left = asked; left.length > 0; ) {
      const answers = await this.#desk().values(left);
      for (const [index, answer] of answers.entries()) {
        const key = left[index] ?? '';
        if (typeof answer === 'string') found.set(key, answer);
        else if (answer !== null && 'unavailable' in answer)
          found.set(key, new ValueUnavailable(answer.unavailable, answer.card));
        else {
          if (answer !== null) this.#rememberHidden(key, answer);
          const isListed = budget === 'site' && targetOf(key)?.kind === 'article';
          if (this.#remembers && !isListed) denied.set(nameOf(key), true);
        }
      }
      left = left.slice(answers.length);
    }
    return found;
  }

  #rememberHidden(key: string, { hiddenBefore, sequence }: { hiddenBefore: number; sequence: number }): void {
    const target = targetOf(key);
    if (target?.kind === 'article') this.#isolate.get(removals).add(target.id, hiddenBefore - 1, sequence);
  }
}
