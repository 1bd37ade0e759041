import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Desk } from '../../src/desk/desk.ts';
import { Scrub } from '../../src/desk/jobs/scrub.ts';
import { Inventory } from '../../src/desk/projection/inventory.ts';
import { Outbox } from '../../src/desk/projection/outbox.ts';
import { Repairs } from '../../src/desk/projection/repairs.ts';
import { openTables } from '../../src/desk/tables/tables.ts';
import { Kv } from '../../src/store/kv.ts';
import { asAdmin, request } from '../client.ts';
import { desk, freshDesk, idOf, published, settle, withdrawn } from './desk.ts';

const T1 = '2026-11-20T10:00:00.000Z';
const T2 = '2026-11-20T11:00:00.000Z';

beforeEach(freshDesk);

interface Listing {
  /** How many keys each operation named. */
  listed: number[];
  deleted: string[];
  /** Articles found without a body, and how often those known before were looked for again. */
  missed: string[];
  retried: number;
}

/** Runs a scrub of a real Desk and KV to its end. @returns its result and what it did to KV */
async function scrubbed(keysPerStep = 100) {
  const seen: Listing = { listed: [], deleted: [], missed: [], retried: 0 };
  const result = await runInDurableObject(desk(), async (_instance: Desk, { storage }) => {
    const tables = openTables(storage.sql);
    const outbox = new Outbox(
      storage.sql,
      { put: async () => {}, delete: async () => {} },
      { valueOf: () => null, written() {} },
    );
    const real = new Kv(env.KV);
    const kv = {
      list: async (prefix: string, limit: number, cursor?: string) => {
        const page = await real.list(prefix, limit, cursor);
        seen.listed.push(page.keys.length);
        return page;
      },
      delete: async (key: string) => {
        seen.deleted.push(key);
        await real.delete(key);
      },
    };
    const { settings } = tables;
    const dependencies = {
      settings,
      inventory: new Inventory(tables),
      repairs: new Repairs(outbox),
      outbox,
      kv,
      bodies: tables.bodies,
      bodyMigration: {
        retry() {
          seen.retried += 1;
        },
        miss: (ids: readonly string[]) => void seen.missed.push(...ids),
      },
    };
    const scrub = new Scrub(dependencies, { pauseMs: 0, keysPerStep });
    const earlier = scrub.result()?.startedAt;
    scrub.begin(Date.now());
    for (let steps = 0; scrub.result()?.startedAt === earlier; steps += 1) {
      if (steps > 2_000) throw new Error('The scrub does not end.');
      await scrub.run(Date.now());
    }
    return scrub.result();
  });
  return { result, seen };
}

const waiting = async (): Promise<string[]> => {
  const rows = await runInDurableObject(desk(), (_instance: Desk, { storage }) =>
    storage.sql.exec<{ key: string }>('SELECT key FROM outbox ORDER BY key').toArray(),
  );
  return rows.map(({ key }) => key);
};

async function fill(count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const name = `a${String(number).padStart(3, '0')}`;
    await published(name, T1, {
      sourceId: name,
      section: number % 2 ? 'City' : 'शहर',
      tags: [`t:${number}`, 'x'],
    });
  }
  await withdrawn('a001', T2);
  await asAdmin('/admin/publishers/gazette', 'PUT', { name: 'The Gazette' });
  await asAdmin('/admin/partners/mirror', 'PUT', { name: 'Mirror' });
  await settle();
}

const keysOfKv = async () => (await env.KV.list()).keys.map(({ name }) => name);

