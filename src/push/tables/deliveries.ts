import type { Announcement } from '../../desk/contract/messages.ts';
import type { DeliverMessage, DeliveryResult, Lane, PendingDelivery } from '../messages.ts';
import { SLOW_AFTER_MS } from '../messages.ts';
import { serverOf } from '../server.ts';
import { isAhead } from './clock.ts';

/** A delivery is attempted this often; then its subscription is suspended. */
const MAX_ATTEMPTS = 8;

/** Queues, "Limits": a message may be delayed by 12 hours. A longer wait takes several messages. */
const MAX_DELAY_MS = 43_200_000;

/**
 * A message that has not arrived this long after it was due counts as lost. The row is queued again with the same
 * token, so that a message which was only late is still valid, and the second one then finds nothing.
 */
const LOST_AFTER_MS = 15 * 60_000;

/** A message whose sending has not ended after this time counts as lost: Subscriptions was restarted meanwhile. */
const SENDING_MS = 30_000;

/** A claim without a result counts as lost after this time: the consumer ended. A batch takes two minutes at most. */
const CLAIM_MS = 5 * 60_000;

/** What releases before `lost_at` counted as lost. */
const LOST_WITHOUT_TIME_MS = 13 * 3_600_000;

/**
 * The minimum time between an attempt and an extra one, and between the extra attempts to one server. An extra attempt
 * is made ahead of a long pause when there is a newer change, and does not count.
 */
const EXTRA_INTERVAL_MS = 60_000;

/** The most deliveries to one server that may be claimed at once before another batch may not claim any. */
const MAX_CLAIMED_PER_SERVER = 4;

/** How long a delivery waits whose server has `MAX_CLAIMED_PER_SERVER`. */
const BUSY_PAUSE_MS = 10_000;

/** How many deliveries to a server that has recovered are attempted at once. */
const MAX_RESUMED = 100;

/** `queued_at` of a row without a message in the queue, and of a row whose subscription is suspended. */
const UNQUEUED = 0;
const HELD = -1;

/** A new token: 52 random bits, so that it is exact as a number. */
const NEW_TOKEN = 'abs(random() >> 11)';

type ClaimedRow = PendingDelivery &
  Record<string, SqlStorageValue> & { state: 'active' | 'suspended'; isSlow: 0 | 1; claimedAt: number };

interface AttemptedRow extends Record<string, SqlStorageValue> {
  subscription: string;
  articleId: string;
  callback: string;
  sequence: number;
  deliveryId: string;
  token: number;
  attempts: number;
  isExtra: 0 | 1;
  retryAt: number;
}

/** A delivery that waits for a retry. */
interface Paused {
  number: number;
  server: string;
  attemptedAt: number;
  dueAt: number;
}

/** Whether there was another change during an attempt. Results of earlier releases have no id. */
const isChanged = (row: AttemptedRow, { sequence, deliveryId = row.deliveryId }: DeliveryResult): boolean =>
  row.sequence > sequence || (row.sequence === sequence && row.deliveryId !== deliveryId);

/** A message to send, and the time that its delivery is due. */
export interface PlannedMessage {
  body: DeliverMessage & { token: number };
  delaySeconds: number;
}

/**
 * The tables `deliveries`, `slow_receivers` and `extra_attempts`: pending deliveries, and what is known of receivers. A
 * row is for one subscription and one feed or article: however often that changes while the row waits, it is one delivery
 * of the newest version.
 *
 * A row is unqueued, queued or claimed. Each planned attempt has a token of its own. Whatever happens after an `await`
 * names the token that it began with, and has no effect when the row has another one.
 */
export class Deliveries {
  readonly #sql: SqlStorage;
  readonly #pauseAfter: (attempts: number) => number;

  /** @param pauseAfter the pause after the nth failed attempt, in seconds */
  constructor(sql: SqlStorage, pauseAfter: (attempts: number) => number) {
    this.#sql = sql;
    this.#pauseAfter = pauseAfter;
  }

