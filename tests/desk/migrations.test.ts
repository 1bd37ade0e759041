import { evictDurableObject, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compose } from '../../src/desk/composition.ts';
import type { Desk } from '../../src/desk/desk.ts';
import type { Article } from '../../src/domain/article.ts';
import { asAdmin, payload, request, send, store } from '../client.ts';
import { desk, settle, sql } from './desk.ts';
import stored from './stored-by-99a3102.json' with { type: 'json' };

/**
 * A database and a KV namespace as an earlier release (commit 99a3102) wrote them: two publishers, one of them with
 * boilerplate of its own, under the name that setting had then, and an article.
 */
const BOILERPLATE = { words: ['Subscribe to our print edition'], selectors: ['.promo'] };

/**
 * Does to the Desk what a deployment does: puts this release over what the earlier one stored.
 * @param changes statements that change what it stored
 */
async function deploy(changes: readonly string[] = []): Promise<void> {
  await runInDurableObject(desk(), async (_instance: Desk, { storage }) => {
    await storage.deleteAlarm();
    const { sql } = storage;
    const names = (type: string) =>
      sql
        .exec<{ name: string }>(
          "SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
          type,
        )
        .toArray()
        .map(({ name }) => name);
    for (const name of names('table')) sql.exec(`DROP TABLE ${name}`);
    const isTable = (statement: string) => statement.startsWith('CREATE TABLE');
    for (const statement of stored.schema.filter(isTable)) sql.exec(statement);
    // Before the triggers, which would count the rows again.
    for (const [table, rows] of Object.entries(
      stored.rows as Record<string, Record<string, SqlStorageValue>[]>,
    )) {
      for (const row of rows) {
        const columns = Object.keys(row);
        sql.exec(
          `INSERT INTO ${table} (${columns}) VALUES (${columns.map(() => '?')})`,
          ...Object.values(row),
        );
      }
    }
    for (const statement of stored.schema.filter((each) => !isTable(each))) sql.exec(statement);
    for (const statement of changes) sql.exec(statement);
  });
  for (const [key, { value, metadata }] of Object.entries(stored.kv)) {
    await env.KV.put(key, value, { metadata });
  }
  await evictDurableObject(desk());
}

const kvRecord = async (id: string) => JSON.parse((await env.KV.get(`publisher:${id}`)) ?? 'null');

const body = (id: string) =>
  payload({
    id,
    headline: 'A headline',
    body: {
      format: 'html',
      content:
        '<p>Some words.</p><p>Subscribe to our print edition!</p><div class="promo"><p>An offer.</p></div>',
    },
  });

const deliver = (id: string, path = '') => send(body(id), { secret: stored.secret, path });

beforeEach(async () => {
  await reset();
  await deploy();
});

// A Desk that was evicted while its alarm is set outlives a reset, and with it what it stores.
afterEach(settle);

test('a record that KV still has in the old form is read under the new name', async () => {
  expect(await kvRecord('gazette')).toHaveProperty('furniture', BOILERPLATE);
  const record = await store().readPublisher('gazette');
  expect(record).toMatchObject({ name: 'The Gazette', boilerplate: BOILERPLATE });
  expect(record).not.toHaveProperty('furniture');
  expect((await store().readPublishers(['gazette', 'herald', 'nobody'])).get('gazette')).toEqual(record);
  const { article } = (await (await deliver('2', '/preview')).json()) as { article: Article };
  expect(JSON.stringify(article.body)).not.toMatch(/Subscribe|offer/);
});

test('the Desk’s rows have the new name, and KV is rewritten by the outbox', async () => {
  const shown = (await (await asAdmin('/admin/publishers/gazette', 'GET')).json()) as object;
  expect(shown).toMatchObject({ name: 'The Gazette', boilerplate: BOILERPLATE });
  expect(shown).not.toHaveProperty('furniture');
  const { pending, waitingSince } = await desk().backlog();
  // The publisher's record, and the two that every site has.
  expect(pending).toBe(3);
  // Readiness says how long the oldest write waits.
  expect(Date.now() - (waitingSince ?? 0)).toBeLessThan(60_000);
  const before = await kvRecord('herald');
  await settle();
  const { furniture, ...rest } = JSON.parse(stored.kv['publisher:gazette'].value);
  expect(furniture).toEqual(BOILERPLATE);
  expect(await kvRecord('gazette')).toEqual({ ...rest, boilerplate: BOILERPLATE });
  expect(await kvRecord('herald')).toEqual(before);
});

