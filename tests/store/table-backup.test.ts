import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Desk } from '../../src/desk/desk.ts';
import type { BackedUpTable, Entry } from '../../src/store/backup-rows.ts';
import { TableBackup } from '../../src/store/table-backup.ts';
import { TableImport } from '../../src/store/table-import.ts';

const SCHEMA = `
  DROP TABLE IF EXISTS notes;
  DROP TABLE IF EXISTS pairs;
  DROP TABLE IF EXISTS counts;
  DROP TABLE IF EXISTS jobs;
  CREATE TABLE notes (id TEXT PRIMARY KEY, text TEXT, body BLOB, number REAL) WITHOUT ROWID;
  CREATE TABLE pairs (number INTEGER PRIMARY KEY AUTOINCREMENT, one TEXT NOT NULL, two TEXT NOT NULL, UNIQUE (one, two));
  CREATE TABLE counts (id TEXT PRIMARY KEY, notes INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE jobs (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
  CREATE TRIGGER counted AFTER INSERT ON notes BEGIN
    INSERT INTO counts VALUES (substr(NEW.id, 1, 1), 1) ON CONFLICT (id) DO UPDATE SET notes = notes + 1;
  END;`;

const TABLES: readonly BackedUpTable[] = [
  { name: 'notes', key: ['id'] },
  { name: 'pairs', key: ['number'], unique: ['one', 'two'] },
  { name: 'counts', key: ['id'] },
  { name: 'jobs', key: ['name'], local: { column: 'name', values: ['mine'] } },
];

const inObject = <Result>(name: string, work: (storage: DurableObjectStorage) => Result) =>
  runInDurableObject(env.DESK.getByName(name), (_instance: Desk, { storage }) => work(storage));

/** The contents of every table, in an order of its own. */
const contents = ({ sql }: DurableObjectStorage) =>
  TABLES.map(({ name, key }) => [
    name,
    sql
      .exec(`SELECT * FROM ${name} ORDER BY ${key.join()}`)
      .toArray()
      .filter((row) => row.name !== 'mine')
      .map((row) =>
        Object.entries(row).map(([column, value]) => [
          column,
          value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value,
        ]),
      ),
  ]);

/** Every way in which a table changes. `a` and `b` are small numbers. */
const CHANGES: readonly ((sql: SqlStorage, a: number, b: number) => unknown)[] = [
  (sql, a, b) =>
    sql.exec(
      'INSERT INTO notes VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET text = excluded.text, number = number + 0.1',
      `${'abc'[a % 3]}${a}`,
      'x'.repeat(b),
      new Uint8Array([a, b, 255, 0]).buffer,
      a / (b + 1),
    ),
  (sql, a) => sql.exec('DELETE FROM notes WHERE id >= ? AND id < ?', `a${a}`, `b${a}`),
  (sql, a, b) => sql.exec("UPDATE OR IGNORE notes SET id = 'c' || ? WHERE id = 'a' || ?", b, a),
  (sql, a, b) => sql.exec('INSERT OR REPLACE INTO pairs (one, two) VALUES (?, ?)', `${a % 4}`, `${b % 2}`),
  (sql, a) => sql.exec('DELETE FROM pairs WHERE one = ?', `${a % 4}`),
  (sql, a, b) => sql.exec('INSERT OR REPLACE INTO jobs VALUES (?, ?)', a % 2 === 0 ? 'mine' : 'ours', `${b}`),
  (sql) => sql.exec('UPDATE counts SET notes = notes + 1'),
];

const change = fc.record({ kind: fc.nat(CHANGES.length - 1), a: fc.nat(30), b: fc.nat(30) });

