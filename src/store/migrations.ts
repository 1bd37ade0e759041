import { logFailure } from '../log.ts';
import { UnreadableSchema } from './failures.ts';

/** The schema of a database, as a list of migrations. Its version is their number. */
export interface Schema {
  /** SQL. Append migrations, and never change one. */
  migrations: readonly string[];
  /**
   * The oldest version whose release can work with the newest schema. A migration that only adds to the schema leaves it
   * as it is; one that removes or renames raises it to the version of the release that stopped using what is removed.
   */
  oldestReader: number;
}

/** The version of a migrated database: the number of its migrations. */
export const schemaVersion = ({ sql }: DurableObjectStorage): number =>
  sql.exec<{ version: number }>('SELECT MAX(version) AS version FROM schema_versions').one().version;

/**
 * Migrates a Durable Object's database to the newest schema. Call it in the constructor, before any request is served. A
 * database that a newer release has migrated is used as it is, if that release said that this one can.
 * @throws UnreadableSchema when it cannot
 */
export function runMigrations(storage: DurableObjectStorage, { migrations, oldestReader }: Schema): void {
  const { sql } = storage;
  sql.exec('CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY)');
  sql.exec(
    'CREATE TABLE IF NOT EXISTS schema_readers (version INTEGER PRIMARY KEY, oldest_reader INTEGER NOT NULL)',
  );
  const { version } = sql
    .exec<{ version: number }>('SELECT COALESCE(MAX(version), 0) AS version FROM schema_versions')
    .one();
  const known = migrations.length;
  if (version > known) {
    const [row] = sql
      .exec<{ oldest: number }>(
        'SELECT oldest_reader AS oldest FROM schema_readers WHERE version = ?',
        version,
      )
      .toArray();
    if (row !== undefined && row.oldest <= known) return;
    const error = new UnreadableSchema(version, known);
    logFailure('the database cannot be read by this release', error);
    throw error;
  }
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    storage.transactionSync(() => {
      sql.exec(migration);
      sql.exec('INSERT INTO schema_versions (version) VALUES (?)', index + 1);
    });
  }
  sql.exec(
    `INSERT INTO schema_readers VALUES (?1, ?2) ON CONFLICT (version) DO UPDATE SET oldest_reader = ?2
     WHERE oldest_reader <> ?2`,
    known,
    oldestReader,
  );
}
