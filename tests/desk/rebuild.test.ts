import { evictDurableObject, reset, runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Article } from '../../src/domain/article.ts';
import { asAdmin, request } from '../client.ts';
import { cardsIn, desk, idOf, inDesk, inKv, published, rebuilt, settle, sql, withdrawn } from './desk.ts';

const T1 = '2026-11-20T10:00:00.000Z';
const T2 = '2026-11-20T11:00:00.000Z';

beforeEach(reset);

test('the operator begins it, and sees how far it has come', async () => {
  expect((await request('/admin/rebuild', { method: 'POST' })).status).toBe(401);
  expect(await (await asAdmin('/admin/rebuild', 'GET')).json()).toMatchObject({ state: 'never' });
  await published('a', T1);
  const begun = await asAdmin('/admin/rebuild', 'POST');
  expect(begun.status).toBe(202);
  expect(begun.headers.get('Location')).toBe(`${env.ORIGIN}/admin/rebuild`);
  expect(await begun.json()).toMatchObject({ state: 'lists', checked: 0 });
  await rebuilt();
  expect(await (await asAdmin('/admin/rebuild', 'GET')).json()).toMatchObject({
    ...{ state: 'done', checked: 1, moved: 0, skipped: 0, waiting: 0 },
    startedAt: expect.stringMatching(/Z$/),
  });
});

test('every feed that KV lost or has wrong is restored, including rendered ones', async () => {
  for (const name of ['a', 'b', 'c'])
    await published(name, T1, { sourceId: name, section: 'City', tags: ['x'] });
  await withdrawn('c', T2);
  await settle();
  const { keys } = await env.KV.list();
  const before = new Map<string, string | null>();
  for (const { name } of keys) before.set(name, await env.KV.get(name));
  const feeds = keys.map(({ name }) => name).filter((name) => !name.startsWith('article:'));
  expect(feeds.length).toBeGreaterThan(5);
  for (const name of feeds) await env.KV.delete(name);
  await env.KV.put('feed:sections:City', '{"cards":[]}');
  await desk().rebuild();
  const progress = await rebuilt();
  expect(progress.feeds).toBeGreaterThan(3);
  for (const name of feeds) expect(await env.KV.get(name), name).toBe(before.get(name));
});

test('articles are listed by their cards where the lists were others; what moves has changed', async () => {
  for (const name of ['a', 'b']) await published(name, T1, { sourceId: name, section: 'City' });
  await settle();
  // As if sections had not been lists when `a` came, and something had been one that is no more.
  await sql("DELETE FROM memberships WHERE kind = 'sections' AND article_id = ?", idOf('a'));
  await sql("UPDATE memberships SET name = 'gone' WHERE kind = 'tags'");
  const { changes: before } = await desk().changes(0, 10);
  await desk().rebuild();
  expect(await rebuilt()).toMatchObject({ checked: 2, moved: 1 });
  expect((await cardsIn({ kind: 'sections', name: 'City' })).sort()).toEqual([idOf('a'), idOf('b')]);
  const { changes: after } = await desk().changes(before.at(-1)?.seq ?? 0, 10);
  expect(after).toMatchObject([{ id: idOf('a'), kind: 'upsert', version: 1 }]);
  expect(await inKv('a')).toMatchObject({ version: 1 });
  expect(await desk().backlog()).toMatchObject({ pending: 0, failing: 0 });
});

test('times in the future become those of the last change, as a new version', async () => {
  const future = '2062-01-01T00:00:00.000Z';
  for (const name of ['a', 'b', 'c']) await published(name, T1, { sourceId: name, publishedAt: T1 });
  await published('d', T1, { sourceId: 'd', embargoUntil: future });
  await settle();
  // As earlier releases stored them.
  await sql('UPDATE articles SET updated_at = ?1, revised_at = ?1 WHERE id = ?2', future, idOf('a'));
  await sql('UPDATE articles SET published_at = ?1, updated_at = ?1 WHERE id = ?2', future, idOf('b'));
  const { changes: before } = await desk().changes(0, 10);
  await desk().rebuild();
  await rebuilt();
  await settle();
  const { changes: after } = await desk().changes(before.at(-1)?.seq ?? 0, 10);
  expect(after.map(({ id, version, kind }) => [id, version, kind])).toEqual([
    [idOf('a'), 2, 'upsert'],
    [idOf('b'), 2, 'upsert'],
  ]);
  const now = new Date().toISOString();
  for (const name of ['a', 'b']) {
    const { version, publishedAt, updatedAt } = (await inKv(name)) as Article;
    expect([version, publishedAt <= updatedAt, updatedAt <= now], name).toEqual([2, true, true]);
  }
  const feed = await request('/feeds/all.json');
  expect(await feed.text()).not.toContain('2062');
  expect(await sql('SELECT id FROM articles WHERE revised_at > ?', now)).toEqual([]);
  expect(await sql("SELECT published_at, version FROM articles WHERE status = 'embargoed'")).toEqual([
    { published_at: future, version: 1 },
  ]);
  await desk().rebuild();
  await rebuilt();
  expect((await desk().changes(after.at(-1)?.seq ?? 0, 10)).changes).toEqual([]);
});

