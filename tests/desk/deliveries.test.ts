import { reset, runInDurableObject } from 'cloudflare:test';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Delivery } from '../../src/desk/contract/messages.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { DeliveryLog } from '../../src/desk/tables/delivery-log.ts';
import { deliver, deliverAll, desk, idOf, published, revisionOf } from './desk.ts';

beforeEach(reset);

const AT = '2026-11-20T10:00:00.000Z';

const article = (name: string, headline = name): Delivery['events'][number] => ({
  kind: 'published',
  id: idOf(name),
  revisedAt: AT,
  revision: revisionOf({ headline }),
});
const refused = { kind: 'refused', issues: [{ path: 'items.1', message: 'is required' }] } as const;
const log = async () =>
  (await desk().deliveries('gazette', { before: Number.MAX_SAFE_INTEGER, limit: 100 })).deliveries;

describe('a delivery of several articles', () => {
  test('has an outcome for each, and the best of them for itself', async () => {
    await published('a', AT, { headline: 'a' });
    const { status, outcomes } = await deliverAll([
      article('a'),
      article('b'),
      { ...refused, issues: [...refused.issues] },
      { kind: 'ignored' },
    ]);
    expect(status).toBe('accepted');
    expect(outcomes.map((outcome) => outcome.status)).toEqual([
      'unchanged',
      'accepted',
      'refused',
      'ignored',
    ]);
  });

  test.each([
    ['unchanged', [article('a'), { ...refused, issues: [] }]],
    ['refused', [{ kind: 'ignored' }, { ...refused, issues: [] }]],
    ['ignored', [{ kind: 'ignored' }, { kind: 'ignored' }]],
  ] as [string, Delivery['events']][])('is %s when none was accepted', async (expected, events) => {
    await published('a', AT, { headline: 'a' });
    expect((await deliverAll(events)).status).toBe(expected);
  });

  test('that names an article twice takes both in turn', async () => {
    const { outcomes } = await deliverAll([article('a', 'One'), article('a', 'Two')]);
    expect(outcomes.map((outcome) => outcome.article?.version)).toEqual([1, 2]);
  });

  test('is a duplicate as a whole, each article in the version it had then', async () => {
    await deliverAll([article('a'), article('b')], 'once');
    await deliver({ ...article('a', 'Newer') } as Delivery['events'][number]);
    const again = await deliverAll([article('c')], 'once');
    expect(again).toMatchObject({
      status: 'duplicate',
      outcomes: [
        { status: 'duplicate', article: { id: idOf('a'), version: 1 } },
        { status: 'duplicate', article: { id: idOf('b'), version: 1 } },
      ],
    });
    expect((await desk().changes(0, 10)).changes.map(({ id }) => id).sort()).toEqual([idOf('a'), idOf('b')]);
  });

  test('refused in all its articles may be mended and sent again under its id', async () => {
    await deliverAll([{ ...refused, issues: [] }], 'mended');
    expect(await deliverAll([article('a')], 'mended')).toMatchObject({ status: 'accepted' });
  });
});

test('a withdrawal of what is not held is ignored where it asks for that', async () => {
  const withdrawal = {
    kind: 'withdrawn',
    id: idOf('a'),
    publisher: 'gazette',
    sourceId: 'a',
    revisedAt: AT,
  } as const;
  expect(await deliver({ ...withdrawal, ifHeld: true })).toMatchObject({ status: 'ignored' });
  await deliver(article('a'));
  expect(await deliver({ ...withdrawal, ifHeld: true })).toMatchObject({
    status: 'accepted',
    article: { version: 2 },
  });
});

