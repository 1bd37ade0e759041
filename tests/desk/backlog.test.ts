import { runInDurableObject } from 'cloudflare:test';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ArticleWriter } from '../../src/desk/article-writer.ts';
import type { Delivery } from '../../src/desk/contract/messages.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { Outbox } from '../../src/desk/projection/outbox.ts';
import { openTables } from '../../src/desk/tables/tables.ts';
import { payload, register, send } from '../client.ts';
import { desk, freshDesk, idOf, revisionOf } from './desk.ts';

beforeEach(freshDesk);

const T1 = '2026-11-20T10:00:00.000Z';
const T2 = '2026-11-20T11:00:00.000Z';

const publication = (name: string, tags: string[] = []): Delivery['events'][number] => ({
  kind: 'published',
  id: idOf(name),
  revisedAt: T1,
  revision: revisionOf({ sourceId: name, tags }),
});
const withdrawal = (name: string): Delivery['events'][number] => ({
  kind: 'withdrawn',
  id: idOf(name),
  publisher: 'gazette',
  sourceId: name,
  revisedAt: T2,
});

let sent = 0;

/** Works with a writer whose limits are small, on a real Desk's tables. */
const withWriter = (
  limits: { newNames?: number; waitingKeys?: number },
  work: (
    deliver: (
      events: Delivery['events'],
      publisher?: string,
      id?: string,
    ) => ReturnType<ArticleWriter['receive']>,
    sql: SqlStorage,
  ) => void,
) =>
  runInDurableObject(desk(), (_instance: Desk, { storage }) => {
    const tables = openTables(storage.sql);
    const kv = { put: async () => {}, delete: async () => {} };
    const outbox = new Outbox(storage.sql, kv, { valueOf: () => null, written() {} });
    const writer = new ArticleWriter(tables, outbox, 'https://news.example', limits);
    const arrival = { signature: 'token', milliseconds: 1 } as const;
    work(
      (events, publisher = 'gazette', id = `delivery-${++sent}`) =>
        storage.transactionSync(() => writer.receive({ publisher, id, arrival, events }, Date.now())),
      storage.sql,
    );
  });

const tagsOf = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}-${n}`);

describe('a delivery', () => {
  test('of too many new names is refused but for its withdrawals, and says how many there may be', () =>
    withWriter({ newNames: 20 }, (deliver, sql) => {
      deliver([publication('a', ['x'])]);
      const { status, outcomes } = deliver([
        publication('b', tagsOf('b', 15)),
        publication('c', tagsOf('c', 15)),
        withdrawal('a'),
      ]);
      expect(status).toBe('accepted');
      expect(outcomes.map((each) => each.status)).toEqual(['refused', 'refused', 'accepted']);
      expect(outcomes[0]?.issues?.[0]?.message).toMatch(/30 tags.*limit is 20 per delivery/);
      expect(sql.exec("SELECT COUNT(*) AS count FROM scopes WHERE kind = 'tags'").one()).toEqual({
        count: 1,
      });
      // Known names do not count.
      expect(deliver([publication('b', tagsOf('b', 15))]).status).toBe('accepted');
      expect(deliver([publication('c', tagsOf('c', 15))]).status).toBe('accepted');
      expect(deliver([publication('d', tagsOf('b', 15)), publication('e', tagsOf('c', 15))]).status).toBe(
        'accepted',
      );
    }));

  test('behind too many keys of its own publisher is put off; its withdrawals, and others’ deliveries, are taken', () =>
    withWriter({ waitingKeys: 30 }, (deliver, sql) => {
      deliver([publication('a', tagsOf('a', 40))]);
      const put = deliver([publication('b'), withdrawal('a')], 'gazette', 'again');
      expect(put).toEqual({ status: 'refused', outcomes: [], retryAfter: expect.any(Number) });
      expect(sql.exec('SELECT status FROM articles WHERE id = ?', idOf('a')).one()).toEqual({
        status: 'withdrawn',
      });
      expect(sql.exec('SELECT 1 FROM articles WHERE id = ?', idOf('b')).toArray()).toEqual([]);
      expect(deliver([withdrawal('c')]).status).toBe('accepted');
      expect(deliver([publication('h')], 'herald').status).toBe('accepted');
      sql.exec('DELETE FROM outbox');
      // It was not settled: the same delivery is taken now.
      expect(deliver([publication('b'), withdrawal('a')], 'gazette', 'again').status).toBe('accepted');
    }));

  test('that is put off gets 429 with Retry-After', async () => {
    const secret = await register();
    await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
      storage.sql.exec(
        `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 5000)
         INSERT INTO outbox (key, subject, rank, revision, due_at, waiting_since, attempts, publisher)
         SELECT 'feed:tags:' || n, '{}', 2, 1, ?1, ?1, 0, 'gazette' FROM numbers`,
        Date.now() + 50_000,
      );
    });
    const response = await send(payload(), { secret });
    expect(response.status).toBe(429);
    expect(response.headers.get('Retry-After')).toMatch(/^[1-9]\d*$/);
    const withdrawn = await send(payload({}, 'article.withdrawn'), { secret });
    expect(withdrawn.status).toBe(202);
    await runInDurableObject(desk(), (_instance: Desk, { storage }) =>
      storage.sql.exec("DELETE FROM outbox WHERE publisher = 'gazette'"),
    );
    expect((await send(payload({}, 'article.published', '2026-11-20T12:00:00Z'), { secret })).status).toBe(
      202,
    );
    vi.restoreAllMocks();
  });
});
