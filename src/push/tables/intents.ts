import type { Intent, IntentRequest } from '../messages.ts';
import { hostOf } from '../server.ts';

/**
 * The most verifications per minute of new subscriptions to one host, and to all hosts, so that nobody can make the site
 * flood a third party. Hosts are counted without their port.
 */
const MAX_PER_HOST = 60;
const MAX_PER_MINUTE = 600;

/** The same for subscriptions that exist. They are counted apart, so that strangers cannot keep them from renewing. */
const MAX_RENEWALS_PER_HOST = 300;
const MAX_RENEWALS_PER_MINUTE = 1_200;

const MINUTE_MS = 60_000;

/** The minimum time between verifications of one subscription. Anybody can send a request for a known callback. */
const RENEWAL_INTERVAL_MS = 5_000;

/** How long an intent is kept; a verification takes seconds. */
const RETENTION_MS = 3_600_000;

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  mode: 'subscribe' | 'unsubscribe';
  topic: string;
  path: string;
  callback: string;
  secret: string | null;
  leaseSeconds: number;
}

/** An intent to verify, and the seconds to wait before. */
export interface PlannedVerification {
  intent: string;
  delaySeconds: number;
}

/**
 * The tables `intents` and `renewals`: requests to the hub, whether they still wait for confirmation, and which of them
 * concern a subscription that exists.
 */
export class Intents {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /**
   * Adds an intent for a subscription that does not exist.
   * @returns the verification to queue; undefined when too many were added within the last minute
   */
  add(request: IntentRequest, now: number): PlannedVerification | undefined {
    if (!this.#hasRoom(request, now, false)) return undefined;
    return { intent: this.#insert(request, now), delaySeconds: 0 };
  }

  /**
   * Adds an intent for a subscription that exists. Several of one mode within `RENEWAL_INTERVAL_MS` become one
   * verification, with the parameters of the last one. A renewal and an end are both asked about: anybody can send either.
   * @returns the verification to queue; `merged` when one is queued already; undefined when there were too many
   */
  renew(request: IntentRequest, now: number): PlannedVerification | 'merged' | undefined {
    const [last] = this.#sql
      .exec<{ id: string; createdAt: number; begun: number }>(
        `SELECT id, created_at AS createdAt, begun FROM intents JOIN renewals ON intent = id
         WHERE topic = ? AND callback = ? AND mode = ? AND pending = 1`,
        request.topic,
        request.callback,
        request.mode,
      )
      .toArray();
    // Only until the verification begins, so that a callback never confirms parameters that it was not asked about.
    const isRecent = last !== undefined && last.createdAt > now - MINUTE_MS && last.createdAt <= now;
    if (isRecent && last.begun === 0) {
      this.#sql.exec(
        'UPDATE intents SET path = ?, secret = ?, lease_seconds = ? WHERE id = ?',
        request.path,
        request.secret,
        request.leaseSeconds,
        last.id,
      );
      return 'merged';
    }
    if (!this.#hasRoom(request, now, true)) return undefined;
    const { verifiedAt } = this.#sql
      .exec<{ verifiedAt: number | null }>(
        `SELECT MAX(begun) AS verifiedAt FROM intents JOIN renewals ON intent = id
         WHERE host = ? AND created_at > ? AND created_at <= ? AND topic = ? AND callback = ?`,
        hostOf(request.callback),
        now - MINUTE_MS,
        now,
        request.topic,
        request.callback,
      )
      .one();
    const intent = this.#insert(request, now);
    this.#sql.exec('INSERT INTO renewals (intent) VALUES (?)', intent);
    const wait = Math.min(RENEWAL_INTERVAL_MS, (verifiedAt ?? 0) + RENEWAL_INTERVAL_MS - now);
    return { intent, delaySeconds: Math.max(0, Math.ceil(wait / 1_000)) };
  }

  /** An intent that waits for confirmation. Its parameters no longer change. */
  begin(id: string, now: number): Intent | undefined {
    this.#sql.exec('UPDATE renewals SET begun = ? WHERE intent = ?', now, id);
    return this.find(id);
  }

  /** An intent that waits for confirmation. */
  find(id: string): Intent | undefined {
    const [row] = this.#sql
      .exec<Row>(
        `SELECT id, mode, topic, path, callback, secret, lease_seconds AS leaseSeconds
         FROM intents WHERE id = ? AND pending = 1`,
        id,
      )
      .toArray();
    return row;
  }

  /** Ends the wait of older intents for the same topic and callback: the subscriber has confirmed a newer one. */
  supersede(id: string): void {
    this.#sql.exec(
      `UPDATE intents SET pending = 0, secret = NULL
       WHERE pending = 1 AND (topic, callback) = (SELECT topic, callback FROM intents WHERE id = ?1)
         AND created_at < (SELECT created_at FROM intents WHERE id = ?1)`,
      id,
    );
  }

  /** Ends the wait for confirmation. The row stays for a while, because it counts towards the rate limit. */
  settle(id: string): void {
    this.#sql.exec('UPDATE intents SET pending = 0, secret = NULL WHERE id = ?', id);
  }

  /** Deletes intents older than `RETENTION_MS`. */
  prune(now: number): void {
    this.#sql.exec(
      'DELETE FROM renewals WHERE intent IN (SELECT id FROM intents WHERE created_at < ?)',
      now - RETENTION_MS,
    );
    this.#sql.exec('DELETE FROM intents WHERE created_at < ?', now - RETENTION_MS);
  }