  /**
   * Adds a delivery of an announced change for all its subscribers. A known change has no effect: its version and time are
   * the same. An article that is released or expires has a new time only. A delivery that waits for a retry is attempted
   * sooner.
   */
  owe(announcement: Announcement, now: number): void {
    const [articleId, sequence, kind, path] =
      announcement.kind === 'feed'
        ? ['', announcement.sequence, 'feed', announcement.path]
        : [announcement.id, announcement.version, 'articles', ''];
    this.#sql.exec(
      `INSERT INTO deliveries (subscription, subject, sequence, changed_at, delivery_id, queued_at, token)
       SELECT id, ?1, ?2, ?3, 'msg_' || lower(hex(randomblob(16))), iif(state = 'active', ${UNQUEUED}, ${HELD}),
         ${NEW_TOKEN}
       FROM subscriptions WHERE kind = ?4 AND path = ?5
       ON CONFLICT (subscription, subject) DO UPDATE SET
         sequence = excluded.sequence, changed_at = excluded.changed_at, delivery_id = excluded.delivery_id
       WHERE excluded.sequence > sequence OR (excluded.sequence = sequence AND excluded.changed_at <> changed_at)`,
      articleId,
      sequence,
      isAhead(Date.parse(announcement.at), now) ? new Date(now).toISOString() : announcement.at,
      kind,
      path,
    );
    const paused = this.#sql
      .exec<Omit<Paused, 'server'> & Record<string, SqlStorageValue> & { callback: string }>(
        `SELECT number, callback, attempted_at AS attemptedAt, due_at AS dueAt
         FROM subscriptions
         CROSS JOIN deliveries ON deliveries.subscription = subscriptions.id AND subject = ?1
         WHERE kind = ?2 AND path = ?3 AND sequence = ?4 AND queued_at > 0 AND claimed_at = 0 AND is_extra = 0
           AND retry_at > ?5 AND due_at > ?5`,
        articleId,
        kind,
        path,
        sequence,
        now,
      )
      .toArray();
    for (const row of paused) this.#attemptSooner({ ...row, server: serverOf(row.callback) }, now);
  }

  /** Takes the rows of a lane that need a message, and records that they have one. At most `limit`. */
  queue(lane: Lane, limit: number, now: number): PlannedMessage[] {
    const rows = this.#sql
      .exec<{ number: number; token: number; dueAt: number }>(
        `SELECT number, token, due_at AS dueAt FROM deliveries
         LEFT JOIN slow_receivers ON slow_receivers.subscription = deliveries.subscription
         WHERE queued_at = ${UNQUEUED} AND (slow_receivers.subscription IS NOT NULL) = ? ORDER BY number LIMIT ?`,
        lane === 'slow' ? 1 : 0,
        limit,
      )
      .toArray();
    return rows.map(({ number, token, dueAt }) => {
      const wait = Math.min(MAX_DELAY_MS, Math.max(0, dueAt - now));
      this.#sql.exec(
        'UPDATE deliveries SET queued_at = ?, lost_at = ? WHERE number = ?',
        now,
        now + SENDING_MS,
        number,
      );
      return { body: { kind: 'deliver', delivery: number, token }, delaySeconds: Math.ceil(wait / 1_000) };
    });
  }

  /** Records that the queue has taken messages. A row that was claimed or replanned in the meantime stays as it is. */
  confirmQueued(messages: readonly PlannedMessage[], now: number): void {
    for (const { body, delaySeconds } of messages) {
      this.#sql.exec(
        'UPDATE deliveries SET lost_at = ? WHERE number = ? AND token = ? AND queued_at > 0 AND claimed_at = 0',
        now + delaySeconds * 1_000 + LOST_AFTER_MS,
        body.delivery,
        body.token,
      );
    }
  }

  /**
   * Marks rows as unqueued whose messages the queue may not have taken. A row that was claimed or replanned in the
   * meantime stays as it is.
   */
  unqueue(messages: readonly PlannedMessage[]): void {
    for (const { body } of messages) {
      this.#sql.exec(
        `UPDATE deliveries SET queued_at = ${UNQUEUED}, lost_at = 0
         WHERE number = ? AND token = ? AND queued_at > 0 AND claimed_at = 0`,
        body.delivery,
        body.token,
      );
    }
  }

  /** Whether any row needs a message. */
  hasUnqueued(): boolean {
    return (
      this.#sql.exec(`SELECT 1 FROM deliveries WHERE queued_at = ${UNQUEUED} LIMIT 1`).toArray().length > 0
    );
  }

  /** Keeps a row until its suspended subscription is resumed. */
  hold(number: number): void {
    this.#sql.exec(
      `UPDATE deliveries SET queued_at = ${HELD}, claimed_at = 0, lost_at = 0, token = ${NEW_TOKEN} WHERE number = ?`,
      number,
    );
  }

  /** Marks the rows whose messages or claims are lost as unqueued. */
  recover(now: number): void {
    this.#sql.exec(
      `UPDATE deliveries SET queued_at = ${UNQUEUED}, claimed_at = 0, lost_at = 0
       WHERE (lost_at > 0 AND lost_at <= ?1) OR lost_at > ?2 OR (queued_at > 0 AND queued_at < ?3)`,
      now,
      // Further ahead than any wait: the clock was set back.
      now + MAX_DELAY_MS + LOST_AFTER_MS,
      now - LOST_WITHOUT_TIME_MS,
    );
    this.#sql.exec('DELETE FROM extra_attempts WHERE at < ?', now - EXTRA_INTERVAL_MS);
  }

  /** Has every row queued again that is not held. Messages and claims from before find other tokens. */
  requeueAll(): void {
    this.#sql.exec(
      `UPDATE deliveries SET queued_at = ${UNQUEUED}, claimed_at = 0, lost_at = 0, token = ${NEW_TOKEN}
       WHERE queued_at <> ${HELD}`,
    );
  }

  /** When the first message or claim counts as lost, in milliseconds since the epoch. */
  nextRecovery(): number | undefined {
    const { next } = this.#sql
      .exec<{ next: number | null }>('SELECT MIN(lost_at) AS next FROM deliveries WHERE lost_at > 0')
      .one();
    return next ?? undefined;
  }

  /**
   * The deliveries that these messages ask to attempt now. Omits those that were replanned, settled, suspended or
   * claimed in the meantime, moves those of slow receivers to the slow lane, and postpones those to a busy server.
   */
  claim(messages: readonly DeliverMessage[], lane: Lane, now: number): PendingDelivery[] {
    const claimed = this.#claimedByServer(now);
    return messages.flatMap(({ delivery: number, token = 0 }) => {
      const [row] = this.#sql
        .exec<ClaimedRow>(
          `SELECT number, token, kind, topic, callback, secret, subject AS articleId, sequence, changed_at AS changedAt,
             delivery_id AS deliveryId, delivered, shown.version AS shown, state, claimed_at AS claimedAt,
             slow_receivers.subscription IS NOT NULL AS isSlow
           FROM deliveries JOIN subscriptions ON subscriptions.id = deliveries.subscription
           LEFT JOIN shown ON shown.subscription = deliveries.subscription AND shown.article_id = deliveries.subject
           LEFT JOIN slow_receivers ON slow_receivers.subscription = deliveries.subscription
           WHERE number = ? AND token = ? AND (lease_until IS NULL OR lease_until > ?)`,
          number,
          token,
          now,
        )
        .toArray();
      if (row === undefined) return [];
      const { state, isSlow, claimedAt, ...delivery } = row;
      if (state === 'suspended') {
        this.hold(number);
        return [];
      }
      // A claim in the future is one of before the clock was set back.
      if (claimedAt > now - CLAIM_MS && claimedAt <= now) return [];
      if ((claimed.get(serverOf(row.callback)) ?? 0) >= MAX_CLAIMED_PER_SERVER) {
        this.#postpone(number, now + BUSY_PAUSE_MS, now);
        return [];
      }
      if (isSlow === 1 && lane === 'fast') {
        this.#postpone(number, now, now);
        return [];
      }
      this.#sql.exec(
        'UPDATE deliveries SET claimed_at = ?1, attempted_at = ?1, lost_at = ?2 WHERE number = ?3',
        now,
        now + CLAIM_MS,
        number,
      );
      return [delivery as PendingDelivery];
    });
  }

  /**
   * Records the outcome of an attempt. A change during the attempt stays pending. An outdated outcome has no effect.
   * @returns whether no attempt is left, so that the subscription must be suspended
   */
  settle(attempt: Exclude<DeliveryResult, { result: 'ended' }>, now: number): boolean {
    const { number } = attempt;
    const row = this.#find(number);
    if (row === undefined) return false;
    if (row.token !== attempt.token) {
      // The partner has the article, whatever was planned since; a later withdrawal must reach it.
      if (attempt.result === 'told' && attempt.shown !== null)
        this.#sql.exec(
          'INSERT OR IGNORE INTO shown VALUES (?, ?, ?)',
          row.subscription,
          row.articleId,
          attempt.shown,
        );
      return false;
    }
    switch (attempt.result) {
      case 'late':
        this.#markSlow(row, now);
        return false;
      case 'postponed':
        if (attempt.problem !== undefined) this.#setProblem(row, attempt.problem);
        this.#postpone(number, now + Math.min(attempt.wait * 1_000, MAX_DELAY_MS), now);
        return false;
      case 'failed':
        return this.#fail(row, attempt, now);
      case 'unneeded':
        this.#setProblem(row, null);
        break;
      case 'accepted':
      case 'told': {
        const digest = attempt.result === 'accepted' ? attempt.digest : null;
        this.#sql.exec(
          'UPDATE subscriptions SET problem = NULL, delivered = ? WHERE id = ?',
          digest,
          row.subscription,
        );
        if (attempt.result === 'told') this.#recordShown(row, attempt.shown);
        if (attempt.milliseconds > SLOW_AFTER_MS) this.#markSlow(row, now);
        else this.#recovered(row, now);
      }
    }
    if (!isChanged(row, attempt)) {
      this.#sql.exec('DELETE FROM deliveries WHERE number = ?', number);
    } else {
      this.#sql.exec('UPDATE deliveries SET attempts = 0, retry_at = 0 WHERE number = ?', number);
      this.#replan(number, now);
    }
    return false;
  }

  /** The subscription of the attempt with this token; of the delivery, when no token is given. */
  subscriptionOf(number: number, token?: number): { id: string; kind: 'feed' | 'articles' } | undefined {
    const [row] = this.#sql
      .exec<{ id: string; kind: 'feed' | 'articles'; token: number }>(
        `SELECT id, kind, token FROM deliveries JOIN subscriptions ON subscriptions.id = subscription WHERE number = ?`,
        number,
      )
      .toArray();
    return row === undefined || (token !== undefined && row.token !== token)
      ? undefined
      : { id: row.id, kind: row.kind };
  }

  /** Renumbers a subscription's pending deliveries, so that messages still in the queue find nothing. */
  renew(subscription: string): void {
    this.#sql.exec('DELETE FROM slow_receivers WHERE subscription = ?', subscription);
    this.#sql.exec(
      `INSERT OR REPLACE INTO deliveries (subscription, subject, sequence, changed_at, delivery_id, token)
       SELECT subscription, subject, sequence, changed_at, delivery_id, ${NEW_TOKEN} FROM deliveries
       WHERE subscription = ? ORDER BY number`,
      subscription,
    );
  }

  #find(number: number): (AttemptedRow & { number: number }) | undefined {
    const [row] = this.#sql
      .exec<AttemptedRow & { number: number }>(
        `SELECT number, subscription, subject AS articleId, callback, sequence, delivery_id AS deliveryId, token, attempts,
           is_extra AS isExtra, retry_at AS retryAt
         FROM deliveries JOIN subscriptions ON subscriptions.id = deliveries.subscription WHERE number = ?`,
        number,
      )
      .toArray();
    return row;
  }

  #fail(
    row: AttemptedRow & { number: number },
    attempt: DeliveryResult & { result: 'failed' },
    now: number,
  ): boolean {
    const { problem, milliseconds, isFinal } = attempt;
    this.#setProblem(row, problem);
    if (isFinal) return true;
    if (milliseconds !== undefined) this.#markSlow(row, now);
    const counts = row.isExtra === 0 || row.retryAt <= now;
    const attempts = row.attempts + (counts ? 1 : 0);
    const retryAt = counts ? now + this.#pauseAfter(attempts) * 1_000 : row.retryAt;
    this.#sql.exec(
      'UPDATE deliveries SET attempts = ?, retry_at = ? WHERE number = ?',
      attempts,
      retryAt,
      row.number,
    );
    if (attempts >= MAX_ATTEMPTS) return true;
    this.#replan(row.number, retryAt);
    if (isChanged(row, attempt))
      this.#attemptSooner(
        { number: row.number, server: serverOf(row.callback), attemptedAt: now, dueAt: retryAt },
        now,
      );
    return false;
  }

  /** Records why a subscription gets nothing; null when it does. */
  #setProblem({ subscription }: AttemptedRow, problem: string | null): void {
    this.#sql.exec('UPDATE subscriptions SET problem = ? WHERE id = ?', problem, subscription);
  }

  /** Plans the next attempt under a new token. */
  #replan(number: number, dueAt: number, isExtra = false): void {
    this.#sql.exec(
      `UPDATE deliveries SET queued_at = ${UNQUEUED}, claimed_at = 0, lost_at = 0, token = ${NEW_TOKEN},
         due_at = ?, is_extra = ? WHERE number = ?`,
      dueAt,
      isExtra ? 1 : 0,
      number,
    );
  }

  /** Plans the same attempt for later. An extra one stays that until the retry is due that it came before. */
  #postpone(number: number, dueAt: number, now: number): void {
    const { isExtra } = this.#sql
      .exec<{ isExtra: 0 | 1 }>(
        'SELECT is_extra AND retry_at > ? AS isExtra FROM deliveries WHERE number = ?',
        now,
        number,
      )
      .one();
    this.#replan(number, dueAt, isExtra === 1);
  }

  /** Plans an extra attempt, unless the next one is due before that. */
  #attemptSooner({ number, server, attemptedAt, dueAt }: Paused, now: number): void {
    const [last] = this.#sql
      .exec<{ at: number }>('SELECT at FROM extra_attempts WHERE server = ?', server)
      .toArray();
    const at = Math.max(now, attemptedAt + EXTRA_INTERVAL_MS, (last?.at ?? 0) + EXTRA_INTERVAL_MS);
    if (at >= dueAt) return;
    this.#sql.exec('INSERT OR REPLACE INTO extra_attempts VALUES (?, ?)', server, at);
    this.#replan(number, at, true);
  }

  #markSlow({ subscription, callback }: AttemptedRow, now: number): void {
    this.#sql.exec(
      'INSERT OR IGNORE INTO slow_receivers VALUES (?, ?, ?)',
      subscription,
      serverOf(callback),
      now,
    );
  }

  /** A receiver is well again. What else waits for it is attempted, and what waits for others on its server. */
  #recovered({ subscription, callback }: AttemptedRow, now: number): void {
    const wasSlow =
      this.#sql.exec('DELETE FROM slow_receivers WHERE subscription = ?', subscription).rowsWritten > 0;
    if (!wasSlow) return;
    const rows = this.#sql
      .exec<{ number: number }>(
        `SELECT number FROM slow_receivers
         CROSS JOIN deliveries ON deliveries.subscription = slow_receivers.subscription
         WHERE server = ?1 AND queued_at > 0 AND claimed_at = 0 AND MIN(retry_at, due_at) > ?2 AND attempted_at <= ?3
         UNION ALL
         SELECT number FROM deliveries
         WHERE subscription = ?4 AND queued_at > 0 AND claimed_at = 0 AND MIN(retry_at, due_at) > ?2
         LIMIT ?5`,
        serverOf(callback),
        now,
        now - EXTRA_INTERVAL_MS,
        subscription,
        MAX_RESUMED,
      )
      .toArray();
    for (const { number } of rows) this.#replan(number, now, true);
  }

  /** The number of claimed deliveries of each server, before this claim. */
  #claimedByServer(now: number): Map<string, number> {
    const counts = new Map<string, number>();
    const rows = this.#sql.exec<{ callback: string }>(
      `SELECT callback FROM deliveries JOIN subscriptions ON subscriptions.id = deliveries.subscription
       WHERE claimed_at > 0 AND claimed_at > ?`,
      now - CLAIM_MS,
    );
    for (const { callback } of rows) {
      const server = serverOf(callback);
      counts.set(server, (counts.get(server) ?? 0) + 1);
    }
    return counts;
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

/** The pause after the nth failed attempt, in seconds; the last of `pauses` repeats. */
export function pauseAfter(attempts: number, pauses: string): number {
  const seconds = pauses.split(',').map(Number);
  return seconds[attempts - 1] ?? seconds.at(-1) ?? 0;
}
