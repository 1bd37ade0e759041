import { subscriptionHash } from '../known-subscriptions.ts';
import type { Intent, ListedSubscription, PartnerEndpoint, PushCounts } from '../messages.ts';
import { hostOf } from '../server.ts';

/**
 * The most subscriptions in all, of one callback host, and of one topic. A feed reader has one subscription for each feed
 * that any of its users follows, so a host may have many.
 */
const MAX_SUBSCRIPTIONS = 20_000;
const MAX_PER_HOST = 1_000;
const MAX_PER_TOPIC = 10_000;

/** The most topics. Each is rendered when its feed changes. */
const MAX_TOPICS = 5_000;

/**
 * The most topics with a query: in all, of one feed, and of one callback host. There are any number of such variants of
 * a feed, and a change renders each. A feed's plain URLs, one for each format, always have room.
 */
const MAX_VARIANTS = 200;
const MAX_VARIANTS_PER_FEED = 50;
const MAX_VARIANTS_PER_HOST = 20;

interface ListedRow extends Record<string, SqlStorageValue> {
  id: string;
  kind: 'feed' | 'articles';
  topic: string;
  callback: string;
  state: 'active' | 'suspended';
  createdAt: number;
  leaseUntil: number | null;
  suspendedAt: number | null;
  problem: string | null;
  waiting: number;
  attempts: number;
}

/** The tables `subscriptions` and `shown`: verified WebSub subscriptions, and the endpoints of partners. */
export class Subscribers {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Why this subscription would exceed a limit; undefined when it does not, or when it renews an existing one. */
  denialOf({ topic, path, callback }: Intent): string | undefined {
    if (this.#find(topic, callback) !== undefined) return undefined;
    const host = hostOf(callback);
    const counted = this.#sql
      .exec<{ all: number; host: number; topic: number; topics: number }>(
        `SELECT (SELECT COUNT(*) FROM subscriptions) AS "all",
                (SELECT COUNT(*) FROM subscriptions WHERE host = ?1) AS host,
                (SELECT COUNT(*) FROM subscriptions WHERE kind = 'feed' AND topic = ?2) AS topic,
                (SELECT COUNT(DISTINCT topic) FROM subscriptions WHERE kind = 'feed') AS topics`,
        host,
        topic,
      )
      .one();
    if (counted.all >= MAX_SUBSCRIPTIONS)
      return `This site has the maximum of ${MAX_SUBSCRIPTIONS} subscriptions.`;
    if (counted.host >= MAX_PER_HOST) return `This host has the maximum of ${MAX_PER_HOST} subscriptions.`;
    if (counted.topic >= MAX_PER_TOPIC)
      return `This topic has the maximum of ${MAX_PER_TOPIC} subscriptions.`;
    if (counted.topic === 0 && counted.topics >= MAX_TOPICS)
      return `This site has the maximum of ${MAX_TOPICS} topics.`;
    return topic.includes('?') ? this.#denialOfVariant(topic, path, host, counted.topic > 0) : undefined;
  }

  /** Why a topic with a query would exceed a limit. */
  #denialOfVariant(topic: string, path: string, host: string, isKnown: boolean): string | undefined {
    const isVariant = "kind = 'feed' AND instr(topic, '?') > 0";
    const counted = this.#sql
      .exec<{ all: number; feed: number; host: number }>(
        `SELECT (SELECT COUNT(DISTINCT topic) FROM subscriptions WHERE ${isVariant}) AS "all",
                (SELECT COUNT(DISTINCT topic) FROM subscriptions WHERE ${isVariant} AND path = ?1) AS feed,
                (SELECT COUNT(DISTINCT topic) FROM subscriptions WHERE ${isVariant} AND host = ?2 AND topic <> ?3) AS host`,
        path,
        host,
        topic,
      )
      .one();
    const instead = 'Subscribe to the feed’s URL without a query.';
    if (counted.host >= MAX_VARIANTS_PER_HOST)
      return `This host has the maximum of ${MAX_VARIANTS_PER_HOST} topics with a query. ${instead}`;
    if (isKnown) return undefined;
    if (counted.feed >= MAX_VARIANTS_PER_FEED)
      return `This feed has the maximum of ${MAX_VARIANTS_PER_FEED} topics with a query. ${instead}`;
    if (counted.all >= MAX_VARIANTS)
      return `This site has the maximum of ${MAX_VARIANTS} topics with a query. ${instead}`;
    return undefined;
  }

  /** Numbers for the operator. */
  counts(): PushCounts {
    return this.#sql
      .exec<PushCounts & Record<string, SqlStorageValue>>(
        `SELECT (SELECT COUNT(*) FROM subscriptions) AS subscriptions,
                (SELECT COUNT(*) FROM subscriptions WHERE state = 'suspended') AS suspended,
                (SELECT COUNT(*) FROM slow_receivers) AS slow,
                (SELECT COUNT(DISTINCT topic) FROM subscriptions WHERE kind = 'feed') AS topics,
                (SELECT COUNT(DISTINCT topic) FROM subscriptions
                 WHERE kind = 'feed' AND instr(topic, '?') > 0) AS variants,
                (SELECT COUNT(*) FROM deliveries) AS waiting`,
      )
      .one();
  }

