import { tagsShowing } from '../../store/cache-tags.ts';
import { withDeadline } from '../../store/failures.ts';
import type { Target } from '../../store/records.ts';
import type { Articles } from '../tables/articles.ts';

/**
 * The delay of an article's second purge. Until then an old copy may enter the cache again: KV's edge copies last 60 s,
 * feeds are written up to a second after the article, and an isolate's cache keeps either for up to two seconds.
 */
const SECOND_PURGE_MS = 65_000;

/** Cloudflare, "Purge rate limits": five requests per minute, a hundred tags each. */
const MAX_REQUESTS = 5;
const MINUTE_MS = 60_000;
const MAX_TAGS = 100;

const MAX_ARTICLES = MAX_TAGS - tagsShowing([]).length;

/** A request that takes longer counts as failed, so that it does not delay the alarm's other jobs. */
const TIMEOUT_MS = 10_000;

/** The cache in front of public reads. */
export interface PurgeableCache {
  /** Removes every response with one of these tags, at most 100. */
  purge(tags: string[]): Promise<void>;
}

interface Row extends Record<string, SqlStorageValue> {
  due_at: number;
  article_id: string;
}

/**
 * The table `purges`: articles that must leave the cache in front. A withdrawn article is purged once KV has its
 * tombstone, and again when KV can no longer serve the previous copy. Other changes appear when `MAX_AGE` expires.
 */
export class PurgeQueue {
  readonly #sql: SqlStorage;
  readonly #articles: Pick<Articles, 'find'>;
  readonly #cache: PurgeableCache;
  /** The times of requests within the last minute. A new instance forgets them; the platform allows bursts of 25. */
  #requests: number[] = [];
  /** The rows that the running request purges, without those that were recorded again meanwhile. */
  readonly #purging = new Map<string, Row>();

  constructor(sql: SqlStorage, articles: Pick<Articles, 'find'>, cache: PurgeableCache) {
    this.#sql = sql;
    this.#articles = articles;
    this.#cache = cache;
  }

  /** Records that KV has a target's current value. Only articles that are no longer shown are purged. Synchronous. */
  add(target: Target, now: number): void {
    if (target.kind !== 'article') return;
    const article = this.#articles.find(target.id);
    // An article that was never shown is in no cache.
    if (article === undefined || article.status === 'published' || article.sequence === null) return;
    for (const due of [now, now + SECOND_PURGE_MS]) {
      this.#sql.exec('INSERT OR IGNORE INTO purges VALUES (?, ?)', due, target.id);
      // A request that began earlier may have removed the response of before this change: its row must stay.
      this.#purging.delete(nameOf({ due_at: due, article_id: target.id }));
    }
  }

  /** When the next request is due, in milliseconds since the epoch; undefined when none waits. */
  nextDue(now: number): number | undefined {
    const { due } = this.#sql.exec<{ due: number | null }>('SELECT MIN(due_at) AS due FROM purges').one();
    if (due === null) return undefined;
    // A purge that is due later than any is from before the clock was set back.
    return Math.max(due > now + SECOND_PURGE_MS ? now : due, this.#nextRequest(now));
  }

  /** Purges what is due, within the limits. Throws when a request fails; its rows stay. */
  async send(now: number): Promise<void> {
    while (this.#nextRequest(now) <= now) {
      const rows = this.#sql
        .exec<Row>(
          'SELECT due_at, article_id FROM purges WHERE due_at <= ?1 OR due_at > ?1 + ?2 LIMIT ?3',
          now,
          SECOND_PURGE_MS,
          MAX_ARTICLES,
        )
        .toArray();
      if (rows.length === 0) return;
      this.#requests.push(now);
      const tags = tagsShowing(new Set(rows.map(({ article_id }) => article_id)));
      this.#purging.clear();
      for (const row of rows) this.#purging.set(nameOf(row), row);
      await withDeadline(TIMEOUT_MS, 'the purge', this.#cache.purge(tags));
      for (const { due_at, article_id } of this.#purging.values()) {
        this.#sql.exec('DELETE FROM purges WHERE due_at = ? AND article_id = ?', due_at, article_id);
      }
    }
  }

  /** When the next request is allowed, in milliseconds since the epoch. */
  #nextRequest(now: number): number {
    this.#requests = this.#requests.filter((at) => at > now - MINUTE_MS && at <= now);
    return this.#requests.length < MAX_REQUESTS ? now : (this.#requests[0] ?? now) + MINUTE_MS;
  }
}

/** A row's primary key. */
const nameOf = ({ due_at, article_id }: Row): string => `${due_at} ${article_id}`;
