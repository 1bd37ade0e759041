import type { RecoveryPlan } from '../../desk/contract/recovery.ts';

/**
 * The plan of the Desk's latest point-in-time recovery, and the marks that belong to it. It is here because a recovery of
 * the Desk's database does not touch this one. The tables are created when they are first needed, and are in no backup.
 */
export class RecoveryJournal {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  plan(): RecoveryPlan | undefined {
    if (!this.#exists()) return undefined;
    const [row] = this.#sql.exec<{ plan: string }>('SELECT plan FROM recovery_plan').toArray();
    return row && (JSON.parse(row.plan) as RecoveryPlan);
  }

  /** Saves a plan, and deletes the pages of another plan and of one that is done. */
  save(plan: RecoveryPlan): void {
    this.#sql.exec('CREATE TABLE IF NOT EXISTS recovery_plan (id INTEGER PRIMARY KEY, plan TEXT NOT NULL)');
    this.#sql.exec(
      'CREATE TABLE IF NOT EXISTS recovery_pages (page INTEGER PRIMARY KEY, marks TEXT NOT NULL)',
    );
    if (plan.state === 'done' || plan.id !== this.plan()?.id) this.#sql.exec('DELETE FROM recovery_pages');
    this.#sql.exec('INSERT OR REPLACE INTO recovery_plan VALUES (1, ?)', JSON.stringify(plan));
  }

  add(page: number, marks: string): void {
    this.#sql.exec('INSERT OR REPLACE INTO recovery_pages VALUES (?, ?)', page, marks);
  }

  page(page: number): string | undefined {
    const [row] = this.#sql
      .exec<{ marks: string }>('SELECT marks FROM recovery_pages WHERE page = ?', page)
      .toArray();
    return row?.marks;
  }

  #exists(): boolean {
    return this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'recovery_plan'").toArray().length > 0;
  }
}
