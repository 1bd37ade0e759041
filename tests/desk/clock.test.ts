import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TokenBucket } from '../../src/access/token-bucket.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { AnnouncementQueue } from '../../src/desk/projection/announcement-queue.ts';
import { Outbox } from '../../src/desk/projection/outbox.ts';
import { PurgeQueue } from '../../src/desk/projection/purge-queue.ts';
import { openTables } from '../../src/desk/tables/tables.ts';
import { Isolate } from '../../src/isolate.ts';
import { Intents } from '../../src/push/tables/intents.ts';
import { Alarm } from '../../src/store/alarm.ts';
import { LruCache } from '../../src/store/lru-cache.ts';
import { request } from '../client.ts';
import { countedKv } from '../counted-kv.ts';
import { cardsIn, desk, freshDesk, idOf, inKv, published, settle, withdrawn } from './desk.ts';

const T1 = '2026-11-20T10:00:00.000Z';
const T2 = '2026-11-20T11:00:00.000Z';
const HOUR = 3_600_000;
const STEPS = [HOUR, 24 * HOUR];

const now = Date.now;
/** Sets the clock that everything here reads. */
const clockAt = (milliseconds: number) =>
  vi.spyOn(Date, 'now').mockImplementation(() => now() + milliseconds);

beforeEach(freshDesk);
afterEach(() => void vi.restoreAllMocks());

test.each(STEPS)('a clock set back by %i ms delays no key, and no withdrawal', async (step) => {
  clockAt(step);
  await published('a', T1, { sourceId: 'a' });
  await published('b', T1, { sourceId: 'b' });
  await settle();
  // These wait when the clock is set back.
  await published('c', T1, { sourceId: 'c' });
  await withdrawn('a', T2);
  clockAt(0);
  await desk().backlog();
  await settle();
  expect(await inKv('a')).toMatchObject({ status: 'withdrawn' });
  expect((await cardsIn({ kind: 'all' })).sort()).toEqual([idOf('b'), idOf('c')]);
  // These change after it was set back. The keys were last written in the future.
  await withdrawn('b', T2);
  await settle();
  expect(await cardsIn({ kind: 'all' })).toEqual([idOf('c')]);
  expect((await request('/health/ready')).status).toBe(200);
});

test('keys that wait for a time in the future are written by a Desk that starts later', async () => {
  await published('a', T1, { sourceId: 'a' });
  await runInDurableObject(desk(), (_instance: Desk, { storage }) =>
    storage.sql.exec('UPDATE outbox SET due_at = due_at + ?, waiting_since = waiting_since + ?', HOUR, HOUR),
  );
  await evictDurableObject(desk());
  await desk().backlog();
  await settle();
  expect(await inKv('a')).toMatchObject({ status: 'published' });
});

const inDesk = (work: (sql: SqlStorage) => Promise<void> | void) =>
  runInDurableObject(desk(), (_instance: Desk, { storage }) => work(storage.sql));

test.each(STEPS)('the outbox flushes a key that was written %i ms in the future', (step) =>
  inDesk(async (sql) => {
    const puts: string[] = [];
    const kv = { put: async (key: string) => void puts.push(key), delete: async () => {} };
    const outbox = new Outbox(sql, kv, { valueOf: () => ({ text: '' }), written() {} });
    const target = { kind: 'article', id: 'a' } as const;
    clockAt(step);
    outbox.add(target, Date.now());
    await outbox.drain();
    outbox.add(target, Date.now());
    clockAt(0);
    expect(outbox.nextDue()).toBeLessThanOrEqual(Date.now());
    await outbox.flush(target);
    expect(puts).toHaveLength(2);
  }),
);

test.each(STEPS)(
  'the alarm retries a job whose pause ends %i ms in the future, and sets itself',
  async (step) => {
    const set: number[] = [];
    let runs = 0;
    const job = {
      nextDue: (at: number) => at,
      run: () => {
        runs += 1;
        throw new Error('It fails.');
      },
    };
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const alarm = new Alarm({ setAlarm: async (at) => void set.push(Number(at)) }, { job });
    clockAt(step);
    await alarm.ring();
    clockAt(0);
    alarm.set();
    expect(set.at(-1)).toBeLessThanOrEqual(Date.now());
    await alarm.ring();
    expect(runs).toBe(2);
  },
);

