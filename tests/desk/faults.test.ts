import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Random } from '../../scripts/soak/random.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { type KvWriter, Outbox } from '../../src/desk/projection/outbox.ts';
import { request } from '../client.ts';
import {
  cardsIn,
  deliver,
  desk,
  freshDesk,
  gathered,
  idOf,
  inKv,
  passTime,
  published,
  revisionOf,
  settle,
  sql,
} from './desk.ts';

const T1 = '2026-11-20T10:00:00.000Z';
const T2 = '2026-11-20T11:00:00.000Z';

const logged: string[] = [];

beforeEach(async () => {
  await freshDesk();
  logged.length = 0;
  vi.spyOn(console, 'error').mockImplementation((line: string) => void logged.push(line));
});

/** Does something with the Desk's KV replaced by one whose writes go through `put`. */
async function withKv(
  put: (key: string, write: () => Promise<void>) => Promise<void>,
  work: () => Promise<void>,
) {
  type WithKv = { env: { KV: KVNamespace } };
  await runInDurableObject(desk(), (instance: Desk) => {
    const { KV } = (instance as unknown as WithKv).env;
    const original = KV.put.bind(KV);
    KV.put = ((key: string, ...rest: [string]) =>
      put(key, () => original(key, ...rest))) as KVNamespace['put'];
  });
  try {
    await work();
  } finally {
    await runInDurableObject(desk(), (instance: Desk) => {
      Reflect.deleteProperty((instance as unknown as WithKv).env.KV, 'put');
    });
  }
}

/** What failed is due at once, instead of after its pause. */
const dueNow = () => sql('UPDATE outbox SET due_at = 0');

