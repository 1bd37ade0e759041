import * as v from 'valibot';
import { type BackedUpTable, type Entry, type Key, toValue } from './backup-rows.ts';

/** A page has at most this many bytes as JSON, or one row that has more. */
const MAX_PAGE_BYTES = 2 * 1_048_576;
export const MAX_PAGE_ROWS = 2_000;

/** How long changes are recorded after the last page of a backup, and after any other page: it may be continued. */
const ENDED_MS = 10 * 60_000;
const ABANDONED_MS = 3 * 86_400_000;

/**
 * Rows that are read together: each may have 2 MB. They are read to their end, because no table can be dropped while a
 * statement is still being read (SQLite, "SQLITE_LOCKED").
 */
const ROWS_AT_ONCE = 16;
const CHANGES_AT_ONCE = 500;

const keySchema = v.array(v.union([v.string(), v.pipe(v.number(), v.finite())]));

/**
 * Where a backup goes on: after a row of a table, or, when all tables were walked, after a recorded change. `log` names
 * the record of changes that the backup needs, `since` is the number of the last change before its beginning.
 */
const positionSchema = v.strictObject({
  log: v.string(),
  since: v.pipe(v.number(), v.safeInteger()),
  at: v.union([
    v.strictObject({ table: v.string(), after: v.nullable(keySchema) }),
    v.strictObject({ change: v.pipe(v.number(), v.safeInteger()) }),
  ]),
});

type Position = v.InferOutput<typeof positionSchema>;

export interface BackupPage {
  entries: Entry[];
  /** The position of the next page; null when the entries so far are the state of this moment. */
  next: string | null;
}

interface Limits {
  bytes: number;
  rows: number;
}

type Cells = Record<string, SqlStorageValue>;

/**
 * Copies the tables of a Durable Object in pages, while they change. The first page has triggers record the key of every
 * row that is written from then on. The following pages walk the tables by primary key, and then write the rows that
 * changed meanwhile as they are now, until a page reaches the end of the record. All entries, each replacing the earlier
 * ones of its row, are then exactly the state at the moment of that last page.
 *
 * Nothing is kept between pages but the record of changes, which is dropped some time after the last page. Without a
 * backup, nothing is recorded.
 */
export class TableBackup {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #tables: readonly BackedUpTable[];
  /** Whether changes are recorded. */
  #isRecording: boolean;