test.each(STEPS)('announcements and purges due %i ms in the future are sent at once', (step) =>
  inDesk(async (sql) => {
    const tables = openTables(sql);
    const sent: unknown[] = [];
    const queue = { sendBatch: async (messages: Iterable<unknown>) => void sent.push(...messages) };
    const announcements = new AnnouncementQueue(sql, tables, queue);
    sql.exec(`INSERT INTO announcements VALUES ('a', '{"kind":"feed"}', 1, ?, 0)`, Date.now() + step);
    expect(announcements.nextDue()).toBeLessThanOrEqual(Date.now());
    await announcements.send();
    expect(sent).toHaveLength(1);
    const purged: string[][] = [];
    const purges = new PurgeQueue(sql, tables.articles, { purge: async (tags) => void purged.push(tags) });
    const later = Date.now() + step;
    for (const id of ['1', '2', '3', '4', '5']) {
      sql.exec('INSERT INTO purges VALUES (?, ?)', later, id);
      await purges.send(later);
    }
    expect(purged).toHaveLength(5);
    sql.exec('INSERT INTO purges VALUES (?, ?)', later, 'a');
    expect(purges.nextDue(Date.now())).toBeLessThanOrEqual(Date.now());
    await purges.send(Date.now());
    expect(purged).toHaveLength(6);
  }),
);

test.each(STEPS)('a budget refills after the clock was set back by %i ms', (step) => {
  const bucket = new TokenBucket(2, 1);
  for (let count = 0; count < 3; count += 1) bucket.take(step);
  expect(bucket.take(0)).toBe(false);
  expect(bucket.take(1_000)).toBe(true);
});

test.each(STEPS)('a cache forgets what it stored %i ms in the future', (step) => {
  const cache = new LruCache<string>({ values: 9, bytes: 99, bytesOf: () => 1, milliseconds: 60_000 });
  clockAt(step);
  cache.set('a', 'old');
  clockAt(step - 500);
  expect(cache.get('a')).toBe('old');
  clockAt(0);
  expect(cache.get('a')).toBeUndefined();
});

test.each(STEPS)('an isolate reads KV again after the clock was set back by %i ms', async (step) => {
  await published('a', T1, { sourceId: 'a' });
  await settle();
  const { KV, state } = countedKv();
  const isolate = new Isolate();
  const worker = { isolate, bindings: { KV, MEMORY_SECONDS: '2' } };
  clockAt(step);
  expect((await request('/feeds/all.atom', {}, worker)).status).toBe(200);
  clockAt(0);
  const before = state.operations;
  expect((await request('/feeds/all.atom', {}, worker)).status).toBe(200);
  expect(state.operations).toBeGreaterThan(before);
});

test('a step back of three minutes delays no key that never failed, and hides no waiting withdrawal', () =>
  inDesk(async (sql) => {
    const step = 3 * 60_000;
    const puts: string[] = [];
    let works = true;
    const kv = {
      put: async (key: string) => {
        if (!works) throw new Error('KV fails.');
        puts.push(key);
      },
      delete: async () => {},
    };
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const outbox = new Outbox(sql, kv, { valueOf: () => ({ text: '' }), written() {} });
    clockAt(step);
    works = false;
    outbox.add({ kind: 'article', id: 'urgent' }, Date.now(), { urgent: true });
    await outbox.drain();
    works = true;
    outbox.add({ kind: 'article', id: 'normal' }, Date.now());
    clockAt(0);
    const at = Date.now();
    const { waitingSince, urgentSince } = outbox.backlog(at);
    expect([waitingSince, urgentSince]).toEqual([at, at]);
    // Its age grows from now on.
    expect(outbox.backlog(at + 9_000).urgentSince).toBe(at);
    expect(outbox.nextDue()).toBeLessThanOrEqual(Date.now());
    expect(outbox.nextUrgent()).toBeLessThanOrEqual(Date.now());
    await outbox.drain();
    expect(puts.sort()).toEqual(['article:normal', 'article:urgent']);
  }));

test('an announcement that was never sent does not wait for a clock that was set back', () =>
  inDesk(async (sql) => {
    const sent: unknown[] = [];
    const queue = { sendBatch: async (messages: Iterable<unknown>) => void sent.push(...messages) };
    const announcements = new AnnouncementQueue(sql, openTables(sql), queue);
    sql.exec(`INSERT INTO announcements VALUES ('a', '{"kind":"feed"}', 1, ?, 0)`, Date.now() + 200_000);
    sql.exec(`INSERT INTO announcements VALUES ('b', '{"kind":"feed"}', 2, ?, 1)`, Date.now() + 200_000);
    expect(announcements.nextDue()).toBeLessThanOrEqual(Date.now());
    await announcements.send();
    expect(sent).toHaveLength(1);
    expect(announcements.nextDue()).toBeGreaterThan(Date.now());
  }));