test('a publisher’s boilerplate is dropped from its articles before and after that', async () => {
  const articleOf = async (id: string): Promise<Article> => {
    const receipt = (await (await deliver(id)).json()) as { article: { id: string } };
    await settle();
    return (await request(`/articles/${receipt.article.id}`)).json();
  };
  for (const id of ['2', '3']) {
    const text = JSON.stringify((await articleOf(id)).body);
    expect(text).toContain('Some words.');
    expect(text).not.toMatch(/Subscribe|offer/);
  }
});

test('a time in the future no longer locks an article', async () => {
  const [row] = stored.rows.articles;
  const future = '2062-01-01T00:00:00.000Z';
  await deploy([`UPDATE articles SET revised_at = '${future}' WHERE id = '${row?.id}'`]);
  const times = await runInDurableObject(desk(), (_instance: Desk, { storage }) =>
    storage.sql.exec('SELECT revised_at, changed_at FROM articles').toArray(),
  );
  expect(times).toEqual([{ revised_at: row?.changed_at, changed_at: row?.changed_at }]);
  const withdrawal = { type: 'article.withdrawn', data: { id: row?.source_id } };
  const receipt = await send(JSON.stringify(withdrawal), { secret: stored.secret });
  expect(await receipt.json()).toMatchObject({ status: 'accepted', article: { id: row?.id } });
});

test('ids that were settled stay settled, of single articles and of several', async () => {
  const [row] = stored.rows.articles;
  const several = JSON.stringify([
    { status: 'accepted', article: { id: row?.id, version: 1 } },
    { status: 'refused', issues: [] },
  ]);
  await deploy([
    'DELETE FROM deliveries',
    `INSERT INTO deliveries (publisher, delivery_id, received_at, status, article_id, version, articles) VALUES
       ('gazette', 'single', '2026-11-20T10:00:00.000Z', 'accepted', '${row?.id}', 1, NULL),
       ('gazette', 'several', '2026-11-20T10:00:00.000Z', 'accepted', NULL, NULL, '${several}'),
       ('gazette', 'refused', '2026-11-20T10:00:00.000Z', 'refused', NULL, NULL, NULL)`,
  ]);
  const again = async (deliveryId: string) =>
    (await send(body('7'), { secret: stored.secret, id: deliveryId })).json();
  const article = { id: row?.id, version: 1 };
  expect(await again('single')).toMatchObject({ status: 'duplicate', article });
  expect(await again('several')).toMatchObject({
    status: 'duplicate',
    articles: [{ status: 'duplicate', article }, { status: 'duplicate' }],
  });
  expect(await again('refused')).toMatchObject({ status: 'accepted' });
});

test('an article that was withheld from a name is withheld from it in any case, and the name is kept', async () => {
  const [row] = stored.rows.articles;
  await deploy([
    `INSERT INTO memberships VALUES ('withheld', 'Beta-Partner', '${row?.published_at}', '${row?.id}')`,
    `INSERT INTO departures VALUES ('withheld', 'Beta-Partner', '${row?.published_at}', 'b000000000000000')`,
  ]);
  const names = await runInDurableObject(desk(), (_instance: Desk, { storage }) =>
    ['memberships', 'departures'].map((table) =>
      storage.sql.exec<{ name: string }>(`SELECT name FROM ${table} WHERE kind = 'withheld'`).toArray(),
    ),
  );
  const both = [{ name: 'Beta-Partner' }, { name: 'beta-partner' }];
  expect(names).toEqual([both, both]);
  const { token } = (await (
    await asAdmin('/admin/partners/beta-partner', 'PUT', { name: 'Beta' })
  ).json()) as {
    token: string;
  };
  expect(await (await request(`/partners/beta-partner/feed.json?key=${token}`)).json()).toMatchObject({
    items: [],
  });
});

test('what was stored is still served', async () => {
  const feed = await (await request('/feeds/all.json')).json();
  expect(feed).toMatchObject({ items: [{ title: 'A headline' }] });
  const [row] = stored.rows.articles;
  expect(await (await request(`/articles/${row?.id}`)).json()).toMatchObject({ headline: 'A headline' });
  expect(await (await request('/sections/City')).text()).toContain('A headline');
});

