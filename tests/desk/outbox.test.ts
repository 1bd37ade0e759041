import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Desk } from '../../src/desk/desk.ts';
import { type KvWriter, Outbox } from '../../src/desk/projection/outbox.ts';
import { migrate } from '../../src/desk/tables/schema.ts';
import { cardsIn, desk, freshDesk, gathered, idOf, inKv, published, settle } from './desk.ts';

const T1 = '2026-11-20T10:00:00.000Z';

beforeEach(freshDesk);

/** An outbox over a real Desk's tables with a KV of the test's own. */
function withOutbox(
  kv: KvWriter,
  value: () => string,
  work: (outbox: Outbox, sql: SqlStorage) => Promise<void>,
) {
  return runInDurableObject(desk(), async (_instance: Desk, state) => {
    migrate(state.storage);
    await work(
      new Outbox(state.storage.sql, kv, { valueOf: () => ({ text: value() }), written() {} }),
      state.storage.sql,
    );
  });
}

const kvOf = (instance: Desk) => (instance as unknown as { env: { KV: KVNamespace } }).env.KV;
const noDelete = { delete: async () => {} };
const article = { kind: 'article', id: idOf('a') } as const;

test('a burst of changes to a key is written once, with the last value', async () => {
  const puts: string[] = [];
  let value = 0;
  await withOutbox(
    { ...noDelete, put: async (_key, text) => void puts.push(text) },
    () => String(value),
    async (outbox) => {
      for (value = 1; value < 20; value += 1) outbox.add(article, Date.now());
      await outbox.drain();
      expect(puts).toEqual(['20']);
    },
  );
});

test('a change may wait for others, unless one of them wants its key sooner', async () => {
  const puts: string[] = [];
  await withOutbox(
    { ...noDelete, put: async (_key, text) => void puts.push(text) },
    () => 'value',
    async (outbox) => {
      outbox.add(article, Date.now(), { pause: 60_000 });
      outbox.add(article, Date.now(), { pause: 90_000 });
      expect(outbox.nextDue()).toBeLessThanOrEqual(Date.now() + 60_000);
      await outbox.drain();
      expect(puts).toEqual([]);
      outbox.add(article, Date.now());
      await outbox.drain();
      expect(puts).toEqual(['value']);
    },
  );
});

test('a key is written at most once a second', async () => {
  const puts: number[] = [];
  await withOutbox(
    { ...noDelete, put: async () => void puts.push(Date.now()) },
    () => 'value',
    async (outbox) => {
      outbox.add(article, Date.now());
      await outbox.drain();
      outbox.add(article, Date.now());
      await outbox.drain();
      expect(puts).toHaveLength(1);
      await outbox.flush(article);
      const [first = 0, second = 0] = puts;
      expect(second - first).toBeGreaterThanOrEqual(999);
    },
  );
});

test('a change during a write is written again', async () => {
  const puts: string[] = [];
  let value = 'old';
  await withOutbox(
    {
      ...noDelete,
      put: async (_key, text) => {
        puts.push(text);
        if (text === 'new') return;
        value = 'new';
        outboxOfTest?.add(article, Date.now());
      },
    },
    () => value,
    async (outbox) => {
      outboxOfTest = outbox;
      outbox.add(article, Date.now());
      await outbox.drain();
      await outbox.flush(article);
      expect(puts).toEqual(['old', 'new']);
    },
  );
});
let outboxOfTest: Outbox | undefined;

test('a failed write is recorded, does not block other keys, and is retried', async () => {
  const written: string[] = [];
  let broken = true;
  await withOutbox(
    {
      ...noDelete,
      put: async (key) => {
        if (broken && key === `article:${idOf('a')}`) throw new Error('KV PUT failed: 500');
        written.push(key);
      },
    },
    () => 'value',
    async (outbox, sql) => {
      outbox.add(article, Date.now());
      outbox.add({ kind: 'article', id: idOf('b') }, Date.now());
      await outbox.drain();
      expect(written).toEqual([`article:${idOf('b')}`]);
      expect(outbox.backlog()).toMatchObject({ pending: 1, failing: 1 });
      broken = false;
      sql.exec('UPDATE outbox SET due_at = 0');
      await outbox.drain();
      expect(written).toEqual([`article:${idOf('b')}`, `article:${idOf('a')}`]);
      expect(outbox.backlog()).toMatchObject({ pending: 0, failing: 0 });
    },
  );
});

test('articles are written before the feeds that name them, at most 500 keys a drain', async () => {
  const keys: string[] = [];
  await withOutbox(
    { ...noDelete, put: async (key) => void keys.push(key) },
    () => 'value',
    async (outbox) => {
      outbox.add({ kind: 'feed', scope: { kind: 'all' } }, 0);
      for (let n = 0; n < 600; n += 1) outbox.add({ kind: 'article', id: String(n) }, 0);
      await outbox.drain();
      expect(keys).toHaveLength(500);
      await outbox.drain();
      expect(keys).toHaveLength(601);
      expect(keys.at(-1)).toBe('feed:all');
    },
  );
});

