import { logFailure } from '../log.ts';
import type { Delivery } from './contract/messages.ts';

/** Anyone may ask for the check, and a rehearsal writes what is then rolled back. */
const INTERVAL_MS = 5_000;

/** So many deliveries in a row that failed are no fault of theirs, nor is half of so many. */
const MAX_FAILURES = 3;
const LAST_DELIVERIES = 10;

const revision = (hash: string) => ({
  hash,
  card: {
    ...{ publisher: '', sourceId: '', language: 'en', direction: 'ltr' as const, headline: '' },
    ...{ authors: [], tags: [], wordCount: 0, readingMinutes: 1 },
  },
  // Is never expanded.
  detail: new Uint8Array(20),
  bytes: 2,
});

/** Uses every table that a real delivery uses. Its article has an id that no article can have. */
const REHEARSAL: Delivery = {
  publisher: '',
  id: 'rehearsal',
  arrival: { signature: 'standard-webhooks', milliseconds: 0 },
  events: [
    { kind: 'published', id: 'rehearsal', revision: revision('first') },
    { kind: 'updated', id: 'rehearsal', revision: revision('second') },
    { kind: 'withdrawn', id: 'rehearsal', publisher: '', sourceId: '' },
  ],
};

/**
 * Whether the Desk can take deliveries: rehearses one in a transaction that is rolled back, because a database that is
 * corrupted in part still answers other questions.
 */
export class IntakeCheck {
  readonly #transaction: (work: () => void) => void;
  readonly #receive: (delivery: Delivery, now: number) => void;
  #last: { at: number; works: boolean } | undefined;
  /** Which of the last deliveries failed, the newest last. */
  readonly #failed: boolean[] = [];

  constructor(transaction: (work: () => void) => void, receive: (delivery: Delivery, now: number) => void) {
    this.#transaction = transaction;
    this.#receive = receive;
  }

  /** Does the work of a real delivery, and remembers whether it failed. */
  watch<Result>(work: () => Result): Result {
    this.#failed.push(true);
    if (this.#failed.length > LAST_DELIVERIES) this.#failed.shift();
    const result = work();
    this.#failed[this.#failed.length - 1] = false;
    return result;
  }

  /** Whether deliveries can be taken; rehearses one unless that was done within `INTERVAL_MS`. */
  works(now: number): boolean {
    if (this.#last === undefined || Math.abs(now - this.#last.at) >= INTERVAL_MS) {
      this.#last = { at: now, works: this.#rehearse(now) };
    }
    const inARow = this.#failed.length - 1 - this.#failed.lastIndexOf(false);
    const failures = this.#failed.filter((failed) => failed).length;
    return this.#last.works && inARow < MAX_FAILURES && failures < LAST_DELIVERIES / 2;
  }

  #rehearse(now: number): boolean {
    let received = false;
    try {
      this.#transaction(() => {
        this.#receive(REHEARSAL, now);
        received = true;
        throw new Error('Rolled back.');
      });
    } catch (error) {
      if (!received) logFailure('deliveries cannot be stored', error);
    }
    return received;
  }
}