describe('bodies that an earlier release left in KV or in `details`', () => {
  const [row] = stored.rows.articles;
  const id = row?.id ?? '';
  const key = `article:${id}`;
  const inKv = stored.kv['article:7n42ypj5hgjv3gje'];

  /** Changes what the earlier release left, before this release starts. */
  async function leave(...statements: string[]): Promise<void> {
    for (const statement of statements) await sql(statement);
    await sql("DELETE FROM settings WHERE name = 'bodies'");
    await sql('DELETE FROM bodies');
    await evictDurableObject(desk());
  }

  /** Runs the alarm until every body was looked for. */
  async function migrated() {
    for (let round = 0; round < 20; round += 1) {
      await desk().backlog();
      await runDurableObjectAlarm(desk());
      const progress = await desk().bodyMigration();
      if (progress.state === 'done') return progress;
    }
    throw new Error('The migration does not end.');
  }

  const bodies = () => sql('SELECT article_id AS id, content_hash AS hash FROM bodies');

  test('are taken from KV, and then KV can be emptied', async () => {
    await leave('DELETE FROM details');
    expect(await migrated()).toMatchObject({ checked: 1, missing: 0, missingIds: [] });
    expect(await bodies()).toEqual([{ id, hash: row?.content_hash }]);
    await env.KV.delete(key);
    const article = (await (await request(`/articles/${id}`)).json()) as object;
    expect(article).toEqual(JSON.parse(inKv.value));
  });

  test('are taken from `details` first, which the earlier release can still read', async () => {
    await env.KV.delete(key);
    await leave();
    expect(await migrated()).toMatchObject({ checked: 1, missing: 0 });
    expect(await bodies()).toEqual([{ id, hash: row?.content_hash }]);
  });

  test('are served from KV until then, and neither deleted nor overwritten', async () => {
    await leave('DELETE FROM details');
    await runInDurableObject(desk(), (_instance: Desk, { storage }) => storage.deleteAlarm());
    expect((await request(`/articles/${id}`)).status).toBe(200);
    expect((await desk().bodyMigration()).state).toBe('running');
    // A rebuild writes its key again.
    await sql(
      `INSERT INTO outbox (key, subject, rank, revision, due_at, attempts) VALUES ('${key}', '{"kind":"article","id":"${id}"}', 1, 1, 0, 0)`,
    );
    await evictDurableObject(desk());
    await desk().backlog();
    await settle();
    expect(await env.KV.get(key)).toBe(inKv.value);
  });

  test('readiness says until when KV must not be emptied, and the operator sees the progress', async () => {
    await leave('DELETE FROM details');
    await runInDurableObject(desk(), (_instance: Desk, { storage }) => storage.deleteAlarm());
    const readiness = async () => (await request('/health/ready')).json();
    const progress = async () => (await asAdmin('/admin/migration', 'GET')).json();
    expect(await readiness()).toMatchObject({ migration: 'running' });
    expect(await progress()).toMatchObject({ state: 'running', checked: 0 });
    await evictDurableObject(desk());
    await migrated();
    expect(await readiness()).not.toHaveProperty('migration');
    expect(await progress()).toEqual({ state: 'done', checked: 1, missing: 0, missingIds: [] });
    expect((await request('/admin/migration')).status).toBe(401);
  });

  test('survive repairs and the daily comparison while they are in KV only, and after', async () => {
    await leave('DELETE FROM details');
    await env.KV.put(key, JSON.stringify({ ...JSON.parse(inKv.value), version: 7 }));
    await desk().repair([key]);
    await sql(`UPDATE articles SET sequence = sequence + 5`);
    await desk().rebuild();
    await migrated();
    await runInDurableObject(desk(), async (_instance: Desk, state) => {
      const { scrub, outbox } = compose(state, env);
      scrub.begin(0);
      for (let now = 1_000_000; scrub.result() === undefined && now < 1_100_000; now += 1_000) {
        await scrub.run(now);
        await outbox.drain();
      }
      expect(scrub.result()?.different).toBeGreaterThan(0);
    });
    await settle();
    expect(await env.KV.get(key)).toContain('"version":7');
  });

  test('are taken before the operator’s withdrawal replaces them', async () => {
    await leave('DELETE FROM details');
    await desk().withdraw(id);
    expect(await env.KV.get(key)).toContain('"status":"withdrawn"');
    expect(await bodies()).toEqual([{ id, hash: row?.content_hash }]);
    expect(await desk().restore(id)).toMatchObject({ found: true });
    expect(await env.KV.get(key)).toContain('Some words.');
  });

  test.each([
    ['a damaged value', '{"id":'],
    ['another version', JSON.stringify({ ...JSON.parse(inKv.value), version: 7 })],
    [
      'a tombstone',
      JSON.stringify({ id, version: 1, status: 'withdrawn', withdrawnAt: '2026-11-20T10:00:00.000Z' }),
    ],
    ['nothing', null],
  ])(
    'are not taken from %s in KV: the article is listed by its id, and KV stays as it is',
    async (_what, value) => {
      if (value === null) await env.KV.delete(key);
      else await env.KV.put(key, value);
      await leave('DELETE FROM details');
      expect(await migrated()).toMatchObject({ checked: 1, missing: 1, missingIds: [id] });
      expect(await bodies()).toEqual([]);
      await sql(
        `INSERT INTO outbox (key, subject, rank, revision, due_at, attempts) VALUES ('${key}', '{"kind":"article","id":"${id}"}', 1, 1, 0, 0)`,
      );
      await evictDurableObject(desk());
      await desk().backlog();
      await settle();
      expect(await env.KV.get(key)).toBe(value);
      expect(await desk().backlog()).toMatchObject({ failing: 0 });
    },
  );

  test('come back when the publisher sends the same content again', async () => {
    await env.KV.delete(key);
    await leave('DELETE FROM details');
    await migrated();
    const { pathname } = new URL(JSON.parse(inKv.value).url);
    expect((await request(pathname)).status).toBe(503);
    const again = payload({
      id: '1',
      headline: 'A headline',
      section: 'City',
      body: { format: 'text', content: 'Some words.' },
    });
    expect(await (await send(again, { secret: stored.secret })).json()).toMatchObject({
      status: 'unchanged',
    });
    expect(await desk().bodyMigration()).toMatchObject({ missing: 0, missingIds: [] });
    await settle();
    expect(await env.KV.get(key)).toContain('Some words.');
  });

  test('are taken anew after a rollback, in which the earlier release changed articles', async () => {
    await migrated();
    const changed = JSON.stringify({ body: [], related: [], corrections: [], translations: [] });
    await sql(`UPDATE articles SET version = 2, content_hash = 'changed' WHERE id = '${id}'`);
    await sql(`INSERT OR REPLACE INTO details (article_id, detail) VALUES ('${id}', '${changed}')`);
    await evictDurableObject(desk());
    expect(await migrated()).toMatchObject({ checked: 1, missing: 0 });
    expect(await bodies()).toEqual([{ id, hash: 'changed' }]);
  });

  test('in steps of at most a hundred keys, which continue after a restart', async () => {
    const names = Array.from({ length: 250 }, (_each, index) => `b${String(index).padStart(15, '0')}`);
    await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
      for (const name of names) {
        storage.sql.exec(
          `INSERT INTO articles (id, publisher, source_id, version, status, changed_at, revised_at, content_hash, card, bytes)
           VALUES (?1, 'gazette', ?1, 1, 'published', '', '', 'hash', '{}', 100)`,
          name,
        );
      }
    });
    for (const name of names) {
      await env.KV.put(`article:${name}`, JSON.stringify({ ...JSON.parse(inKv.value), id: name }));
    }
    await leave('DELETE FROM details');
    const keys: number[] = [];
    const count = () =>
      runInDurableObject(desk(), (instance: Desk) => {
        const { KV } = (instance as unknown as { env: { KV: KVNamespace } }).env;
        const get = KV.get.bind(KV) as (names: string[]) => Promise<Map<string, string | null>>;
        KV.get = ((names: string[]) => {
          keys.push(names.length);
          return get(names);
        }) as unknown as KVNamespace['get'];
      });
    await count();
    await runDurableObjectAlarm(desk());
    expect(await desk().bodyMigration()).toMatchObject({ state: 'running', checked: 100 });
    await evictDurableObject(desk());
    expect(await migrated()).toMatchObject({ checked: 251, missing: 0 });
    expect(keys.reduce((sum, each) => sum + each, 0)).toBe(251);
    expect(Math.max(...keys)).toBeLessThanOrEqual(100);
    await runInDurableObject(desk(), (instance: Desk) => {
      Reflect.deleteProperty((instance as unknown as { env: { KV: KVNamespace } }).env.KV, 'get');
    });
  });
});
