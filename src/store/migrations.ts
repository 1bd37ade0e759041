/** The version of a migrated database: the number of its migrations. */
export const schemaVersion = ({ sql }: DurableObjectStorage): number =>
  sql.exec<{ version: number }>('SELECT MAX(version) AS version FROM schema_versions').one().version;

/** Migrates a Durable Object's database to the newest schema. Call it in the constructor, before any request is served. */
export function runMigrations(storage: DurableObjectStorage, migrations: readonly string[]): void {
  const { sql } = storage;
  sql.exec('CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY)');
  const { version } = sql
    .exec<{ version: number }>('SELECT COALESCE(MAX(version), 0) AS version FROM schema_versions')
    .one();
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    storage.transactionSync(() => {
      sql.exec(migration);
      sql.exec('INSERT INTO schema_versions VALUES (?)', index + 1);
    });
  }
}