  /** Creates or renews a subscription that was confirmed. @returns its id */
  subscribe(intent: Intent, now: number): string {
    const id = this.#find(intent.topic, intent.callback) ?? crypto.randomUUID();
    this.#sql.exec(
      `INSERT INTO subscriptions (id, kind, topic, path, callback, host, secret, lease_until, created_at)
       VALUES (?1, 'feed', ?2, ?3, ?4, ?5, ?6, ?7, ?8)
       ON CONFLICT (id) DO UPDATE SET
         secret = ?6, lease_until = ?7, state = 'active', suspended_at = NULL, problem = NULL`,
      id,
      intent.topic,
      intent.path,
      intent.callback,
      hostOf(intent.callback),
      intent.secret,
      now + intent.leaseSeconds * 1_000,
      now,
    );
    return id;
  }

  /** The hashes of all subscriptions to feeds: four bytes each. */
  hashes(): Uint32Array {
    const rows = this.#sql.exec<{ topic: string; callback: string }>(
      "SELECT topic, callback FROM subscriptions WHERE kind = 'feed'",
    );
    return Uint32Array.from(rows.toArray(), ({ topic, callback }) => subscriptionHash(topic, callback));
  }

  has(topic: string, callback: string): boolean {
    return this.#find(topic, callback) !== undefined;
  }

  unsubscribe(topic: string, callback: string): void {
    const id = this.#find(topic, callback);
    if (id !== undefined) this.remove(id);
  }

  /** Creates or replaces a partner's endpoint. @returns its id */
  saveEndpoint({ partner, url, sealedSecret }: PartnerEndpoint, now: number): string {
    const id = endpointId(partner);
    this.#sql.exec(
      `INSERT INTO subscriptions (id, kind, topic, path, callback, host, secret, created_at)
       VALUES (?1, 'articles', ?2, '', ?3, ?4, ?5, ?6)
       ON CONFLICT (id) DO UPDATE SET callback = ?3, host = ?4, secret = ?5, state = 'active',
         suspended_at = NULL, problem = NULL`,
      id,
      partner,
      url,
      hostOf(url),
      sealedSecret,
      now,
    );
    return id;
  }

  removeEndpoint(partner: string): boolean {
    return this.remove(endpointId(partner));
  }

  /** Deletes a subscription and its pending deliveries. @returns whether it existed */
  remove(id: string): boolean {
    this.#sql.exec('DELETE FROM deliveries WHERE subscription = ?', id);
    this.#sql.exec('DELETE FROM shown WHERE subscription = ?', id);
    this.#sql.exec('DELETE FROM slow_receivers WHERE subscription = ?', id);
    return this.#sql.exec('DELETE FROM subscriptions WHERE id = ? RETURNING id', id).toArray().length > 0;
  }

  suspend(id: string, now: number): void {
    this.#sql.exec(
      "UPDATE subscriptions SET state = 'suspended', suspended_at = ? WHERE id = ? AND state = 'active'",
      now,
      id,
    );
  }

  /** Reactivates a suspended subscription. @returns whether it exists */
  resume(id: string): boolean {
    return (
      this.#sql
        .exec(
          "UPDATE subscriptions SET state = 'active', suspended_at = NULL, problem = NULL WHERE id = ? RETURNING id",
          id,
        )
        .toArray().length > 0
    );
  }

  /** Deletes the subscriptions whose lease has ended. */
  expire(now: number): void {
    const over = this.#sql
      .exec<{ id: string }>('SELECT id FROM subscriptions WHERE lease_until <= ?', now)
      .toArray();
    for (const { id } of over) this.remove(id);
  }

  /** When the next lease ends, in milliseconds since the epoch. */
  nextExpiry(): number | undefined {
    const { next } = this.#sql
      .exec<{ next: number | null }>(
        'SELECT MIN(lease_until) AS next FROM subscriptions WHERE lease_until IS NOT NULL',
      )
      .one();
    return next ?? undefined;
  }

  /**
   * A page of subscriptions, ordered by id, that starts after the id `after`.
   * @param problemOf why a callback must not be called, if so; it goes before the problem of the last attempt
   */
  list(
    after: string,
    limit: number,
    problemOf: (callback: string) => string | undefined,
  ): { subscriptions: ListedSubscription[]; next: string | null } {
    const rows = this.#sql
      .exec<ListedRow>(
        `SELECT id, kind, topic, callback, state, created_at AS createdAt, lease_until AS leaseUntil,
           suspended_at AS suspendedAt, problem,
           (SELECT COUNT(*) FROM deliveries WHERE subscription = subscriptions.id) AS waiting,
           (SELECT COALESCE(MAX(attempts), 0) FROM deliveries WHERE subscription = subscriptions.id) AS attempts
         FROM subscriptions WHERE id > ? ORDER BY id LIMIT ?`,
        after,
        limit + 1,
      )
      .toArray();
    const subscriptions = rows.slice(0, limit).map((row) => ({
      ...row,
      problem: problemOf(row.callback) ?? row.problem,
      callback: row.callback.replace(/\?.*$/s, '?…'),
      createdAt: new Date(row.createdAt).toISOString(),
      leaseUntil: toInstant(row.leaseUntil),
      suspendedAt: toInstant(row.suspendedAt),
    }));
    return { subscriptions, next: rows.length > limit ? (subscriptions.at(-1)?.id ?? null) : null };
  }

  #find(topic: string, callback: string): string | undefined {
    const [row] = this.#sql
      .exec<{ id: string }>(
        "SELECT id FROM subscriptions WHERE kind = 'feed' AND topic = ? AND callback = ?",
        topic,
        callback,
      )
      .toArray();
    return row?.id;
  }
}

const endpointId = (partner: string): string => `partner-${partner}`;

const toInstant = (time: number | null): string | null =>
  time === null ? null : new Date(time).toISOString();