describe('a comparison of KV with the Desk', () => {
  test.each([3, 100])('finds nothing where they agree, %i keys a step', async (keysPerStep) => {
    await fill(12);
    const { result, seen } = await scrubbed(keysPerStep);
    const count = (await keysOfKv()).length;
    expect(result).toMatchObject({ checked: count, missing: 0, different: 0, unknown: 0 });
    expect(Math.max(...seen.listed)).toBeLessThanOrEqual(keysPerStep);
    expect(await waiting()).toEqual([]);
  });

  test.each([2, 100])('queues every key of an emptied KV, %i keys a step', async (keysPerStep) => {
    await fill(12);
    const keys = await keysOfKv();
    for (const key of keys) await env.KV.delete(key);
    const { result } = await scrubbed(keysPerStep);
    expect(result).toMatchObject({ checked: keys.length, missing: keys.length, different: 0, unknown: 0 });
    expect(await waiting()).toEqual([...keys].sort());
    await settle();
    expect(await keysOfKv()).toEqual(keys);
  });

  test.each([2, 7, 100])('finds each difference, %i keys a step', async (keysPerStep) => {
    await fill(9);
    const lost = ['site', 'feed:tags:t:4', `article:${idOf('a003')}`, 'publisher:gazette'];
    for (const key of lost) await env.KV.delete(key);
    // Older values, as a late write leaves them: with the metadata of then.
    const older = ['feed:all', 'rendered:all.rss', `article:${idOf('a001')}`, 'partner:mirror'];
    for (const key of older) await env.KV.put(key, '{}', { metadata: { stamp: '1' } });
    const known = [
      'article:zzzzzzzzzzzzzzzz',
      'feed:tags:never',
      'feed:all2',
      'partner:gone',
      'publisher:gone',
    ];
    const nobodys = ['feed:nonsense', 'rendered:all.xml', 'article:'];
    const foreign = ['sites', 'other:key'];
    for (const key of [...known, ...nobodys, ...foreign]) await env.KV.put(key, '{}');
    const { result } = await scrubbed(keysPerStep);
    expect(result).toMatchObject({
      missing: lost.length,
      different: older.length,
      unknown: known.length + nobodys.length,
    });
    await settle();
    const after = new Set(await keysOfKv());
    for (const key of [...lost, ...older, ...foreign]) expect(after, key).toContain(key);
    for (const key of [...known, ...nobodys]) expect(after, key).not.toContain(key);
    expect(await env.KV.get('feed:all')).toContain(idOf('a002'));
    expect((await scrubbed()).result).toMatchObject({ missing: 0, different: 0, unknown: 0 });
  });

  test('does not mind what waits to be written', async () => {
    await fill(3);
    await published('late', T1, { sourceId: 'late', section: 'Late' });
    const before = await waiting();
    const { result } = await scrubbed();
    expect(result).toMatchObject({ missing: 0, different: 0, unknown: 0 });
    expect(await waiting()).toEqual(before);
  });

  test('takes a published article of an earlier release, which has no stamp, by its version', async () => {
    await fill(3);
    const key = `article:${idOf('a002')}`;
    const { value, metadata } = await env.KV.getWithMetadata<{ stamp?: string }>(key);
    const { stamp: _stamp, ...earlier } = metadata ?? {};
    await env.KV.put(key, value ?? '', { metadata: earlier });
    expect((await scrubbed()).result).toMatchObject({ different: 0 });
  });
});

test('the alarm begins one a day, goes on after a restart, and readiness has the last result', async () => {
  expect(await desk().scrubResult()).toBeUndefined();
  const due = await runInDurableObject(desk(), (_instance: Desk, { storage }) => storage.getAlarm());
  expect(due).toBeGreaterThan(Date.now() + 86_000_000);
  await fill(2);
  await env.KV.delete('feed:sections:City');
  await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
    storage.sql.exec(
      "UPDATE settings SET value = json_set(value, '$.counts.startedAt', '2026-11-01T00:00:00.000Z') WHERE name = 'scrub'",
    );
  });
  let rounds = 0;
  while ((await desk().scrubResult()) === undefined) {
    if (rounds % 3 === 0) await evictDurableObject(desk());
    await runDurableObjectAlarm(desk());
    rounds += 1;
    if (rounds > 200) throw new Error('The scrub does not end.');
    await scheduler.wait(50);
  }
  await settle();
  expect(await env.KV.get('feed:sections:City')).toContain(idOf('a001'));
  const readiness = (await (await request('/health/ready')).json()) as { scrub: object };
  expect(readiness.scrub).toMatchObject({
    missing: 1,
    different: 0,
    unknown: 0,
    checked: expect.any(Number),
  });
});

describe('GET /health/ready compares a sample of KV with the Desk', () => {
  /** Makes everything seem an hour old. */
  const anHourLater = () =>
    runInDurableObject(desk(), (_instance: Desk, { storage }) => {
      const then = new Date(Date.now() - 3_600_000).toISOString();
      storage.sql.exec('UPDATE articles SET changed_at = ?', then);
      storage.sql.exec('UPDATE scopes SET changed_at = ?', then);
    });

  const ready = async () =>
    (await (await request('/health/ready')).json()) as {
      status: string;
      sample?: { checked: number; wrong: number };
    };

  test('and says when KV is lost; what it found is written again', async () => {
    await fill(4);
    // What was written within two minutes may not be everywhere yet.
    expect(await ready()).not.toHaveProperty('sample');
    await anHourLater();
    expect(await ready()).toMatchObject({ status: 'ready', sample: { wrong: 0 } });
    await evictDurableObject(desk());
    for (const key of await keysOfKv()) await env.KV.delete(key);
    const { status, sample } = await ready();
    expect(status).toBe('degraded');
    expect(sample?.checked).toBeGreaterThanOrEqual(3);
    expect(sample?.wrong).toBe(sample?.checked);
    await settle();
    expect(await keysOfKv()).toContain('feed:all');
  });

  test('and says when KV has something older', async () => {
    await fill(1);
    await anHourLater();
    const text = (await env.KV.get('feed:all')) ?? '';
    await env.KV.put('feed:all', text, { metadata: { stamp: '0' } });
    expect(await ready()).toMatchObject({ status: 'degraded', sample: { wrong: 1 } });
  });
});

test('articles whose body the Desk lacks are found, and those known before are looked for again, once', async () => {
  for (const name of ['a', 'b', 'c']) await published(name, '2026-11-20T10:00:00.000Z', { sourceId: name });
  await settle();
  await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
    storage.sql.exec('DELETE FROM bodies WHERE article_id = ?', idOf('b'));
  });
  const { seen } = await scrubbed(2);
  expect([...new Set(seen.missed)]).toEqual([idOf('b')]);
  expect(seen.retried).toBe(1);
});
