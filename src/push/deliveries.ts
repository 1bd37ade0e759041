import type { Announcement } from '../desk/contract/messages.ts';
import type { Outcome, Work } from './messages.ts';

/**
 * A message that was not heard of for longer than the longest pause of a queue (12 h) is lost: queues keep messages
 * for some days only, and a dead-letter queue's consumer may fail, too.
 */
const LOST_AFTER = 13 * 3_600_000;

/** `queued_at` of what no message is under way for, and of what waits for its subscription to be resumed. */
const UNQUEUED = 0;
const HELD = -1;

type WorkRow = Work & Record<string, SqlStorageValue> & { state: 'active' | 'suspended' };

/**
 * What is owed to whom: one row for a subscription and what it is told of. However often that changes while the row
 * waits, one delivery of the newest is owed.
 */
export class Deliveries {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Owes an announced change to everybody who subscribed to it. A change that is known already changes nothing. */
  owe(announcement: Announcement): void {
    const [subject, sequence, kind, path] =
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
      subject,
      sequence,
      announcement.at,
      kind,
      path,
    );
  }

  /** Rows that a message is to be sent for. */
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

  /** Notes that messages are under way for these. */
  queued(numbers: readonly number[], now: number): void {
    for (const number of numbers) {
      this.#sql.exec('UPDATE deliveries SET queued_at = ? WHERE number = ?', now, number);
    }
  }

  /** Keeps one for when its suspended subscription is resumed. */
  hold(number: number): void {
    this.#sql.exec('UPDATE deliveries SET queued_at = ? WHERE number = ?', HELD, number);
  }

  /** Gives up waiting for lost messages: what they were for is queued again. */
  recover(now: number): void {
    this.#sql.exec(
      'UPDATE deliveries SET queued_at = 0 WHERE queued_at > 0 AND queued_at < ?',
      now - LOST_AFTER,
    );
  }

  /** When the message that was not heard of for longest counts as lost. */
  nextRecovery(): number | undefined {
    const { oldest } = this.#sql
      .exec<{ oldest: number | null }>('SELECT MIN(queued_at) AS oldest FROM deliveries WHERE queued_at > 0')
      .one();
    return oldest === null ? undefined : oldest + LOST_AFTER + 1;
  }

  /** All that making these deliveries takes; those that are settled or suspended meanwhile are left out. */
  claim(numbers: readonly number[], now: number): Work[] {
    return numbers.flatMap((number) => {
      const [row] = this.#sql
        .exec<WorkRow>(
          `SELECT number, kind, topic, callback, secret, subject, sequence, changed_at AS changedAt,
             delivery_id AS deliveryId, delivered, shown.version AS shown, state
           FROM deliveries JOIN subscriptions ON subscriptions.id = deliveries.subscription
           LEFT JOIN shown ON shown.subscription = deliveries.subscription AND shown.article_id = subject
           WHERE number = ? AND (lease_until IS NULL OR lease_until > ?)`,
          number,
          now,
        )
        .toArray();
      if (row === undefined) return [];
      const { state, ...work } = row;
      if (state === 'active') return [work as Work];
      this.hold(number);
      return [];
    });
  }

  /** Writes down what became of an attempt. What changed during it is owed still. */
  settle(outcome: Exclude<Outcome, { result: 'ended' }>, now: number): void {
    const { number, sequence } = outcome;
    const [row] = this.#sql
      .exec<{ subscription: string; subject: string }>(
        'SELECT subscription, subject FROM deliveries WHERE number = ?',
        number,
      )
      .toArray();
    if (row === undefined) return;
    if (outcome.result === 'failed') {
      this.#sql.exec(
        'UPDATE deliveries SET attempts = attempts + 1, queued_at = ? WHERE number = ?',
        now,
        number,
      );
      this.#sql.exec('UPDATE subscriptions SET problem = ? WHERE id = ?', outcome.problem, row.subscription);
      return;
    }
    if (outcome.result !== 'unneeded') {
      const digest = outcome.result === 'accepted' ? outcome.digest : null;
      this.#sql.exec(
        'UPDATE subscriptions SET problem = NULL, delivered = ? WHERE id = ?',
        digest,
        row.subscription,
      );
    }
    if (outcome.result === 'told') this.#show(row, outcome.shown);
    this.#sql.exec('DELETE FROM deliveries WHERE number = ? AND sequence <= ?', number, sequence);
    this.#sql.exec('UPDATE deliveries SET queued_at = 0, attempts = 0 WHERE number = ?', number);
  }

  subscriptionOf(number: number): { id: string; kind: 'feed' | 'articles' } | undefined {
    const [row] = this.#sql
      .exec<{ id: string; kind: 'feed' | 'articles' }>(
        `SELECT id, kind FROM deliveries JOIN subscriptions ON subscriptions.id = subscription WHERE number = ?`,
        number,
      )
      .toArray();
    return row;
  }

  /** Starts what is owed to a subscription afresh, under new numbers: messages still under way find nothing. */
  renew(subscription: string): void {
    this.#sql.exec(
      `INSERT OR REPLACE INTO deliveries (subscription, subject, sequence, changed_at, delivery_id)
       SELECT subscription, subject, sequence, changed_at, delivery_id FROM deliveries
       WHERE subscription = ? ORDER BY number`,
      subscription,
    );
  }

  #show({ subscription, subject }: { subscription: string; subject: string }, version: number | null): void {
    if (version === null) {
      this.#sql.exec('DELETE FROM shown WHERE subscription = ? AND article_id = ?', subscription, subject);
    } else {
      this.#sql.exec('INSERT OR REPLACE INTO shown VALUES (?, ?, ?)', subscription, subject, version);
    }
  }
}
