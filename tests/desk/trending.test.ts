import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import type { Desk } from '../../src/desk/desk.ts';
import { Trending } from '../../src/desk/tables/trending.ts';
import type { StoredTrending } from '../../src/store/records.ts';
import { deliver, desk, freshDesk, idOf, published, revisionOf, settle, updated, withdrawn } from './desk.ts';

const [T1, T2] = ['2026-11-20T10:00:00.000Z', '2026-11-20T11:00:00.000Z'];

beforeEach(freshDesk);

const inKv = () => env.KV.get<StoredTrending>('trending', 'json');
const listed = async () => (await inKv())?.items.map(({ card }) => card.id) ?? [];

const pending = () =>
  runInDurableObject(desk(), (_instance: Desk, { storage }) =>
    storage.sql.exec<{ due_at: number }>("SELECT due_at FROM outbox WHERE key = 'trending'").toArray(),
  );

/** Makes it seem a minute later to the outbox. */
const aMinuteLater = () =>
  runInDurableObject(desk(), (_instance: Desk, { storage }) => {
    storage.sql.exec('UPDATE outbox SET due_at = due_at - 60000');
  });

test('the most read come first', async () => {
  for (const name of ['a', 'b', 'c']) await published(name, T1, { sourceId: name });
  await desk().countViews([
    [idOf('a'), 3],
    [idOf('b'), 40],
  ]);
  await settle();
  expect(await listed()).toEqual([idOf('b'), idOf('a')]);
  await desk().countViews([[idOf('a'), 60]]);
  await aMinuteLater();
  await settle();
  expect(await listed()).toEqual([idOf('a'), idOf('b')]);
});

test('views are written to KV once a minute at most, however often they are handed in', async () => {
  await published('a', T1);
  await desk().countViews([[idOf('a'), 1]]);
  await settle();
  const first = await inKv();
  const before = Date.now();
  for (let batch = 0; batch < 50; batch += 1) await desk().countViews([[idOf('a'), 10]]);
  const [row] = await pending();
  expect(row?.due_at).toBeGreaterThan(before + 55_000);
  expect(await inKv()).toEqual(first);
});

test('views of articles that are not public, or unknown, do not count', async () => {
  await published('a', T1, { embargoUntil: '2999-01-01T00:00:00.000Z' });
  await published('b', T1, { sourceId: 'b' });
  await withdrawn('b', T2);
  await desk().countViews([
    [idOf('a'), 5],
    [idOf('b'), 5],
    [idOf('c'), 5],
  ]);
  expect(await pending()).toEqual([]);
  await settle();
  expect(await listed()).toEqual([]);
});

test('a withdrawn article leaves the list at once, and an embargoed one', async () => {
  for (const name of ['a', 'b', 'c']) await published(name, T1, { sourceId: name });
  await desk().countViews([
    [idOf('a'), 3],
    [idOf('b'), 2],
    [idOf('c'), 1],
  ]);
  await settle();
  await withdrawn('a', T2);
  await deliver({
    kind: 'updated',
    id: idOf('b'),
    revisedAt: T2,
    revision: revisionOf({ sourceId: 'b', embargoUntil: '2999-01-01T00:00:00.000Z' }),
  });
  await settle();
  expect(await listed()).toEqual([idOf('c')]);
  await withdrawn('c', T2);
  await settle();
  expect(await inKv()).toMatchObject({ items: [] });
});

test('a withdrawal does not wait for the minute that views wait for', async () => {
  for (const name of ['a', 'b']) {
    await published(name, T1, { sourceId: name });
    await desk().countViews([[idOf(name), 3]]);
  }
  await settle();
  await desk().countViews([[idOf('b'), 3]]);
  await withdrawn('a', T2);
  await settle();
  expect(await listed()).toEqual([idOf('b')]);
});

test('a new headline is on the list at once', async () => {
  await published('a', T1);
  await desk().countViews([[idOf('a'), 3]]);
  await settle();
  await updated('a', T2, { headline: 'Another headline' });
  await settle();
  expect((await inKv())?.items[0]?.card.headline).toBe('Another headline');
});

test('of the archive no more than a thousand keep their standing, and none that is no longer read', async () => {
  await published('a', T1);
  await runInDurableObject(desk(), (_instance: Desk, { storage: { sql } }) => {
    const now = Date.now();
    const trending = new Trending(sql);
    trending.count([[idOf('a'), 3]], now - 10 * 86_400_000);
    for (let n = 0; n < 1_200; n += 1) {
      sql.exec('INSERT INTO trending VALUES (?, (SELECT MAX(standing) FROM trending) + 1)', `other${n}`);
    }
    trending.prune(now);
    expect(trending.has(idOf('a'))).toBe(false);
    expect(sql.exec('SELECT COUNT(*) AS kept FROM trending').one().kept).toBe(1_000);
    expect(trending.top(1)).toMatchObject([{ id: 'other1199' }]);
  });
});