test('a backup of changing tables is exactly the state at its last page', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 60 }),
      fc.array(fc.array(change, { maxLength: 4 }), { minLength: 5, maxLength: 40 }),
      fc.integer({ min: 1, max: 7 }),
      async (before, between, rows) => {
        const { entries, expected } = await inObject('source', (storage) => {
          const { sql } = storage;
          const apply = (changes: typeof before) => {
            for (const { kind, a, b } of changes) CHANGES[kind]?.(sql, a, b);
          };
          new TableBackup(storage, TABLES).stopRecording();
          sql.exec(SCHEMA);
          apply(before);
          const entries: Entry[] = [];
          let position: string | undefined;
          for (let page = 0; ; page += 1) {
            // A new one each time: nothing is kept in memory.
            const taken = new TableBackup(storage, TABLES).page(position, page, { rows });
            if (taken === undefined) throw new Error('The backup has expired.');
            expect(taken.entries.length).toBeLessThanOrEqual(rows);
            entries.push(...taken.entries);
            if (taken.next === null) break;
            position = taken.next;
            apply(between[page] ?? []);
          }
          return { entries, expected: contents(storage) };
        });
        const actual = await inObject('target', (storage) => {
          storage.sql.exec(SCHEMA);
          storage.sql.exec("INSERT INTO jobs VALUES ('mine', 'target')");
          const target = new TableImport(storage, TABLES);
          target.begin({});
          for (const entry of entries) expect(target.apply(JSON.stringify(entry), {})).toBeUndefined();
          target.finish({});
          expect(storage.sql.exec("SELECT value FROM jobs WHERE name = 'mine'").one().value).toBe('target');
          return contents(storage);
        });
        expect(actual).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});

test('a page has a bound in bytes, but at least one row', async () => {
  await inObject('source', (storage) => {
    new TableBackup(storage, TABLES).stopRecording();
    storage.sql.exec(SCHEMA);
    for (const id of ['a', 'b', 'c', 'd'])
      storage.sql.exec(
        'INSERT INTO notes (id, text) VALUES (?, ?)',
        id,
        'x'.repeat(id === 'b' ? 5_000 : 400),
      );
    const ids: string[][] = [];
    let position: string | undefined;
    do {
      const page = new TableBackup(storage, TABLES).page(position, 0, { bytes: 1_200 });
      ids.push(
        page?.entries.flatMap((entry) =>
          entry.table === 'notes' && 'row' in entry ? [String(entry.row.id)] : [],
        ) ?? [],
      );
      position = page?.next ?? undefined;
    } while (position !== undefined);
    expect(ids.slice(0, 3)).toEqual([['a'], ['b'], ['c', 'd']]);
  });
});

test('a row that another replaced, which is gone again, is not in the backup', async () => {
  const last = await inObject('source', (storage) => {
    const backup = new TableBackup(storage, TABLES);
    backup.stopRecording();
    storage.sql.exec(SCHEMA);
    for (const one of ['a', 'b'])
      storage.sql.exec('INSERT OR REPLACE INTO pairs (one, two) VALUES (?, ?)', one, one);
    const first = backup.page(undefined, 0, { rows: 1 });
    expect(first?.entries).toEqual([{ table: 'pairs', row: { number: 1, one: 'a', two: 'a' } }]);
    storage.sql.exec("INSERT OR REPLACE INTO pairs (one, two) VALUES ('a', 'a')");
    storage.sql.exec("DELETE FROM pairs WHERE one = 'a'");
    return new TableBackup(storage, TABLES).page(first?.next ?? undefined, 0);
  });
  expect(last?.entries).toContainEqual({ table: 'pairs', deleted: [1] });
});

