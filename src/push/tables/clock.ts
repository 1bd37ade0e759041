/** Clocks of two machines, and of one that is adjusted, differ by less than this. */
const TOLERANCE_MS = 10_000;

/** The columns with times that something waits for or is counted by, in milliseconds since the epoch. */
const TIMES = {
  deliveries: ['queued_at', 'due_at', 'retry_at', 'claimed_at', 'attempted_at', 'lost_at'],
  slow_receivers: ['since'],
  extra_attempts: ['at'],
  intents: ['created_at'],
  renewals: ['begun'],
} as const;

/** Whether a time is so far ahead that it is from before the clock was set back. */
export const isAhead = (at: number, now: number): boolean => at > now + TOLERANCE_MS;

/**
 * The clock of Subscriptions. When it was set back, the times in the tables move back with it, so that nothing waits until
 * it catches up. Leases stay: their end was told to the subscriber.
 */
export class Clock {
  readonly #sql: SqlStorage;
  /** The latest time that is known to have passed. */
  #latest: number;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#latest = this.#latestStored();
  }

  /** Milliseconds since the epoch. */
  now(): number {
    const now = Date.now();
    if (isAhead(this.#latest, now)) this.#moveBack(this.#latest - now, now);
    else if (now < this.#latest) return now;
    this.#latest = now;
    return now;
  }

  #latestStored(): number {
    // Each is one lookup in an index.
    const { latest } = this.#sql
      .exec<{ latest: number }>(
        `SELECT MAX(IFNULL((SELECT MAX(queued_at) FROM deliveries), 0),
                    IFNULL((SELECT MAX(claimed_at) FROM deliveries WHERE claimed_at > 0), 0),
                    IFNULL((SELECT MAX(created_at) FROM intents), 0)) AS latest`,
      )
      .one();
    return latest;
  }

  #moveBack(milliseconds: number, now: number): void {
    for (const [table, columns] of Object.entries(TIMES)) {
      // 0 is no time, and `queued_at` is -1 in a row that is held.
      const moved = columns.map(
        (column) => `${column} = iif(${column} > 0, MAX(1, ${column} - ?1), ${column})`,
      );
      this.#sql.exec(`UPDATE ${table} SET ${moved.join(', ')}`, milliseconds);
    }
    this.#sql.exec(
      'UPDATE deliveries SET changed_at = ?1 WHERE changed_at > ?1',
      new Date(now).toISOString(),
    );
  }
}