describe('the log', () => {
  test('tells how a delivery came in, and keeps the first twenty issues of an article', async () => {
    const issues = Array.from({ length: 30 }, (_, index) => ({
      path: String(index),
      message: 'is required',
    }));
    await deliver({ kind: 'refused', issues });
    expect(await log()).toEqual([
      {
        id: expect.any(String),
        at: expect.any(String),
        status: 'refused',
        source: 'native',
        signature: 'standard-webhooks',
        milliseconds: 3,
        issues: issues.slice(0, 20),
      },
    ]);
  });

  test('keeps so many rows of a publisher and no more, without touching another’s', async () => {
    const kept = await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
      const deliveries = new DeliveryLog(storage.sql, 10);
      const write = (publisher: string, number: number) =>
        deliveries.log(
          publisher,
          { id: String(number), at: AT, status: 'accepted', signature: 'token', milliseconds: 1 },
          [],
        );
      write('herald', 0);
      for (let number = 0; number <= 500; number += 1) write('gazette', number);
      const page = (publisher: string) =>
        deliveries.page(publisher, { before: 1_000_000, limit: 1_000 }).deliveries;
      return [page('gazette').map(({ id }) => id), page('herald').length];
    });
    expect(kept).toEqual([['500', '499', '498', '497', '496', '495', '494', '493', '492', '491'], 1]);
  });

  test('forgets a delivery after 30 days, and with it its id', async () => {
    await deliverAll([article('a')], 'old');
    await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
      new DeliveryLog(storage.sql).prune(Date.now() + 31 * 86_400_000);
    });
    expect(await log()).toEqual([]);
    expect(await deliverAll([article('a')], 'old')).toMatchObject({ status: 'unchanged' });
  });
});

describe('settled ids', () => {
  const status = { signature: 'github', milliseconds: 1 } as const;
  const DAY = 86_400_000;
  const withLog = <Result>(work: (deliveries: DeliveryLog, sql: SqlStorage) => Result) =>
    runInDurableObject(desk(), (_instance: Desk, { storage }) =>
      work(new DeliveryLog(storage.sql, 200), storage.sql),
    );
  const rows = (sql: SqlStorage, table: string) =>
    sql.exec<{ count: number }>(`SELECT count(*) AS count FROM ${table}`).one().count;

  test('outlive their rows in the log, whatever comes after them', async () => {
    await deliverAll([article('a')], 'once');
    await withLog((deliveries, sql) => {
      for (let number = 0; number < 600; number += 1) {
        deliveries.log('gazette', { id: `n${number}`, at: AT, status: 'accepted', ...status }, []);
      }
      expect(sql.exec("SELECT 1 FROM deliveries WHERE delivery_id = 'once'").toArray()).toEqual([]);
    });
    expect(await deliverAll([article('a', 'Changed')], 'once')).toMatchObject({
      status: 'duplicate',
      outcomes: [{ status: 'duplicate', article: { id: idOf('a'), version: 1 } }],
    });
  });

  test('sent again are logged once a day, and otherwise write nothing', async () => {
    await deliverAll([article('a')], 'once');
    const written = await withLog((_deliveries, sql) => rows(sql, 'deliveries'));
    for (let time = 0; time < 20; time += 1) await deliverAll([article('a')], 'once');
    expect((await log()).map((row) => row.status)).toEqual(['duplicate', 'accepted']);
    await withLog((deliveries, sql) => {
      expect(rows(sql, 'deliveries')).toBe(written + 1);
      const before = sql.exec('SELECT * FROM settled_deliveries').toArray();
      const today = new Date().toISOString();
      deliveries.log('gazette', { id: 'once', at: today, status: 'duplicate', ...status }, []);
      expect(sql.exec('SELECT * FROM settled_deliveries').toArray()).toEqual(before);
      const tomorrow = new Date(Date.now() + DAY).toISOString();
      deliveries.log('gazette', { id: 'once', at: tomorrow, status: 'duplicate', ...status }, []);
      expect(rows(sql, 'deliveries')).toBe(written + 2);
    });
  });

  test.each([
    ['duplicate', 10],
    ['refused', 50],
  ] as const)('%s deliveries push nothing out of the log that was stored', async (of, most) => {
    await withLog((deliveries, sql) => {
      const add = (id: string, each: 'accepted' | 'duplicate' | 'refused', at = AT) =>
        deliveries.log('gazette', { id, at, status: each, ...status }, []);
      for (let number = 0; number < 100; number += 1) add(`stored${number}`, 'accepted');
      for (let round = 0; round < 10; round += 1) {
        const at = new Date(Date.parse(AT) + round * DAY).toISOString();
        for (let number = 0; number < 100; number += 1) add(`stored${number}`, of, at);
      }
      const count = (each: string) =>
        sql.exec<{ n: number }>('SELECT count(*) AS n FROM deliveries WHERE status = ?', each).one().n;
      expect(count('accepted')).toBe(100);
      // As many as are kept, and as many as may come between two trimmings.
      expect(count(of)).toBeLessThanOrEqual(most + 250);
    });
  });

  test('cost one row each, and the log four more and its counter', async () => {
    await withLog((_deliveries, sql) => {
      let written = 0;
      const counting = new Proxy(sql, {
        get: (target, property) =>
          property !== 'exec'
            ? Reflect.get(target, property)
            : (query: string, ...bindings: SqlStorageValue[]) => {
                const cursor = target.exec(query, ...bindings);
                written += cursor.rowsWritten;
                return cursor;
              },
      });
      const deliveries = new DeliveryLog(counting, 200);
      deliveries.log('gazette', { id: 'first', at: AT, status: 'accepted', ...status }, []);
      written = 0;
      deliveries.log('gazette', { id: 'second', at: AT, status: 'accepted', ...status }, []);
      expect(written).toBeLessThanOrEqual(6);
    });
  });

  test('are forgotten after 30 days, in steps of at most 2,000', async () => {
    await withLog((deliveries, sql) => {
      const add = (count: number, prefix: string, at: number) =>
        sql.exec(
          `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
           INSERT INTO settled_deliveries (publisher, delivery_id, settled_at, articles)
           SELECT 'gazette', ?2 || n, ?3, '[]' FROM numbers`,
          ...[count, prefix, new Date(at).toISOString()],
        );
      const now = Date.now();
      add(3_000, 'old', now - 31 * DAY);
      add(1_500, 'new', now - 29 * DAY);
      const left: number[] = [];
      let goesOn: boolean;
      do {
        goesOn = deliveries.prune(now);
        left.push(rows(sql, 'settled_deliveries'));
      } while (goesOn);
      // 1,500 new and 500 old ones are looked at first, in the order of their ids.
      expect(left).toEqual([4_000, 2_000, 1_500]);
      add(1, 'late', now - 31 * DAY);
      expect(deliveries.prune(now + DAY / 2)).toBe(false);
      expect(rows(sql, 'settled_deliveries')).toBe(1_501);
      deliveries.prune(now + DAY);
      expect(rows(sql, 'settled_deliveries')).toBeLessThanOrEqual(1_500);
    });
  });
});

