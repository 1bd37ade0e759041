import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Desk } from '../../src/desk/desk.ts';
import type { Article } from '../../src/domain/article.ts';
import { asAdmin, payload, request, send, store } from '../client.ts';
import { desk, settle } from './desk.ts';
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
