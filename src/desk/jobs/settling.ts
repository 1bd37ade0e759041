import { logFailure } from '../../log.ts';
import type { Job } from '../../store/alarm.ts';
import type { Articles } from '../tables/articles.ts';

/** One run settles at most this many embargoes and expiries, so that it does not hold up the Desk. */
const MAX_SETTLED = 200;

/** The pause before an article that could not be settled is tried again; it doubles with each failure. */
const RETRY_PAUSE_MS = 5_000;
const MAX_RETRY_PAUSE_MS = 5 * 60_000;

/** Releases articles whose embargo has ended, and withdraws those that have expired, each in its own transaction. */
export class Settling implements Job {
  readonly #articles: Pick<Articles, 'due' | 'nextDue'>;
  readonly #settle: (id: string, now: number) => void;
  /** The articles that could not be settled. They do not delay the others. */
  readonly #failed = new Map<string, { attempts: number; at: number }>();

  constructor(articles: Pick<Articles, 'due' | 'nextDue'>, settle: (id: string, now: number) => void) {
    this.#articles = articles;
    this.#settle = settle;
  }

  get isFailing(): boolean {
    return this.#failed.size > 0;
  }

  nextDue(now: number): number | undefined {
    const dues = [this.#articles.nextDue([...this.#failed.keys()]), ...this.#retries(now)];
    const next = Math.min(...dues.map((due) => due ?? Number.POSITIVE_INFINITY));
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  run(now: number): void {
    const waiting = [...this.#failed].filter(([, { at }]) => isAhead(at, now)).map(([id]) => id);
    for (const id of this.#articles.due(new Date(now).toISOString(), MAX_SETTLED, waiting)) {
      try {
        this.#settle(id, now);
        this.#failed.delete(id);
      } catch (error) {
        const { attempts = 0 } = this.#failed.get(id) ?? {};
        const pause = Math.min(MAX_RETRY_PAUSE_MS, RETRY_PAUSE_MS * 2 ** Math.min(attempts, 16));
        this.#failed.set(id, { attempts: attempts + 1, at: now + pause });
        logFailure('an article cannot be settled', error, { id, attempts: attempts + 1 });
      }
    }
    // An article that failed and is no longer due was withdrawn or published meanwhile.
    for (const [id, { at }] of this.#failed) if (!isAhead(at, now)) this.#failed.delete(id);
  }

  #retries(now: number): number[] {
    return [...this.#failed.values()].map(({ at }) => (isAhead(at, now) ? at : now));
  }
}

/** Whether a retry waits for its time. A time further ahead than any pause is from before the clock was set back. */
const isAhead = (at: number, now: number): boolean => at > now && at <= now + MAX_RETRY_PAUSE_MS;
