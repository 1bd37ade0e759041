import type { StoredSite } from '../../store/records.ts';

/**
 * - `site`: the operator's settings
 * - `rebuild`, `scrub`: the latest rebuild of KV, and the latest comparison of KV with the Desk
 * - `retries`: the jobs of the alarm that failed, and when they are tried again
 * - `bodies`: the migration of bodies from earlier releases
 * - `archive`, `sweep`: how far bodies were moved to R2, and how far its objects were compared with the tables
 * - `recovery`: the latest point-in-time recovery
 * - `numbers`: the least sequence number and version to give
 * - `trending`: what was last shown as most read, and since when
 */
type SettingName =
  | 'site'
  | 'rebuild'
  | 'scrub'
  | 'retries'
  | 'bodies'
  | 'archive'
  | 'sweep'
  | 'recovery'
  | 'numbers'
  | 'trending';

/** The table `settings`: single values by name, as JSON. */
export class Settings {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The operator's settings of the site; undefined while all are defaults. */
  site(): StoredSite | undefined {
    return this.read('site');
  }

  read<Value>(name: SettingName): Value | undefined {
    const [row] = this.#sql
      .exec<{ value: string }>('SELECT value FROM settings WHERE name = ?', name)
      .toArray();
    return row && (JSON.parse(row.value) as Value);
  }

  write(name: SettingName, value: object): void {
    this.#sql.exec('INSERT OR REPLACE INTO settings VALUES (?, ?)', name, JSON.stringify(value));
  }
}
