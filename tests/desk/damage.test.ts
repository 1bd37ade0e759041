import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Desk } from '../../src/desk/desk.ts';
import { asAdmin, payload, register, request, send } from '../client.ts';
import { desk, freshDesk, idOf, published, settle, sql } from './desk.ts';

const logged: string[] = [];

beforeEach(async () => {
  await freshDesk();
  logged.length = 0;
  vi.spyOn(console, 'error').mockImplementation((line: string) => void logged.push(line));
});
afterEach(() => void vi.restoreAllMocks());

const T1 = '2026-11-20T10:00:00.000Z';

const readiness = async () => {
  const response = await request('/health/ready');
  return { http: response.status, ...((await response.json()) as { status: string; intake?: string }) };
};

/** Time that passes at once. */
let skipped = 0;
const now = Date.now;
const pass = (milliseconds: number) => {
  skipped += milliseconds;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + skipped);
};
afterEach(() => {
  skipped = 0;
});

describe('a database that a newer release has migrated', () => {
  /** A Desk of its own, because one that is refused can never be mended by a test. */
  const other = (name: string) => {
    const stub = env.DESK.getByName(name);
    return { stub, bindings: { DESK: { getByName: () => stub } as unknown as typeof env.DESK } };
  };
  const migrated = async (stub: DurableObjectStub<Desk>, oldestReader?: number) => {
    await runInDurableObject(stub, async (_instance: Desk, { storage }) => {
      storage.sql.exec('INSERT INTO schema_versions (version) VALUES (999)');
      if (oldestReader !== undefined)
        storage.sql.exec('INSERT INTO schema_readers VALUES (999, ?)', oldestReader);
      await storage.deleteAlarm();
    });
    await evictDurableObject(stub);
  };
  const paths = ['/changes', '/sitemap.xml', '/health/ready'];

  test('is used when that release says that this one can', async () => {
    const { stub, bindings } = other('readable');
    await migrated(stub, 1);
    for (const path of paths) expect((await request(path, {}, { bindings })).status, path).toBe(200);
  });

  test('is refused otherwise: 503 with Retry-After, and the log says what to deploy', async () => {
    const { stub, bindings } = other('unreadable');
    await migrated(stub);
    for (const path of paths) {
      const response = await request(path, {}, { bindings });
      expect([path, response.status, response.headers.get('Retry-After')]).toEqual([path, 503, '5']);
    }
    expect(logged.join('\n')).toMatch(/schema version 999.*knows versions up to \d+.*Deploy a release/);
  });
});

const hubRequest = (mode: string) => ({
  'hub.mode': mode,
  'hub.topic': `${env.ORIGIN}/feeds/all.rss`,
  'hub.callback': 'https://reader.example.com/hook',
});

/** A page as `dateline backup` keeps it: only its last line is read before the Desk is asked. */
const pageOfBackup = `${JSON.stringify({ page: 1, object: 'desk', rows: 0, next: 'x', sha256: 'x' })}\n`;

describe('a Durable Object that fails', () => {
  const failing = (error: Error) => {
    const stub = new Proxy({}, { get: () => () => Promise.reject(error) });
    const namespace = { getByName: () => stub } as unknown;
    return { DESK: namespace, SUBSCRIPTIONS: namespace } as object;
  };
  const routes: [string, string, (object | string)?][] = [
    ['POST', '/hub', new URLSearchParams(hubRequest('subscribe'))],
    ['POST', '/hub', new URLSearchParams(hubRequest('unsubscribe'))],
    ['GET', '/partners/mirror/feed.rss'],
    ['GET', '/partners/mirror/feed.json?limit=1'],
    ['GET', '/admin/export'],
    ['GET', '/admin/export?limit=1'],
    ['GET', '/admin/import'],
    ['DELETE', '/admin/import'],
    ['POST', '/admin/import', pageOfBackup],
    ['GET', '/changes'],
    ['GET', '/sitemap.xml'],
    ['GET', '/admin/publishers'],
    ['GET', '/admin/partners'],
    ['GET', '/admin/site'],
    [
      'PUT',
      '/admin/site',
      { name: 'x', description: 'y', language: 'en', timeZone: 'UTC', tombstoneHours: 1 },
    ],
    ['GET', '/admin/rebuild'],
    ['POST', '/admin/rebuild'],
    ['POST', `/admin/articles/${idOf('a')}/withdraw`, {}],
    ['GET', '/admin/subscriptions'],
    ['PUT', '/admin/publishers/herald', { name: 'Herald' }],
  ];

  const textOf = (body: object) => (body instanceof URLSearchParams ? body.toString() : JSON.stringify(body));
  const typeOf = (body: object | string) => {
    if (typeof body === 'string') return 'application/x-ndjson';
    return body instanceof URLSearchParams ? 'application/x-www-form-urlencoded' : 'application/json';
  };

  test.each([
    'Network connection lost.',
    'Durable Object has been reset because its code was updated.',
    'database or disk is full: SQLITE_FULL',
    'internal error; reference = abc',
  ])('with “%s” answers 503 with Retry-After on every route that asks it', async (message) => {
    const statuses: unknown[] = [];
    const created = await asAdmin('/admin/partners/mirror', 'PUT', { name: 'Mirror' });
    const { token } = (await created.json()) as { token: string };
    await settle();
    for (const [method, path, body] of routes) {
      const response = await request(
        path,
        {
          method,
          headers: {
            Authorization: `Bearer ${path.startsWith('/partners/') ? token : env.ADMIN_TOKEN}`,
            ...(body && { 'Content-Type': typeOf(body) }),
          },
          ...(body && { body: typeof body === 'object' ? textOf(body) : body }),
        },
        { bindings: failing(new Error(message)) },
      );
      statuses.push([method, path, response.status, response.headers.get('Retry-After')]);
    }
    expect(statuses).toEqual(routes.map(([method, path]) => [method, path, 503, '5']));
  });

  test('because its disk is full takes no delivery and says 503; afterwards it takes it', async () => {
    const secret = await register();
    await sql(
      "CREATE TRIGGER full BEFORE INSERT ON articles BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
    );
    const response = await send(payload(), { secret, id: 'full' });
    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).toBe('5');
    await sql('DROP TRIGGER full');
    expect((await send(payload(), { secret, id: 'full' })).status).toBe(202);
  });
});