  /** When the oldest intent may be pruned, in milliseconds since the epoch. */
  nextPruning(): number | undefined {
    const { oldest } = this.#sql
      .exec<{ oldest: number | null }>('SELECT MIN(created_at) AS oldest FROM intents')
      .one();
    return oldest === null ? undefined : oldest + RETENTION_MS + 1;
  }

  /** Whether the last minute has room for another new subscription, or another renewal. */
  #hasRoom({ callback }: IntentRequest, now: number, isRenewal: boolean): boolean {
    const counted = this.#sql
      .exec<{ host: number; total: number }>(
        `SELECT COUNT(*) AS total, COUNT(CASE WHEN host = ? THEN 1 END) AS host
         FROM intents LEFT JOIN renewals ON intent = id
         WHERE created_at > ? AND created_at <= ? AND (intent IS NOT NULL) = ?`,
        hostOf(callback),
        now - MINUTE_MS,
        // Later ones are from before the clock was set back.
        now,
        isRenewal ? 1 : 0,
      )
      .one();
    return isRenewal
      ? counted.host < MAX_RENEWALS_PER_HOST && counted.total < MAX_RENEWALS_PER_MINUTE
      : counted.host < MAX_PER_HOST && counted.total < MAX_PER_MINUTE;
  }

  #insert(request: IntentRequest, now: number): string {
    const id = crypto.randomUUID();
    // Of each mode, only the newest intent of a topic and callback is valid.
    this.#sql.exec(
      'UPDATE intents SET pending = 0, secret = NULL WHERE topic = ? AND callback = ? AND mode = ? AND pending = 1',
      request.topic,
      request.callback,
      request.mode,
    );
    // One millisecond after the other mode's, so that it is clear which of the two is newer.
    this.#sql.exec(
      `INSERT INTO intents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
         (SELECT MAX(?9, IFNULL(MAX(created_at) + 1, 0)) FROM intents
          WHERE topic = ?3 AND callback = ?5 AND pending = 1 AND created_at BETWEEN ?9 AND ?9 + 1000), 1)`,
      id,
      request.mode,
      request.topic,
      request.path,
      request.callback,
      hostOf(request.callback),
      request.secret,
      request.leaseSeconds,
      now,
    );
    return id;
  }
}
