import { logFailure } from '../log.ts';
import type { Delivery } from './contract/messages.ts';

/** Anyone may ask for the check, and a rehearsal writes what is then rolled back. */
const INTERVAL_MS = 5_000;

/** So many deliveries in a row that failed are no fault of theirs. */
const MAX_FAILURES = 3;

/** A delivery that uses every table that a real one uses. Its article has an id that no article can have. */
const REHEARSAL: Delivery = {
  publisher: '',
  id: 'rehearsal',
  arrival: { signature: 'standard-webhooks', milliseconds: 0 },
  events: [
    {
      kind: 'published',
      id: 'rehearsal',
      revision: {
        hash: '',
        card: {
          publisher: '',
          sourceId: '',
          language: 'en',
          direction: 'ltr',
          headline: '',
          authors: [],
          tags: [],
          wordCount: 0,
          readingMinutes: 1,
        },
        // Is never expanded.
        detail: new Uint8Array(20),
        bytes: 2,
      },
    },
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
  #failures = 0;

  constructor(transaction: (work: () => void) => void, receive: (delivery: Delivery, now: number) => void) {
    this.#transaction = transaction;
    this.#receive = receive;
  }

  /** Does the work of a real delivery, and remembers whether it failed. */
  watch<Result>(work: () => Result): Result {
    this.#failures += 1;
    const result = work();
    this.#failures = 0;
    return result;
  }

  /** Whether deliveries can be taken; rehearses one unless that was done within `INTERVAL_MS`. */
  works(now: number): boolean {
    if (this.#last === undefined || Math.abs(now - this.#last.at) >= INTERVAL_MS) {
      this.#last = { at: now, works: this.#rehearse(now) };
    }
    return this.#last.works && this.#failures < MAX_FAILURES;
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