test('the check of who signed writes no row, and what it refuses writes none', async () => {
  await runInDurableObject<Desk, void>(desk(), async (instance, state) => {
    await instance.savePublisher({ id: 'gazette', name: 'The Gazette' }, { sealed: 'sealed' });
    const total = () => state.storage.sql.exec<{ n: number }>('SELECT total_changes() AS n').one().n;
    const rowsOf = (work: () => unknown) => {
      const before = total();
      work();
      return total() - before;
    };
    const delivery = (name: string): Delivery => ({
      publisher: 'gazette',
      id: name,
      arrival: { signature: 'standard-webhooks', milliseconds: 1 },
      events: [article(name)],
    });
    const signer = {
      publisher: 'gazette',
      sealed: 'sealed',
      settings: { scheme: 'standard-webhooks' as const },
    };
    instance.receive(delivery('first'));
    const plain = rowsOf(() => instance.receive(delivery('second')));
    expect(plain).toBeGreaterThan(0);
    expect(rowsOf(() => instance.receiveSigned(delivery('third'), signer))).toBeLessThanOrEqual(plain);
    for (const wrong of [
      { ...signer, sealed: 'other' },
      { ...signer, publisher: 'nobody' },
      { ...signer, settings: { scheme: 'token' as const } },
    ])
      expect(
        rowsOf(() => expect(instance.receiveSigned(delivery('fourth'), wrong)).toBe('unauthorized')),
      ).toBe(0);
  });
});