describe('KV that fails', () => {
  test('at random loses nothing: every write is made in the end', async () => {
    const random = new Random(7);
    const names = Array.from({ length: 12 }, (_, n) => `a${String(n).padStart(2, '0')}`);
    await withKv(
      async (_key, write) => {
        // One fails before it is made, another after it: its answer is lost.
        if (random.chance(0.3)) throw new Error('KV PUT failed: 500');
        await write();
        if (random.chance(0.3)) throw new Error('KV PUT failed: 408');
      },
      async () => {
        for (const name of names) await published(name, T1, { sourceId: name });
        await gathered();
        await runDurableObjectAlarm(desk());
        expect((await desk().backlog()).failing).toBeGreaterThan(0);
        for (let round = 0; round < 40 && (await desk().backlog()).pending > 0; round += 1) {
          await dueNow();
          await runDurableObjectAlarm(desk());
        }
      },
    );
    expect(await desk().backlog()).toMatchObject({ pending: 0, failing: 0 });
    for (const name of names) expect(await inKv(name)).toMatchObject({ version: 1, status: 'published' });
    expect((await cardsIn({ kind: 'all' })).sort()).toEqual(names.map(idOf));
  });

  test('that does not end is visible: nothing is written, how much waits and since when', async () => {
    await withKv(
      async () => Promise.reject(new Error('KV PUT failed: 500')),
      async () => {
        const before = Date.now();
        for (const name of ['a', 'b', 'c']) await published(name, T1, { sourceId: name });
        const after = Date.now();
        for (let round = 0; round < 3; round += 1) {
          await dueNow();
          await runDurableObjectAlarm(desk());
        }
        const { pending, failing, waitingSince, writable } = await desk().backlog();
        expect({ failing, writable }).toEqual({ failing: pending, writable: false });
        // Pauses between attempts do not make it younger.
        expect(waitingSince).toBeGreaterThanOrEqual(before);
        expect(waitingSince).toBeLessThanOrEqual(after);
        expect(logged.some((line) => line.includes('outbox write failed'))).toBe(true);
        const ready = await request('/health/ready');
        expect(ready.status).toBe(503);
        expect(await ready.json()).toMatchObject({
          ...{ status: 'unavailable', desk: 'ok', kv: 'unwritable' },
          outbox: { waiting: pending, failing: pending },
        });
      },
    );
    await dueNow();
    await settle();
    expect(await desk().backlog()).toMatchObject({ pending: 0, writable: true, waitingSince: null });
    expect(await inKv('a')).not.toBeNull();
  });

  /** An outbox over a real Desk's tables, patient for a twentieth of a second. */
  const withOutbox = (
    kv: KvWriter,
    value: () => string,
    work: (outbox: Outbox, woken: () => number) => Promise<void>,
  ) =>
    runInDurableObject(desk(), async (_instance: Desk, { storage }) => {
      let woken = 0;
      const values = { valueOf: () => ({ text: value() }), written() {} };
      const wake = () => {
        woken += 1;
      };
      await work(new Outbox(storage.sql, kv, values, { wake, timeoutMs: 50 }), () => woken);
    });
  const article = { kind: 'article', id: idOf('a') } as const;

  test('by never answering keeps no other key from being written', async () => {
    const written: string[] = [];
    const never = new Promise<void>(() => {});
    const put = async (key: string) => (key.endsWith(idOf('a')) ? never : void written.push(key));
    await withOutbox(
      { put, delete: async () => {} },
      () => 'value',
      async (outbox) => {
        outbox.add(article, Date.now());
        outbox.add({ kind: 'article', id: idOf('b') }, Date.now());
        await outbox.drain();
        expect(written).toEqual([`article:${idOf('b')}`]);
        expect(outbox.backlog()).toMatchObject({ pending: 1, failing: 1 });
      },
    );
  });

  test('by answering too late, after a newer write, does not leave the old value there', async () => {
    const stored: string[] = [];
    let release = () => {};
    let value = 'old';
    const put = async (_key: string, text: string) => {
      if (text === 'old') await new Promise<void>((released) => (release = released));
      stored.push(text);
    };
    await withOutbox(
      { put, delete: async () => {} },
      () => value,
      async (outbox, woken) => {
        outbox.add(article, Date.now());
        await outbox.drain();
        value = 'new';
        outbox.add(article, Date.now());
        await outbox.drain();
        expect(stored).toEqual(['new']);
        release();
        await scheduler.wait(10);
        expect(stored).toEqual(['new', 'old']);
        expect(woken()).toBe(1);
        await outbox.flush(article);
        expect(stored).toEqual(['new', 'old', 'new']);
      },
    );
  });
});

