import type { Intent, IntentRequest } from '../messages.ts';

/**
 * The most verifications per minute to one host, and to all hosts, so that nobody can make the site flood a third party.
 * Hosts are counted without their port.
 */
const MAX_PER_HOST = 60;
const MAX_PER_MINUTE = 600;
const MINUTE_MS = 60_000;

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

/** The table `intents`: requests to the hub, and whether they still wait for confirmation. */
export class Intents {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Adds an intent. @returns its id, or undefined when too many were added within the last minute */
  add(request: IntentRequest, now: number): string | undefined {
    const host = new URL(request.callback).hostname;
    const counted = this.#sql
      .exec<{ host: number; total: number }>(
        'SELECT COUNT(*) AS total, COUNT(CASE WHEN host = ? THEN 1 END) AS host FROM intents WHERE created_at > ?',
        host,
        now - MINUTE_MS,
      )
      .one();
    if (counted.host >= MAX_PER_HOST || counted.total >= MAX_PER_MINUTE) return undefined;
    const id = crypto.randomUUID();
    // Only the newest intent of a topic and callback is valid.
    this.#sql.exec(
      'UPDATE intents SET pending = 0, secret = NULL WHERE topic = ? AND callback = ? AND pending = 1',
      request.topic,
      request.callback,
    );
    this.#sql.exec(
      'INSERT INTO intents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)',
      id,
      request.mode,
      request.topic,
      request.path,
      request.callback,
      host,
      request.secret,
      request.leaseSeconds,
      now,
    );
    return id;
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

  /** Ends the wait for confirmation. The row stays for a while, because it counts towards the rate limit. */
  settle(id: string): void {
    this.#sql.exec('UPDATE intents SET pending = 0, secret = NULL WHERE id = ?', id);
  }

  /** Deletes intents older than `RETENTION_MS`. */
  prune(now: number): void {
    this.#sql.exec('DELETE FROM intents WHERE created_at < ?', now - RETENTION_MS);
  }

  /** When the oldest intent may be pruned, in milliseconds since the epoch. */
  nextPruning(): number | undefined {
    const { oldest } = this.#sql
      .exec<{ oldest: number | null }>('SELECT MIN(created_at) AS oldest FROM intents')
      .one();
    return oldest === null ? undefined : oldest + RETENTION_MS + 1;
  }
}
