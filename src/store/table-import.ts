import { type BackedUpTable, fromValue } from './backup-rows.ts';
import { isLocal } from './table-backup.ts';

/** An import of a backup into a Durable Object: `running` until its last page. */
export interface ImportState<Progress> {
  state: 'running' | 'done';
  progress: Progress;
}

/** What is wrong with a page. Nothing of the page was taken. */
export interface PageFault {
  /** The line in the page, from 1. */
  line: number;
  problem: string;
}

interface Stored<Progress> extends ImportState<Progress> {
  /** The statements of the triggers that are suspended. */
  triggers: string[];
}

/**
 * Writes the entries of a backup into the tables of a Durable Object. In the meantime the tables are not consistent: their
 * owner must do nothing else while `isRunning`. Triggers on the tables are suspended: what they would write is in the
 * backup. The state is a table of its own, so an import continues after a restart.
 */
export class TableImport<Progress extends object> {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #tables: readonly BackedUpTable[];
  #stored: Stored<Progress> | undefined;

  constructor(storage: DurableObjectStorage, tables: readonly BackedUpTable[]) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#tables = tables;
    this.#stored = this.#load();
  }

  get isRunning(): boolean {
    return this.#stored?.state === 'running';
  }

  /** The latest import; undefined when there was none. */
  get latest(): ImportState<Progress> | undefined {
    return this.#stored;
  }

  /** Whether the tables have only what a new site has. */
  isEmpty(): boolean {
    return this.#tables.every(
      ({ name, startsWithRows = false }) =>
        startsWithRows || this.#sql.exec(`SELECT 1 FROM "${name}" LIMIT 1`).toArray().length === 0,
    );
  }

  /** Starts an import: empties the tables and suspends their triggers. Starts a running one anew. */
  begin(progress: Progress): void {
    const running = this.#stored?.state === 'running' ? this.#stored : undefined;
    this.#transaction(() => {
      const triggers = running?.triggers ?? this.#suspendTriggers();
      this.#clear();
      this.#save({ state: 'running', progress, triggers });
    });
  }

  /**
   * Writes entries, one per line, and the new progress with them.
   * @returns what is wrong with them, and then nothing was written
   */
  apply(lines: string, progress: Progress): PageFault | undefined {
    let line = 0;
    try {
      this.#transaction(() => {
        const columns = new Map<string, ReadonlySet<string>>();
        for (const text of lines.split('\n')) {
          line += 1;
          if (text !== '') this.#write(text, columns);
        }
        if (this.#stored !== undefined) this.#save({ ...this.#stored, progress });
      });
      return undefined;
    } catch (error) {
      // A value that the database rejects is the page's fault as well.
      if (!(error instanceof InvalidEntry) && !/constraint|datatype/i.test(String(error))) throw error;
      return { line, problem: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Ends the import: the triggers work again. `andThen` is done in the same transaction. */
  finish(progress: Progress, andThen: () => void = () => {}): void {
    this.#transaction(() => {
      for (const trigger of this.#stored?.triggers ?? []) this.#sql.exec(trigger);
      this.#save({ state: 'done', progress, triggers: [] });
      andThen();
    });
  }

  /** Abandons a running import: empties the tables. */
  abandon(): void {
    this.#storage.transactionSync(() => {
      this.#clear();
      for (const trigger of this.#stored?.triggers ?? []) this.#sql.exec(trigger);
      this.#sql.exec('DROP TABLE IF EXISTS import_state');
    });
    this.#stored = undefined;
  }

  /** What fails is undone in the tables, and in memory. */
  #transaction(work: () => void): void {
    try {
      this.#storage.transactionSync(work);
    } catch (error) {
      this.#stored = this.#load();
      throw error;
    }
  }

  #write(text: string, columns: Map<string, ReadonlySet<string>>): void {
    const entry = parse(text);
    const table = this.#tables.find(({ name }) => name === entry.table);
    if (table === undefined) throw new InvalidEntry(`${JSON.stringify(entry.table)} is no table of a backup`);
    if ('deleted' in entry) {
      const key = Array.isArray(entry.deleted) ? entry.deleted.map(fromValue) : [];
      if (key.length !== table.key.length || key.includes(undefined))
        throw new InvalidEntry(`deleted must be a key of ${table.name}`);
      this.#sql.exec(
        `DELETE FROM "${table.name}" WHERE ${table.key.map((column) => `"${column}" = ?`).join(' AND ')}`,
        ...(key as SqlStorageValue[]),
      );
      return;
    }
    if (typeof entry.row !== 'object' || entry.row === null || Array.isArray(entry.row))
      throw new InvalidEntry('row must be an object of columns');
    const row = entry.row as Readonly<Record<string, unknown>>;
    const names = Object.keys(row);
    const known = columns.get(table.name) ?? this.#columnsOf(table.name);
    columns.set(table.name, known);
    const unknown = names.find((name) => !known.has(name));
    if (unknown !== undefined)
      throw new InvalidEntry(`${table.name} has no column ${JSON.stringify(unknown)}`);
    const missing = table.key.find((name) => !Object.hasOwn(row, name));
    if (missing !== undefined) throw new InvalidEntry(`a row of ${table.name} needs ${missing}`);
    if (isLocal(table, row)) throw new InvalidEntry(`a row of ${table.name} must not be in a backup`);
    const values = names.map((name) => fromValue(row[name]));
    if (values.includes(undefined)) throw new InvalidEntry(`a value of a row of ${table.name} is invalid`);
    this.#sql.exec(
      `INSERT OR REPLACE INTO "${table.name}" (${names.map((name) => `"${name}"`).join(', ')})
       VALUES (${names.map(() => '?').join(', ')})`,
      ...(values as SqlStorageValue[]),
    );
  }

  #columnsOf(table: string): ReadonlySet<string> {
    return new Set(this.#sql.exec(`SELECT * FROM "${table}" LIMIT 0`).columnNames);
  }

  #clear(): void {
    for (const { name, local } of this.#tables) {
      if (local === undefined) this.#sql.exec(`DELETE FROM "${name}"`);
      else
        this.#sql.exec(
          `DELETE FROM "${name}" WHERE "${local.column}" NOT IN (SELECT value FROM json_each(?))`,
          JSON.stringify(local.values),
        );
    }
  }

  /** Drops the triggers on the tables. @returns the statements that create them */
  #suspendTriggers(): string[] {
    const triggers = this.#sql
      .exec<{ name: string; sql: string }>(
        `SELECT name, sql FROM sqlite_master
         WHERE type = 'trigger' AND tbl_name IN (SELECT value FROM json_each(?)) ORDER BY name`,
        JSON.stringify(this.#tables.map(({ name }) => name)),
      )
      .toArray();
    for (const { name } of triggers) this.#sql.exec(`DROP TRIGGER "${name}"`);
    return triggers.map(({ sql }) => sql);
  }

  #load(): Stored<Progress> | undefined {
    const exists = this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'import_state'").toArray();
    if (exists.length === 0) return undefined;
    const [row] = this.#sql.exec<{ value: string }>('SELECT value FROM import_state').toArray();
    return row && (JSON.parse(row.value) as Stored<Progress>);
  }

  #save(stored: Stored<Progress>): void {
    this.#sql.exec('CREATE TABLE IF NOT EXISTS import_state (id INTEGER PRIMARY KEY, value TEXT NOT NULL)');
    this.#sql.exec('INSERT OR REPLACE INTO import_state VALUES (1, ?)', JSON.stringify(stored));
    this.#stored = stored;
  }
}

/** An entry that cannot be written; the message says why. */
class InvalidEntry extends Error {}

function parse(text: string): { table?: unknown; row?: unknown; deleted?: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidEntry('the line is not valid JSON');
  }
  if (typeof value !== 'object' || value === null) throw new InvalidEntry('the line must be an object');
  return value;
}
