import { tagsShowing } from '../../store/cache-tags.ts';
import { withDeadline } from '../../store/failures.ts';
import type { Ledger } from '../tables/articles.ts';
import type { Subject } from './target.ts';

/**
 * What KV served a moment before may fill a cache again: KV's copies last 60 s, the feeds are written up to a second
 * after the article, and an isolate's memory may keep either for two.
 */
const AGAIN_AFTER = 65_000;

/** Cloudflare, "Purge rate limits": five requests a minute, a hundred tags each. */
const REQUESTS = 5;
const MINUTE = 60_000;
const MAX_TAGS = 100;

const MAX_ARTICLES = MAX_TAGS - tagsShowing([]).length;

/** The alarm does other work too, which a purge without an answer must not hold up. */
const PATIENCE = 10_000;

/** The cache in front of public reads. */
export interface CachePort {
  /** Drops every answer with one of these tags, at most 100. */
  purge(tags: string[]): Promise<void>;
}

interface Row extends Record<string, SqlStorageValue> {
  due_at: number;
  article_id: string;
}

/**
 * What must leave the cache in front: articles that were taken back, once KV has it, and again when KV can no longer
 * give anybody the copy before. Whatever else changes is shown when `MAX_AGE` is over.
 */
export class Purges {
  readonly #sql: SqlStorage;
  readonly #ledger: Pick<Ledger, 'find'>;
  readonly #cache: CachePort;
  /** When the last requests were made. A new instance counts anew: the platform lets 25 through at once. */
  #requests: number[] = [];

  constructor(sql: SqlStorage, ledger: Pick<Ledger, 'find'>, cache: CachePort) {
    this.#sql = sql;
    this.#ledger = ledger;
    this.#cache = cache;
  }

  /** Notes that KV has what became of a subject; only an article that is no longer shown is purged. Synchronous. */
  add(subject: Subject, now: number): void {
    if (subject.kind !== 'article') return;
    const entry = this.#ledger.find(subject.id);
    // One that nobody was ever shown is in no cache.
    if (entry === undefined || entry.status === 'published' || entry.sequence === null) return;
    for (const due of [now, now + AGAIN_AFTER]) {
      this.#sql.exec('INSERT OR IGNORE INTO purges VALUES (?, ?)', due, subject.id);
    }
  }

  /** When the next request is due, in milliseconds since the epoch; undefined when nothing waits. */
  nextDue(now: number): number | undefined {
    const { due } = this.#sql.exec<{ due: number | null }>('SELECT MIN(due_at) AS due FROM purges').one();
    return due === null ? undefined : Math.max(due, this.#nextRequest(now));
  }

  /** Purges what is due, as far as the limits allow. What is refused stays, and throws. */
  async send(now: number): Promise<void> {
    while (this.#nextRequest(now) <= now) {
      const rows = this.#sql
        .exec<Row>('SELECT due_at, article_id FROM purges WHERE due_at <= ? LIMIT ?', now, MAX_ARTICLES)
        .toArray();
      if (rows.length === 0) return;
      this.#requests.push(now);
      const tags = tagsShowing(new Set(rows.map(({ article_id }) => article_id)));
      await withDeadline(PATIENCE, 'the purge', this.#cache.purge(tags));
      for (const { due_at, article_id } of rows) {
        this.#sql.exec('DELETE FROM purges WHERE due_at = ? AND article_id = ?', due_at, article_id);
      }
    }
  }

  /** From when on another request may be made. */
  #nextRequest(now: number): number {
    this.#requests = this.#requests.filter((at) => at > now - MINUTE);
    return this.#requests.length < REQUESTS ? now : (this.#requests[0] ?? now) + MINUTE;
  }
}