test('an acknowledgement does not wait for KV', async () => {
  const puts = { begun: 0, ended: 0 };
  await runInDurableObject(desk(), (instance: Desk) => {
    const put = kvOf(instance).put.bind(kvOf(instance));
    kvOf(instance).put = (async (key: string, value: string) => {
      puts.begun += 1;
      await scheduler.wait(400);
      await put(key, value);
      puts.ended += 1;
    }) as KVNamespace['put'];
  });
  await published('a', T1);
  while (puts.begun === 0) await scheduler.wait(10);
  expect(await published('b', T1)).toMatchObject({ status: 'accepted' });
  expect(puts.ended).toBe(0);
  await settle();
  expect(await inKv('b')).not.toBeNull();
  await runInDurableObject(desk(), (instance: Desk) => void Reflect.deleteProperty(kvOf(instance), 'put'));
});

test('an acknowledged article reaches KV although the Desk was evicted before its alarm', async () => {
  await published('a', T1);
  await evictDurableObject(desk());
  await desk().backlog();
  await settle();
  expect(await inKv('a')).toMatchObject({ status: 'published' });
});

test('a Desk that wakes with a full outbox and no alarm sets one', async () => {
  await published('a', T1);
  await runInDurableObject(desk(), (_instance: Desk, state) => state.storage.deleteAlarm());
  await evictDurableObject(desk());
  await desk().backlog();
  await gathered();
  // On a busy machine it may have run by itself by now.
  await runDurableObjectAlarm(desk());
  await vi.waitFor(async () => expect(await inKv('a')).not.toBeNull(), { timeout: 20_000 });
});

test('what waited under the schema before is written under this one, and what was written is not', async () => {
  await published('a', T1);
  await settle();
  await env.KV.put('feed:all', 'old');
  await runInDurableObject(desk(), async (_instance: Desk, { storage }) => {
    storage.sql.exec(`
      DELETE FROM schema_versions WHERE version >= 6;
      DROP INDEX outbox_urgent;
      DROP INDEX outbox_turns;
      DROP TABLE left_lists;
      DROP TRIGGER list_written;
      ALTER TABLE outbox DROP COLUMN lane;
      ALTER TABLE outbox DROP COLUMN urgent_since;
      ALTER TABLE outbox DROP COLUMN publisher;
      ALTER TABLE outbox DROP COLUMN shared;
      ALTER TABLE outbox DROP COLUMN silent;
      ALTER TABLE outbox DROP COLUMN repeat_at;
      DROP INDEX articles_by_change;
      DROP TABLE bodies;
      DROP TABLE versions;
      DROP TRIGGER publisher_withdrew;
      ALTER TABLE articles DROP COLUMN language;
      ALTER TABLE articles DROP COLUMN sent_at;
      ALTER TABLE timeless_events DROP COLUMN sources;
      ALTER TABLE timeless_events DROP COLUMN held;
      DROP TRIGGER detail_inserted;
      DROP TRIGGER detail_updated;
      ALTER TABLE outbox ADD COLUMN pending INTEGER NOT NULL DEFAULT 1;
      ALTER TABLE outbox ADD COLUMN put_at INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX outbox_next ON outbox (due_at) WHERE pending = 1;
      CREATE INDEX outbox_done ON outbox (put_at) WHERE pending = 0;
      CREATE INDEX announcements_due ON announcements (due_at);`);
    const insert =
      'INSERT INTO outbox (key, subject, rank, revision, pending, due_at, attempts) VALUES (?, ?, 2, 1, ?, 0, 0)';
    storage.sql.exec(insert, 'feed:all', '{"kind":"feed","scope":{"kind":"all"}}', 1);
    storage.sql.exec(insert, 'site', '{"kind":"site"}', 0);
    migrate(storage);
  });
  await evictDurableObject(desk());
  const waiting = await runInDurableObject(desk(), (_instance: Desk, { storage }) =>
    storage.sql.exec<{ key: string }>('SELECT key FROM outbox ORDER BY key').toArray(),
  );
  expect(waiting.map(({ key }) => key)).toEqual(['feed:all', 'site', 'trending']);
  await settle();
  expect(await cardsIn({ kind: 'all' })).toEqual([idOf('a')]);
});

test('an embargo for a thousand years leaves the alarm within what the platform takes', async () => {
  await published('a', T1, { embargoUntil: '2999-01-01T00:00:00.000Z' });
  const alarm = await runInDurableObject(desk(), (_instance: Desk, state) => state.storage.getAlarm());
  expect(alarm).toBeGreaterThan(Date.now());
  expect(alarm).toBeLessThanOrEqual(Date.now() + 86_400_000);
});