test('changes are recorded only while a backup needs them', async () => {
  await inObject('source', (storage) => {
    const backup = new TableBackup(storage, TABLES);
    backup.stopRecording();
    storage.sql.exec(SCHEMA);
    for (const id of ['a', 'b']) storage.sql.exec('INSERT INTO notes (id) VALUES (?)', id);
    const triggers = () =>
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name LIKE 'backup%'").toArray().length;
    expect([triggers(), backup.nextDue(0)]).toEqual([0, undefined]);
    const first = backup.page(undefined, 1_000, { rows: 1 });
    expect(triggers()).toBeGreaterThan(5);
    expect(backup.nextDue(1_000)).toBe(1_000 + 3 * 86_400_000);
    backup.run(1_000 + 3 * 86_400_000 - 1);
    expect(backup.page(first?.next ?? undefined, 2_000, { rows: 1 })?.next).not.toBeNull();
    backup.run(2_000 + 3 * 86_400_000);
    expect([triggers(), backup.nextDue(0)]).toEqual([0, undefined]);
    // The record is another one when a later backup has begun.
    expect(backup.page(first?.next ?? undefined, 3_000)).toBeUndefined();
    const whole = new TableBackup(storage, TABLES);
    expect(whole.page(undefined, 4_000)?.next).toBeNull();
    expect(backup.page(first?.next ?? undefined, 4_000)).toBeUndefined();
    expect(whole.nextDue(4_000)).toBe(4_000 + 600_000);
    whole.run(4_000 + 600_000);
    expect(triggers()).toBe(0);
  });
});

test('two backups at a time share the record: the end of one does not end the other', async () => {
  await inObject('source', (storage) => {
    const backup = new TableBackup(storage, TABLES);
    backup.stopRecording();
    storage.sql.exec(SCHEMA);
    for (const id of ['a', 'b', 'c']) storage.sql.exec('INSERT INTO notes (id) VALUES (?)', id);
    const first = backup.page(undefined, 0, { rows: 1 });
    storage.sql.exec("UPDATE notes SET text = 'new' WHERE id = 'a'");
    const other = backup.page(undefined, 1_000);
    expect(other?.next).toBeNull();
    // The other one has the row as it is now; the first has it once more at its end.
    expect(other?.entries.filter(({ table }) => table === 'notes')).toHaveLength(3);
    const rest = backup.page(first?.next ?? undefined, 2_000, { rows: 2 });
    backup.run(2_000 + 600_000);
    const end = backup.page(rest?.next ?? undefined, 700_000);
    expect(end?.next).toBeNull();
    expect(end?.entries.at(-1)).toMatchObject({ table: 'notes', row: { id: 'a', text: 'new' } });
  });
});

test.each([
  ['{', 'not valid JSON'],
  ['[]', 'no table'],
  ['{"table":"sqlite_master","row":{}}', 'no table'],
  ['{"table":"import_state","row":{"id":2,"value":"x"}}', 'no table'],
  ['{"table":"notes","row":{"id":"a","nothing":1}}', 'no column "nothing"'],
  ['{"table":"notes","row":{"id":"a","id\\" = 1; --":1}}', 'no column'],
  ['{"table":"notes","row":{"text":"a"}}', 'needs id'],
  ['{"table":"notes","row":{"id":"a","text":{"base64":"?"}}}', 'value'],
  ['{"table":"notes","row":{"id":"a","text":[1]}}', 'value'],
  ['{"table":"notes","deleted":["a","b"]}', 'key of notes'],
  ['{"table":"jobs","row":{"name":"mine","value":"x"}}', 'must not be'],
  ['{"table":"pairs","row":{"number":1}}', 'NOT NULL'],
  ['{"table":"notes"}', 'row must be'],
])('a page with the line %s is refused as a whole', async (line, problem) => {
  await inObject('target', (storage) => {
    storage.sql.exec(SCHEMA);
    const target = new TableImport(storage, TABLES);
    target.begin({ page: 0 });
    const fault = target.apply(`{"table":"notes","row":{"id":"b"}}\n${line}\n`, { page: 1 });
    expect(fault).toMatchObject({ line: 2, problem: expect.stringContaining(problem) });
    expect(storage.sql.exec('SELECT id FROM notes').toArray()).toEqual([]);
    expect(new TableImport(storage, TABLES).latest).toMatchObject({
      state: 'running',
      progress: { page: 0 },
    });
    target.abandon();
    expect(new TableImport(storage, TABLES).latest).toBeUndefined();
  });
});