test('in steps, which go on after a restart, and past an article that cannot be read', async () => {
  await published('a', T1);
  await settle();
  await sql(
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 450)
     INSERT INTO articles (id, publisher, source_id, version, status, changed_at, revised_at, card, published_at)
     SELECT printf('b%015d', n), 'gazette', n, 1, 'withdrawn', '${T1}', '${T1}', NULL, NULL FROM numbers`,
  );
  await sql("UPDATE articles SET status = 'published', card = '{' WHERE id = 'b000000000000007'");
  await desk().rebuild();
  await runDurableObjectAlarm(desk());
  const before = await desk().rebuildProgress();
  expect(before).toMatchObject({ state: 'lists', checked: 200, skipped: 1 });
  await evictDurableObject(desk());
  // Its alarm may ring at once.
  const after = await desk().rebuildProgress();
  expect(after.startedAt).toBe(before.startedAt);
  expect([200, 400, 451]).toContain(after.checked);
  expect(await rebuilt()).toMatchObject({ checked: 451, skipped: 1, moved: 0 });
});

test('ends although a body is damaged, and counts the keys that cannot be written', async () => {
  for (const name of ['a', 'b']) await published(name, T1, { sourceId: name });
  await settle();
  await sql("UPDATE bodies SET gzip = x'00112233' WHERE article_id = ?", idOf('b'));
  await evictDurableObject(desk());
  for (const { name } of (await env.KV.list()).keys) await env.KV.delete(name);
  await desk().rebuild();
  let progress = await desk().rebuildProgress();
  for (let round = 0; round < 50 && progress.state !== 'done'; round += 1) {
    // What failed is tried again without its pause.
    await sql('UPDATE outbox SET due_at = 0 WHERE attempts > 0');
    await runDurableObjectAlarm(desk());
    await scheduler.wait(50);
    progress = await desk().rebuildProgress();
  }
  expect(progress).toMatchObject({ state: 'done', failing: 1, waiting: 1 });
  expect(await inKv('a')).toMatchObject({ status: 'published' });
  expect(await env.KV.get(`article:${idOf('b')}`)).toBeNull();
  expect((await desk().backlog()).missingBodies).toBe(1);
  expect(await desk().bodyMigration()).toMatchObject({ missing: 1, missingIds: [idOf('b')] });
  await sql('DELETE FROM outbox');
});

describe('a body that the migration missed once', () => {
  /** As after an upgrade: no body in the Desk, and one that KV does not serve at that moment. */
  async function missed(): Promise<() => Promise<void>> {
    for (const name of ['a', 'b']) await published(name, T1, { sourceId: name, text: `Text of ${name}` });
    await settle();
    const key = `article:${idOf('b')}`;
    const { value, metadata } = await env.KV.getWithMetadata(key);
    await env.KV.delete(key);
    await sql('DELETE FROM bodies');
    await sql("DELETE FROM settings WHERE name = 'bodies'");
    await evictDurableObject(desk());
    for (let round = 0; round < 20 && (await desk().bodyMigration()).state !== 'done'; round += 1) {
      await runDurableObjectAlarm(desk());
      await scheduler.wait(20);
    }
    expect(await desk().bodyMigration()).toMatchObject({
      state: 'done',
      missing: 1,
      missingIds: [idOf('b')],
    });
    expect(await (await request('/health/ready')).json()).toMatchObject({
      status: 'degraded',
      missingBodies: 1,
    });
    return () => env.KV.put(key, value ?? '', { metadata });
  }
  const bodies = async () =>
    (await sql('SELECT article_id FROM bodies ORDER BY 1')).map((row) => row.article_id);

  test('is taken with the next rebuild', async () => {
    const putBack = await missed();
    await putBack();
    await desk().rebuild();
    await rebuilt();
    for (let round = 0; round < 20 && (await bodies()).length < 2; round += 1) {
      await runDurableObjectAlarm(desk());
      await scheduler.wait(20);
    }
    expect(await bodies()).toEqual([idOf('a'), idOf('b')]);
    expect(await desk().bodyMigration()).toMatchObject({ missing: 0, missingIds: [] });
    await evictDurableObject(desk());
    await env.KV.delete(`article:${idOf('b')}`);
    expect(JSON.stringify(await inDesk('b'))).toContain('Text of b');
    expect(await (await request('/health/ready')).json()).not.toHaveProperty('missingBodies');
  });

  test('is taken before the operator’s withdrawal overwrites the last copy', async () => {
    const putBack = await missed();
    await putBack();
    await desk().withdraw(idOf('b'));
    expect(await desk().restore(idOf('b'))).toMatchObject({ found: true });
    expect(JSON.stringify(await inKv('b'))).toContain('Text of b');
  });

  test('is taken when it is needed', async () => {
    const putBack = await missed();
    await putBack();
    expect(JSON.stringify(await inDesk('b'))).toContain('Text of b');
    expect(await bodies()).toEqual([idOf('a'), idOf('b')]);
  });
});