test.each(STEPS)(
  'a copy from %i ms before the clock was set back is not current by its time',
  async (step) => {
    clockAt(step);
    await published('a', T1, { sourceId: 'a' });
    await settle();
    const before = await request('/feeds/all.atom', {}, { isolate: new Isolate() });
    const headers = { 'If-Modified-Since': before.headers.get('Last-Modified') ?? '' };
    expect((await request('/feeds/all.atom', { headers })).status).toBe(304);
    clockAt(0);
    await withdrawn('a', T2);
    await settle();
    const after = await request('/feeds/all.atom', { headers });
    expect(after.status).toBe(200);
    expect(Date.parse(after.headers.get('Last-Modified') ?? '')).toBeLessThanOrEqual(Date.now());
  },
);

test('a rebuild that ended before the clock was set back stays done, whatever waits since', async () => {
  clockAt(HOUR);
  await published('a', T1, { sourceId: 'a' });
  await desk().rebuild();
  do await settle();
  while ((await desk().rebuildProgress()).state !== 'done');
  clockAt(0);
  expect(await desk().rebuildProgress()).toMatchObject({ state: 'done' });
  await scheduler.wait(2);
  await runInDurableObject(desk(), async (instance: Desk) => {
    await published('b', T1, { sourceId: 'b' });
    const progress = instance.rebuildProgress();
    expect(progress.waiting).toBeGreaterThan(0);
    expect(progress.state).toBe('done');
  });
});

test('readiness is checked anew after the clock was set back', async () => {
  const isolate = new Isolate();
  const { KV, state } = countedKv();
  clockAt(HOUR);
  await request('/health/ready', {}, { isolate, bindings: { KV } });
  clockAt(0);
  state.failing = true;
  vi.spyOn(console, 'error').mockImplementation(() => {});
  expect((await request('/health/ready', {}, { isolate, bindings: { KV } })).status).toBe(503);
});

test('the hub’s budget is not spent by requests from the future', async () => {
  const stub = env.SUBSCRIPTIONS.getByName('subscriptions');
  await runInDurableObject(stub, (_instance, { storage }) => {
    const intents = new Intents(storage.sql);
    const ask = (at: number, n: number) =>
      intents.add(
        {
          mode: 'subscribe',
          topic: `https://news.example/feeds/all.rss`,
          path: '/feeds/all',
          callback: `https://reader.example/${n}`,
          secret: null,
          leaseSeconds: 864_000,
        },
        at,
      );
    for (let n = 0; n < 60; n += 1) expect(ask(now() + HOUR, n)).toBeDefined();
    expect(ask(now() + HOUR, 60)).toBeUndefined();
    expect(ask(now(), 61)).toBeDefined();
    storage.sql.exec('DELETE FROM intents');
  });
});

test('a renewal that was asked for before the clock was set back swallows no other', async () => {
  const stub = env.SUBSCRIPTIONS.getByName('subscriptions');
  await runInDurableObject(stub, (_instance, { storage }) => {
    const intents = new Intents(storage.sql);
    const renewal = {
      mode: 'subscribe',
      topic: 'https://news.example/feeds/all.rss',
      path: '/feeds/all',
      callback: 'https://reader.example/1',
      secret: null,
      leaseSeconds: 864_000,
    } as const;
    expect(intents.renew(renewal, now() + HOUR)).toMatchObject({ delaySeconds: 0 });
    expect(intents.renew(renewal, now())).toMatchObject({ delaySeconds: 0 });
    expect(intents.renew(renewal, now() + 1)).toBe('merged');
    storage.sql.exec('DELETE FROM intents');
    storage.sql.exec('DELETE FROM renewals');
  });
});

test('a corrupt body or card keeps no withdrawn article in a feed, and the log names it', async () => {
  const logged: string[] = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => void logged.push(line));
  await published('a', T1, { sourceId: 'a', headline: 'To be withdrawn' });
  await published('b', T1, { sourceId: 'b', headline: 'A corrupt body' });
  await published('c', T1, { sourceId: 'c', headline: 'A corrupt card' });
  await desk().countViews([
    [idOf('a'), 1],
    [idOf('c'), 2],
  ]);
  await settle();
  await inDesk((sql) => {
    sql.exec("UPDATE bodies SET gzip = x'1f8b00' WHERE article_id = ?", idOf('b'));
    sql.exec("UPDATE articles SET card = '{' WHERE id = ?", idOf('c'));
  });
  // The bodies leave the Desk's memory.
  await evictDurableObject(desk());
  await withdrawn('a', T2);
  await settle();
  await runDurableObjectAlarm(desk());
  for (const key of ['rendered:all.rss', 'rendered:all.json', 'feed:all', 'trending']) {
    const value = await env.KV.get(key);
    expect(value, key).not.toBeNull();
    expect(value, key).not.toContain('To be withdrawn');
  }
  expect(await env.KV.get('rendered:all.rss')).toContain('A corrupt body');
  expect(logged.some((line) => line.includes('left out') && line.includes(idOf('b')))).toBe(true);
  expect(logged.some((line) => line.includes('left out') && line.includes(idOf('c')))).toBe(true);
});
