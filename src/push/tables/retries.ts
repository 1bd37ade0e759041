import type { Retries, RetryStore } from '../../store/alarm.ts';

/** The table `retries`: the jobs of the alarm that failed, and when they are tried again. */
export class StoredRetries implements RetryStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  read(): Retries {
    const rows = this.#sql.exec<{ job: string; attempts: number; at: number }>('SELECT * FROM retries');
    return Object.fromEntries(rows.toArray().map(({ job, attempts, at }) => [job, { attempts, at }]));
  }

  write(retries: Retries): void {
    this.#sql.exec('DELETE FROM retries');
    for (const [job, { attempts, at }] of Object.entries(retries))
      this.#sql.exec('INSERT INTO retries VALUES (?, ?, ?)', job, attempts, at);
  }
}
