import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { deskOf } from '../../src/bindings.ts';
import type { RecoveryPoint, RecoveryProgress } from '../../src/desk/contract/recovery.ts';
import type { Desk } from '../../src/desk/desk.ts';
import type { PointInTime } from '../../src/desk/point-in-time.ts';

interface Dump {
  at: number;
  triggers: string[];
  rows: [table: string, rows: Record<string, SqlStorageValue>[]][];
}

/** Every state that was marked, by bookmark. Bookmarks sort like their times. */
const dumps = new Map<string, Dump>();
let bookmarks = 0;

const NOT_INTERNAL = "name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'";

const named = ({ sql }: DurableObjectStorage, type: 'table' | 'trigger') =>
  sql
    .exec<{ name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_master WHERE type = '${type}' AND ${NOT_INTERNAL}`,
    )
    .toArray();

function dump(storage: DurableObjectStorage): string {
  const bookmark = `bookmark-${String(++bookmarks).padStart(8, '0')}`;
  dumps.set(bookmark, {
    at: Date.now(),
    triggers: named(storage, 'trigger').map((trigger) => trigger.sql),
    rows: named(storage, 'table').map(({ name }) => [
      name,
      storage.sql.exec(`SELECT * FROM "${name}"`).toArray(),
    ]),
  });
  return bookmark;
}

/** Writes every row of a dump instead of those that are there. The tables stay: nothing here changes a schema. */
function write({ triggers, rows }: Dump, storage: DurableObjectStorage): void {
  const { sql } = storage;
  storage.transactionSync(() => {
    for (const { name } of named(storage, 'trigger')) sql.exec(`DROP TRIGGER "${name}"`);
    for (const { name } of named(storage, 'table')) sql.exec(`DELETE FROM "${name}"`);
    for (const [table, each] of rows)
      for (const row of each) {
        const names = Object.keys(row);
        sql.exec(
          `INSERT INTO "${table}" (${names.map((name) => `"${name}"`)}) VALUES (${names.map(() => '?')})`,
          ...Object.values(row),
        );
      }
    for (const trigger of triggers) sql.exec(trigger);
  });
}

/** Stands in for the platform's point-in-time recovery, with copies of all tables. It really goes back. */
class StandIn implements PointInTime {
  readonly #ctx: DurableObjectState;
  readonly #storage: DurableObjectStorage;
  #next: Dump | undefined;

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
    this.#storage = ctx.storage;
  }

  async isAvailable(): Promise<boolean> {
    return true;
  }

  async current(): Promise<string> {
    return dump(this.#storage);
  }

  async at(time: number): Promise<string> {
    const [bookmark] = [...dumps].filter(([, each]) => each.at <= time).at(-1) ?? [];
    if (bookmark === undefined) throw new Error('no bookmark is that old');
    return bookmark;
  }

  async restoreAtNextStart(bookmark: string): Promise<string> {
    const found = dumps.get(bookmark);
    if (found === undefined) throw new Error('invalid bookmark');
    this.#next = found;
    return dump(this.#storage);
  }

  /** Writes the earlier state as the last thing that this object does. */
  restart(): void {
    if (this.#next !== undefined) write(this.#next, this.#storage);
    void this.#storage.sync().then(() => this.#ctx.abort('The stand-in restarts the object.'));
  }
}

const inDesk = <Result>(work: (desk: Desk, ctx: DurableObjectState) => Result | Promise<Result>) =>
  runInDurableObject(deskOf(env), work);

/** Gives the Desk a stand-in of the platform. It must be given again after a restart. */
export const withPointInTime = (): Promise<void> =>
  inDesk((instance, ctx) => {
    instance.pointInTime = new StandIn(ctx);
  });

/** Remembers the Desk's database as it is now. @returns its bookmark */
export const mark = (): Promise<string> => inDesk((_instance, { storage }) => dump(storage));

/** Goes back to a point. @returns what was planned */
export async function goBack(point: RecoveryPoint): Promise<RecoveryProgress> {
  await withPointInTime();
  const planned = await deskOf(env).planRecovery(point);
  if ('fault' in planned) throw new Error(JSON.stringify(planned));
  await deskOf(env)
    .restartForRecovery()
    .catch(() => {});
  await scheduler.wait(20);
  return planned as RecoveryProgress;
}

/** Has the alarm make its steps until a recovery is in a state. */
export async function until(state: RecoveryProgress['state']): Promise<RecoveryProgress> {
  for (let round = 0; round < 300; round += 1) {
    const progress = (await deskOf(env).recovery()) as RecoveryProgress | undefined;
    if (progress?.state === state) return progress;
    await runDurableObjectAlarm(deskOf(env));
    await scheduler.wait(30);
  }
  throw new Error(`The recovery does not get to ${state}.`);
}
