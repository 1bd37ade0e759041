import type { Announcement } from '../../desk/contract/messages.ts';
import type { DeliveryResult, PendingDelivery } from '../messages.ts';

/**
 * A message counts as lost when it has not been reported for longer than the longest pause of the queue (12 h). Queues
 * keep messages only for some days, and the consumer of the dead-letter queue may fail, too.
 */
const LOST_AFTER_MS = 13 * 3_600_000;

/** `queued_at` of a row without a message in the queue, and of a row whose subscription is suspended. */
const UNQUEUED = 0;
const HELD = -1;

type DeliveryRow = PendingDelivery & Record<string, SqlStorageValue> & { state: 'active' | 'suspended' };

/**
 * The table `deliveries`: pending deliveries. A row is for one subscription and one feed or article: however often that
 * changes while the row waits, it is one delivery of the newest version.
 */
export class Deliveries {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Adds a delivery of an announced change for all its subscribers. A known change has no effect. */
  owe(announcement: Announcement): void {
    const [articleId, sequence, kind, path] =
      announcement.kind === 'feed'
        ? ['', announcement.sequence, 'feed', announcement.path]
        : [announcement.id, announcement.version, 'articles', ''];
    this.#sql.exec(
      `INSERT INTO deliveries (subscription, subject, sequence, changed_at, delivery_id, queued_at)
       SELECT id, ?1, ?2, ?3, 'msg_' || lower(hex(randomblob(16))), iif(state = 'active', ${UNQUEUED}, ${HELD})
       FROM subscriptions WHERE kind = ?4 AND path = ?5
       ON CONFLICT (subscription, subject) DO UPDATE SET
         sequence = excluded.sequence, changed_at = excluded.changed_at, delivery_id = excluded.delivery_id
       WHERE excluded.sequence > sequence`,
      articleId,
      sequence,
      announcement.at,
      kind,
      path,
    );
  }

  /** The numbers of rows that need a message. */
  unqueued(limit: number): number[] {
    return this.#sql
      .exec<{ number: number }>(
        'SELECT number FROM deliveries WHERE queued_at = ? ORDER BY number LIMIT ?',
        UNQUEUED,
        limit,
      )
      .toArray()
      .map((row) => row.number);
  }

  /** Records that these rows have messages in the queue. */
  markQueued(numbers: readonly number[], now: number): void {
    for (const number of numbers) {
      this.#sql.exec('UPDATE deliveries SET queued_at = ? WHERE number = ?', now, number);
    }
  }

  /** Keeps a row until its suspended subscription is resumed. */
  hold(number: number): void {
    this.#sql.exec('UPDATE deliveries SET queued_at = ? WHERE number = ?', HELD, number);
  }

  /** Marks the rows whose messages are lost as unqueued. */
  recover(now: number): void {
    this.#sql.exec(
      'UPDATE deliveries SET queued_at = 0 WHERE queued_at > 0 AND queued_at < ?',
      now - LOST_AFTER_MS,
    );
  }

  /** When the oldest message in the queue counts as lost, in milliseconds since the epoch. */
  nextRecovery(): number | undefined {
    const { oldest } = this.#sql
      .exec<{ oldest: number | null }>('SELECT MIN(queued_at) AS oldest FROM deliveries WHERE queued_at > 0')
      .one();
    return oldest === null ? undefined : oldest + LOST_AFTER_MS + 1;
  }

  /** The deliveries with these numbers, without those that were settled or suspended in the meantime. */
  claim(numbers: readonly number[], now: number): PendingDelivery[] {
    return numbers.flatMap((number) => {
      const [row] = this.#sql
        .exec<DeliveryRow>(
          `SELECT number, kind, topic, callback, secret, subject AS articleId, sequence, changed_at AS changedAt,
             delivery_id AS deliveryId, delivered, shown.version AS shown, state
           FROM deliveries JOIN subscriptions ON subscriptions.id = deliveries.subscription
           LEFT JOIN shown ON shown.subscription = deliveries.subscription AND shown.article_id = deliveries.subject
           WHERE number = ? AND (lease_until IS NULL OR lease_until > ?)`,
          number,
          now,
        )
        .toArray();
      if (row === undefined) return [];
      const { state, ...delivery } = row;
      if (state === 'active') return [delivery as PendingDelivery];
      this.hold(number);
      return [];
    });
  }

  /** Records the result of an attempt. A change during the attempt stays pending. */
  settle(attempt: Exclude<DeliveryResult, { result: 'ended' }>, now: number): void {
    const { number, sequence } = attempt;
    const [row] = this.#sql
      .exec<{ subscription: string; articleId: string }>(
        'SELECT subscription, subject AS articleId FROM deliveries WHERE number = ?',
        number,
      )
      .toArray();
    if (row === undefined) return;
    if (attempt.result === 'failed') {
      this.#sql.exec(
        'UPDATE deliveries SET attempts = attempts + 1, queued_at = ? WHERE number = ?',
        now,
        number,
      );
      this.#sql.exec('UPDATE subscriptions SET problem = ? WHERE id = ?', attempt.problem, row.subscription);
      return;
    }
    if (attempt.result !== 'unneeded') {
      const digest = attempt.result === 'accepted' ? attempt.digest : null;
      this.#sql.exec(
        'UPDATE subscriptions SET problem = NULL, delivered = ? WHERE id = ?',
        digest,
        row.subscription,
      );
    }
    if (attempt.result === 'told') this.#recordShown(row, attempt.shown);
    this.#sql.exec('DELETE FROM deliveries WHERE number = ? AND sequence <= ?', number, sequence);
    this.#sql.exec('UPDATE deliveries SET queued_at = 0, attempts = 0 WHERE number = ?', number);
  }

  /** The subscription of a delivery. */
  subscriptionOf(number: number): { id: string; kind: 'feed' | 'articles' } | undefined {
    const [row] = this.#sql
      .exec<{ id: string; kind: 'feed' | 'articles' }>(
        `SELECT id, kind FROM deliveries JOIN subscriptions ON subscriptions.id = subscription WHERE number = ?`,
        number,
      )
      .toArray();
    return row;
  }

  /** Renumbers a subscription's pending deliveries, so that messages still in the queue find nothing. */
  renew(subscription: string): void {
    this.#sql.exec(
      `INSERT OR REPLACE INTO deliveries (subscription, subject, sequence, changed_at, delivery_id)
       SELECT subscription, subject, sequence, changed_at, delivery_id FROM deliveries
       WHERE subscription = ? ORDER BY number`,
      subscription,
    );
  }

  /** Records which version of an article a partner now has. */
  #recordShown(
    { subscription, articleId }: { subscription: string; articleId: string },
    version: number | null,
  ): void {
    if (version === null) {
      this.#sql.exec('DELETE FROM shown WHERE subscription = ? AND article_id = ?', subscription, articleId);
    } else {
      this.#sql.exec('INSERT OR REPLACE INTO shown VALUES (?, ?, ?)', subscription, articleId, version);
    }
  }
}