describe('readiness', () => {
  test('rehearses a delivery, which changes nothing', async () => {
    const tables = ['articles', 'deliveries', 'memberships', 'outbox', 'scopes', 'days', 'bodies'];
    const counts = async () =>
      Promise.all(tables.map((table) => sql(`SELECT COUNT(*) AS count, '${table}' AS name FROM ${table}`)));
    const before = await counts();
    expect(await readiness()).toMatchObject({ http: 200, status: 'ready', intake: 'ok' });
    expect(await counts()).toEqual(before);
  });

  test.each(['articles', 'memberships', 'deliveries', 'outbox', 'scopes', 'bodies'])(
    'is unavailable while the table %s takes no rows',
    async (table) => {
      await sql(
        `CREATE TRIGGER broken BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'disk image is malformed'); END`,
      );
      pass(6_000);
      expect(await readiness()).toMatchObject({ http: 503, status: 'unavailable', intake: 'failing' });
      await sql('DROP TRIGGER broken');
      pass(6_000);
      expect(await readiness()).toMatchObject({ http: 200, intake: 'ok' });
    },
  );

  test.each([
    ['INSERT', 'versions'],
    ['UPDATE', 'bodies'],
    ['INSERT', 'departures'],
    ['DELETE', 'bodies'],
  ])('is unavailable while corrections or withdrawals fail: no %s in the table %s', async (change, table) => {
    await sql(
      `CREATE TRIGGER broken BEFORE ${change} ON ${table} BEGIN SELECT RAISE(ABORT, 'disk image is malformed'); END`,
    );
    pass(6_000);
    expect(await readiness()).toMatchObject({ http: 503, status: 'unavailable', intake: 'failing' });
    await sql('DROP TRIGGER broken');
    pass(6_000);
    expect(await readiness()).toMatchObject({ http: 200, intake: 'ok' });
  });

  test('is unavailable while every second delivery fails', async () => {
    const secret = await register();
    await sql(
      "CREATE TRIGGER broken BEFORE INSERT ON articles WHEN NEW.source_id = 'a1' BEGIN SELECT RAISE(ABORT, 'disk image is malformed'); END",
    );
    for (let count = 0; count < 10; count += 1) {
      const fails = count % 2 === 0;
      const { status } = await send(payload({ id: fails ? 'a1' : `b${count}` }), { secret });
      expect(status).toBe(fails ? 503 : 202);
    }
    expect(await readiness()).toMatchObject({ status: 'unavailable', intake: 'failing' });
    await sql('DROP TRIGGER broken');
    for (let count = 0; count < 5; count += 1) await send(payload({ id: `c${count}` }), { secret });
    expect((await readiness()).status).toBe('ready');
  });

  test('is unavailable after three deliveries in a row that failed, whatever the rehearsal says', async () => {
    const secret = await register();
    await sql(
      "CREATE TRIGGER broken BEFORE INSERT ON articles WHEN NEW.publisher = 'gazette' BEGIN SELECT RAISE(ABORT, 'disk image is malformed'); END",
    );
    expect((await readiness()).status).toBe('ready');
    for (let count = 0; count < 3; count += 1) expect((await send(payload(), { secret })).status).toBe(503);
    expect(await readiness()).toMatchObject({ status: 'unavailable', intake: 'failing' });
    await sql('DROP TRIGGER broken');
    expect((await send(payload(), { secret })).status).toBe(202);
    expect((await readiness()).status).toBe('ready');
  });
});

test('a failing job of the alarm waits for its pause, which grows and survives restarts', async () => {
  await published('a', T1);
  for (const change of ['UPDATE', 'DELETE'])
    await sql(
      `CREATE TRIGGER broken_${change} BEFORE ${change} ON outbox BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END`,
    );
  pass(200);
  const failures = () => logged.filter((line) => line.includes('"desk alarm failed"')).length;
  await runDurableObjectAlarm(desk());
  await vi.waitFor(() => expect(failures()).toBeGreaterThan(0));
  const failed = failures();
  for (let restart = 0; restart < 10; restart += 1) {
    await evictDurableObject(desk());
    await desk().backlog();
    await runDurableObjectAlarm(desk());
  }
  expect(failures()).toBe(failed);
  const pauses: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const [row] = await sql("SELECT value -> '$.write.at' AS at FROM settings WHERE name = 'retries'");
    const pause = Number(row?.at) - Date.now();
    pauses.push(Math.round(pause / 5_000) * 5);
    pass(pause + 1_000);
    await runDurableObjectAlarm(desk());
  }
  expect(pauses[0]).toBeLessThan(pauses[2] ?? 0);
  expect(pauses.at(-1)).toBe(60);
  for (const change of ['UPDATE', 'DELETE']) await sql(`DROP TRIGGER broken_${change}`);
  pass(61_000);
  await settle();
  expect((await desk().backlog()).failingJobs).toEqual([]);
});