  constructor(storage: DurableObjectStorage, tables: readonly BackedUpTable[]) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#tables = tables;
    this.#isRecording = this.#hasLog();
  }

  /**
   * The page at a position; the first one without.
   * @returns undefined when the changes since the beginning are no longer recorded, or the text is no position: the
   * backup must begin again
   */
  page(
    position: string | undefined,
    now: number,
    { bytes = MAX_PAGE_BYTES, rows = MAX_PAGE_ROWS }: Partial<Limits> = {},
  ): BackupPage | undefined {
    const given = position === undefined ? undefined : readPosition(position);
    if (position !== undefined && given === undefined) return undefined;
    try {
      return this.#storage.transactionSync(() => {
        const current = given ?? this.#begin();
        const [log] = this.#isRecording
          ? this.#sql.exec<{ id: string }>('SELECT id FROM backup_log').toArray()
          : [];
        if (log?.id !== current.log) return undefined;
        const page = this.#pageAt(current, { bytes, rows });
        if (page === undefined) return undefined;
        this.#sql.exec('UPDATE backup_log SET used_at = ?, ended = ?', now, page.next === null ? 1 : 0);
        return page;
      });
    } catch (error) {
      // The transaction was rolled back, and what it created with it.
      this.#isRecording = this.#hasLog();
      throw error;
    }
  }

  /** When the record of changes may be dropped, in milliseconds since the epoch; undefined when there is none. */
  nextDue(now: number): number | undefined {
    if (!this.#isRecording) return undefined;
    const [log] = this.#sql
      .exec<{ usedAt: number; ended: number }>('SELECT used_at AS usedAt, ended FROM backup_log')
      .toArray();
    if (log === undefined) return now;
    // A time in the future is from before the clock was set back.
    return Math.min(log.usedAt, now) + (log.ended === 1 ? ENDED_MS : ABANDONED_MS);
  }

  /** Drops the record of changes when it is due. */
  run(now: number): void {
    const due = this.nextDue(now);
    if (due !== undefined && due <= now) this.stopRecording();
  }

  /** Drops the record of changes, so that backups in progress must begin again. */
  stopRecording(): void {
    this.#storage.transactionSync(() => {
      for (const { name } of this.#tables)
        for (const event of EVENTS) this.#sql.exec(`DROP TRIGGER IF EXISTS ${triggerOf(name, event)}`);
      this.#sql.exec('DROP TABLE IF EXISTS backup_changes');
      this.#sql.exec('DROP TABLE IF EXISTS backup_log');
    });
    this.#isRecording = false;
  }

  #hasLog(): boolean {
    return this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'backup_log'").toArray().length > 0;
  }

  /** Has changes recorded, and starts at the first table. Two backups at a time share the record. */
  #begin(): Position {
    if (!this.#isRecording) this.#startRecording();
    const { id, since } = this.#sql
      .exec<{ id: string; since: number }>(
        'SELECT id, (SELECT COALESCE(MAX(number), 0) FROM backup_changes) AS since FROM backup_log',
      )
      .one();
    return { log: id, since, at: { table: this.#tables[0]?.name ?? '', after: null } };
  }

  #startRecording(): void {
    this.#sql.exec(`
      CREATE TABLE backup_log (id TEXT NOT NULL, used_at INTEGER NOT NULL, ended INTEGER NOT NULL);
      INSERT INTO backup_log VALUES (lower(hex(randomblob(8))), 0, 0);
      CREATE TABLE backup_changes (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        key TEXT NOT NULL,
        UNIQUE (name, key)
      );`);
    for (const table of this.#tables) for (const trigger of recorders(table)) this.#sql.exec(trigger);
    this.#isRecording = true;
  }

  #pageAt({ log, since, at }: Position, limits: Limits): BackupPage | undefined {
    const page = new Page(limits);
    let change = 'change' in at ? at.change : since;
    if ('table' in at) {
      const start = this.#tables.findIndex(({ name }) => name === at.table);
      if (start < 0) return undefined;
      for (const table of this.#tables.slice(start)) {
        const after = table.name === at.table ? at.after : null;
        if (after !== null && after.length !== table.key.length) return undefined;
        const last = this.#walk(table, after, page);
        if (last !== undefined) return page.until({ log, since, at: { table: table.name, after: last } });
      }
    }
    for (const { number, name, key } of this.#changesAfter(change)) {
      const weighed = this.#currentEntry(name, JSON.parse(key) as Key);
      if (weighed !== undefined && !page.add(weighed)) return page.until({ log, since, at: { change } });
      change = number;
    }
    return page.until(null);
  }

  /** Adds a table's rows after a key. @returns the last key that was added, when the page is full; null for none */
  #walk(table: BackedUpTable, after: Key | null, page: Page): Key | null | undefined {
    const names = table.key.map(quoted).join(', ');
    let last = after;
    for (;;) {
      const rows = this.#sql
        .exec<Cells>(
          `SELECT * FROM ${quoted(table.name)}
           ${last === null ? '' : `WHERE (${names}) > (${table.key.map(() => '?').join(', ')})`}
           ORDER BY ${names} LIMIT ${ROWS_AT_ONCE}`,
          ...(last ?? []),
        )
        .toArray();
      for (const row of rows) {
        if (!isLocal(table, row) && !page.add(entryOf(table, row))) return last;
        last = table.key.map((column) => row[column] as string | number);
      }
      if (rows.length < ROWS_AT_ONCE) return undefined;
    }
  }

  /** Recorded changes after a number, in their order. */
  *#changesAfter(number: number): Iterable<{ number: number; name: string; key: string }> {
    let last = number;
    for (;;) {
      const rows = this.#sql
        .exec<{ number: number; name: string; key: string }>(
          `SELECT number, name, key FROM backup_changes WHERE number > ? ORDER BY number LIMIT ${CHANGES_AT_ONCE}`,
          last,
        )
        .toArray();
      yield* rows;
      last = rows.at(-1)?.number ?? last;
      if (rows.length < CHANGES_AT_ONCE) return;
    }
  }

  /** What a row is now; undefined when it is local. */
  #currentEntry(name: string, key: Key): WeighedEntry | undefined {
    const table = this.#tables.find((each) => each.name === name);
    if (table === undefined) return undefined;
    const [row] = this.#sql
      .exec<Cells>(
        `SELECT * FROM ${quoted(name)} WHERE ${table.key.map((column) => `${quoted(column)} = ?`).join(' AND ')}`,
        ...key,
      )
      .toArray();
    if (row === undefined) return { entry: { table: name, deleted: key }, bytesOutside: 0 };
    return isLocal(table, row) ? undefined : entryOf(table, row);
  }
}

/** An entry, and the bytes that will be added to it. */
interface WeighedEntry {
  entry: Entry;
  bytesOutside: number;
}

const entryOf = (table: BackedUpTable, row: Cells): WeighedEntry => ({
  entry: { table: table.name, row: valuesOf(row) },
  bytesOutside: table.bytesOutside?.(row) ?? 0,
});

/** The entries of a page, within its limits. */
class Page {
  readonly #entries: Entry[] = [];
  readonly #limits: Limits;
  #bytes = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** @returns whether there was room; there always is for one entry */
  add({ entry, bytesOutside }: WeighedEntry): boolean {
    const bytes = encoder.encode(JSON.stringify(entry)).length + 1 + bytesOutside;
    const { rows, bytes: most } = this.#limits;
    if (this.#entries.length > 0 && (this.#entries.length >= rows || this.#bytes + bytes > most))
      return false;
    this.#entries.push(entry);
    this.#bytes += bytes;
    return true;
  }

  until(next: Position | null): BackupPage {
    return { entries: this.#entries, next: next && JSON.stringify(next) };
  }
}

function readPosition(text: string): Position | undefined {
  try {
    const parsed = v.safeParse(positionSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

const encoder = new TextEncoder();

/** The triggers of a table: when each fires, and of which rows it records the keys. */
const TRIGGERS = {
  inserted: { when: 'AFTER INSERT', rows: ['NEW'] },
  updated: { when: 'AFTER UPDATE', rows: ['OLD', 'NEW'] },
  deleted: { when: 'AFTER DELETE', rows: ['OLD'] },
} as const;

const triggerOf = (table: string, event: string): string => quoted(`backup_${table}_${event}`);

/**
 * The triggers that record the key of a row that was written. A key has one row, the newest. It is deleted and inserted:
 * the `ON CONFLICT` clause of the statement that fires a trigger replaces those in the trigger (SQLite, "CREATE
 * TRIGGER"). What `INSERT OR REPLACE` deletes because of other unique columns fires no trigger, so it is recorded before.
 */
function recorders(table: BackedUpTable): string[] {
  const { name, key, unique } = table;
  const keyIn = (row: string) => `json_array(${key.map((column) => `${row}.${quoted(column)}`).join(', ')})`;
  const trigger = (event: string, when: string, keys: string) => `
    CREATE TRIGGER ${triggerOf(name, event)} ${when} ON ${quoted(name)} BEGIN
      DELETE FROM backup_changes WHERE name = '${name}' AND key IN (${keys});
      INSERT INTO backup_changes (name, key) SELECT '${name}', * FROM (${keys});
    END;`;
  const written = Object.entries(TRIGGERS).map(([event, { when, rows }]) =>
    trigger(event, when, rows.map((row) => `SELECT ${keyIn(row)}`).join(' UNION ')),
  );
  if (unique === undefined) return written;
  const same = unique.map((column) => `each.${quoted(column)} = NEW.${quoted(column)}`).join(' AND ');
  const replaced = `SELECT ${keyIn('each')} FROM ${quoted(name)} AS each WHERE ${same}`;
  return [...written, trigger(REPLACED, 'BEFORE INSERT', replaced)];
}

const REPLACED = 'replaced';
const EVENTS = [...Object.keys(TRIGGERS), REPLACED];

const quoted = (name: string): string => `"${name}"`;

const valuesOf = (row: Cells) =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, toValue(value)]));

/** Whether a row belongs to this deployment alone. */
export const isLocal = ({ local }: BackedUpTable, row: Readonly<Record<string, unknown>>): boolean =>
  local?.values.includes(String(row[local.column])) ?? false;