describe('the alarm', () => {
  const alarmAt = () => runInDurableObject(desk(), (_instance: Desk, { storage }) => storage.getAlarm());

  test('is set again after each of 50 failures, and all is done once the cause is gone', async () => {
    await published('a', T1);
    // The Desk's storage refuses every change to the outbox.
    const changes = ['UPDATE', 'DELETE'];
    for (const change of changes) {
      await sql(
        `CREATE TRIGGER broken_${change} BEFORE ${change} ON outbox BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END`,
      );
    }
    await gathered();
    vi.useFakeTimers({ toFake: ['Date'] });
    for (let round = 0; round < 50; round += 1) {
      await runDurableObjectAlarm(desk());
      expect(await alarmAt()).not.toBeNull();
      // The longest pause between attempts.
      vi.advanceTimersByTime(61_000);
    }
    vi.useRealTimers();
    expect((await desk().backlog()).failingJobs).toEqual(['write']);
    expect(logged.filter((line) => line.includes('disk I/O error'))).toHaveLength(50);
    for (const change of changes) await sql(`DROP TRIGGER broken_${change}`);
    // The clock is set back by 50 minutes here, so the stored pause is over, for a new instance, too.
    await evictDurableObject(desk());
    await settle();
    expect(await desk().backlog()).toMatchObject({ pending: 0, failingJobs: [] });
    expect(await inKv('a')).not.toBeNull();
  });

  test('is set again by the next check of readiness when the platform has lost it', async () => {
    await published('a', T1);
    await runInDurableObject(desk(), (_instance: Desk, { storage }) => storage.deleteAlarm());
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.advanceTimersByTime(11_000);
    await desk().backlog();
    vi.useRealTimers();
    expect(await alarmAt()).not.toBeNull();
    await settle();
    expect(await inKv('a')).not.toBeNull();
  });

  test('writes, and settles all other articles, while one article cannot be settled', async () => {
    const embargo = { embargoUntil: new Date(Date.now() + 3_600_000).toISOString() };
    await published('bad', T1, { ...embargo, sourceId: 'bad' });
    await published('good', T1, { ...embargo, sourceId: 'good' });
    await published('other', T1, { sourceId: 'other' });
    await sql("UPDATE articles SET card = '{' WHERE id = ?", idOf('bad'));
    for (const name of ['bad', 'good']) await passTime(name, 'embargo_until');
    await settle();
    expect(await inKv('good')).toMatchObject({ status: 'published' });
    expect(await inKv('other')).toMatchObject({ status: 'published' });
    expect(await inKv('bad')).toBeNull();
    expect((await desk().backlog()).failingJobs).toEqual(['settle']);
    expect(logged.some((line) => line.includes(idOf('bad')))).toBe(true);
    // It is tried again after a pause, not in a loop that keeps the Desk busy.
    expect(await alarmAt()).toBeGreaterThan(Date.now() + 1_000);
    expect(await published('other', T2, { sourceId: 'other', headline: 'New' })).toMatchObject({
      status: 'accepted',
    });
  });
});

test('a poison row of the outbox is recorded and retried with growing pauses; other rows are written', async () => {
  await published('a', T1);
  await sql("UPDATE outbox SET subject = '{' WHERE key = ?", `article:${idOf('a')}`);
  await published('b', T1, { sourceId: 'b' });
  await gathered();
  await runDurableObjectAlarm(desk());
  expect(await inKv('b')).not.toBeNull();
  expect(await cardsIn({ kind: 'all' })).toContain(idOf('b'));
  for (let round = 0; round < 6; round += 1) {
    await dueNow();
    await runDurableObjectAlarm(desk());
  }
  const [row] = await sql('SELECT attempts, error, due_at FROM outbox WHERE key = ?', `article:${idOf('a')}`);
  expect(row).toMatchObject({ attempts: 7, error: expect.stringContaining('SyntaxError') });
  expect(Number(row?.due_at)).toBeGreaterThan(Date.now() + 30_000);
  // It is no fault of KV's, which is written to all the time.
  expect(await desk().backlog()).toMatchObject({ pending: 1, failing: 1, writable: true });
  const ready = await request('/health/ready');
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({
    ...{ status: 'degraded', kv: 'ok', failingChores: 0 },
    outbox: { waiting: 1, failing: 1 },
  });
});

test('a Desk whose storage fails refuses the delivery whole, and takes it when it is sent again', async () => {
  await published('a', T1);
  await sql("CREATE TRIGGER broken BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END");
  const event = {
    kind: 'published',
    id: idOf('b'),
    revisedAt: T1,
    revision: revisionOf({ sourceId: 'b' }),
  } as const;
  await runInDurableObject(desk(), (instance: Desk) => {
    const arrival = { signature: 'standard-webhooks', milliseconds: 1 } as const;
    const delivery = { publisher: 'gazette', id: 'again', arrival, events: [event] };
    expect(() => instance.receive(delivery)).toThrow('disk I/O error');
  });
  expect(await sql('SELECT id FROM articles')).toEqual([{ id: idOf('a') }]);
  expect(await sql('SELECT COUNT(*) AS count FROM deliveries')).toEqual([{ count: 1 }]);
  await sql('DROP TRIGGER broken');
  expect(await deliver(event, 'again')).toMatchObject({ status: 'accepted', article: { version: 1 } });
});
