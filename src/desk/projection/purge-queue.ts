import { tagsShowing } from '../../store/cache-tags.ts';
import { withDeadline } from '../../store/failures.ts';
import type { Target } from '../../store/records.ts';
import type { Articles } from '../tables/articles.ts';

/**
 * When an article is purged a second time. An old copy may fill the cache again until then: KV's copies last 60 s, the
 * feeds are written up to a second after the article, and an isolate's memory keeps either for up to two.
 */
const SECOND_PURGE_MS = 65_000;

/** Cloudflare, "Purge rate limits": five requests a minute, a hundred tags each. */
const MAX_REQUESTS = 5;
const MINUTE_MS = 60_000;
const MAX_TAGS = 100;

const MAX_ARTICLES = MAX_TAGS - tagsShowing([]).length;

/** A request that takes longer has failed, so that it does not hold up the alarm's other jobs. */
const TIMEOUT_MS = 10_000;

/** The cache in front of public reads. */
export interface PurgeableCache {
  /** Drops every response with one of these tags, at most 100. */
  purge(tags: string[]): Promise<void>;
}

interface Row extends Record<string, SqlStorageValue> {
  due_at: number;
  article_id: string;
}

/**
 * The table `purges`: articles that must leave the cache in front. A withdrawn article is purged once KV has its
 * tombstone, and again when KV can no longer serve the copy before. Other changes are shown when `MAX_AGE` is over.
 */
export class PurgeQueue {
  readonly #sql: SqlStorage;
  readonly #articles: Pick<Articles, 'find'>;
  readonly #cache: PurgeableCache;
  /** When requests were made within the last minute. A new instance starts anew: the platform allows bursts of 25. */
  #requests: number[] = [];

  constructor(sql: SqlStorage, articles: Pick<Articles, 'find'>, cache: PurgeableCache) {
    this.#sql = sql;
    this.#articles = articles;
    this.#cache = cache;
  }

  /** Records that KV has a target's present value. Only articles that are no longer shown are purged. Synchronous. */
  add(target: Target, now: number): void {
    if (target.kind !== 'article') return;
    const article = this.#articles.find(target.id);
    // An article that was never shown is in no cache.
    if (article === undefined || article.status === 'published' || article.sequence === null) return;
    for (const due of [now, now + SECOND_PURGE_MS]) {
      this.#sql.exec('INSERT OR IGNORE INTO purges VALUES (?, ?)', due, target.id);
    }
  }

  /** When the next request is due, in milliseconds since the epoch; undefined when none waits. */
  nextDue(now: number): number | undefined {
    const { due } = this.#sql.exec<{ due: number | null }>('SELECT MIN(due_at) AS due FROM purges').one();
    return due === null ? undefined : Math.max(due, this.#nextRequest(now));
  }

  /** Purges what is due, as far as the limits allow. Throws when a request fails; its rows stay. */
  async send(now: number): Promise<void> {
    while (this.#nextRequest(now) <= now) {
      const rows = this.#sql
        .exec<Row>('SELECT due_at, article_id FROM purges WHERE due_at <= ? LIMIT ?', now, MAX_ARTICLES)
        .toArray();
      if (rows.length === 0) return;
      this.#requests.push(now);
      const tags = tagsShowing(new Set(rows.map(({ article_id }) => article_id)));
      await withDeadline(TIMEOUT_MS, 'the purge', this.#cache.purge(tags));
      for (const { due_at, article_id } of rows) {
        this.#sql.exec('DELETE FROM purges WHERE due_at = ? AND article_id = ?', due_at, article_id);
      }
    }
  }

  /** From when on another request may be made, in milliseconds since the epoch. */
  #nextRequest(now: number): number {
    this.#requests = this.#requests.filter((at) => at > now - MINUTE_MS);
    return this.#requests.length < MAX_REQUESTS ? now : (this.#requests[0] ?? now) + MINUTE_MS;
  }
}
