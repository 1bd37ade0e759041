import { evictDurableObject, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { toHex } from '../../src/access/encoding.ts';
import { endpointOwner, sealSecret } from '../../src/access/secrets.ts';
import { RELEASE } from '../../src/admin/backup.ts';
import { backUpToBucket } from '../../src/admin/scheduled-backup.ts';
import type { Bindings } from '../../src/bindings.ts';
import { Desk } from '../../src/desk/desk.ts';
import { BACKED_UP as DESK_TABLES } from '../../src/desk/tables/backed-up.ts';
import { Isolate } from '../../src/isolate.ts';
import type { Subscriptions } from '../../src/push/subscriptions.ts';
import { BACKED_UP as PUSH_TABLES } from '../../src/push/tables/backed-up.ts';
import { closingOf, encodeCursor, readPage, writePage } from '../../src/store/backup-page.ts';
import { asAdmin, payload, register, request, send } from '../client.ts';
import { desk, settle } from '../desk/desk.ts';
import { subscriptions, type TestQueue, withQueue } from '../push/queue.ts';
import { backUp, inDesk, inSubscriptions, outputs, restore, rowsOf, sendPage } from './drill.ts';

let queue: TestQueue;

beforeEach(async () => {
  await reset();
  await settle();
  queue = await withQueue();
  await runInDurableObject(desk(), (instance: Desk) => {
    instance.settlingMs = 0;
  });
});

afterEach(async () => {
  await asAdmin('/admin/import', 'DELETE');
});

/** Loses KV, the Desk and Subscriptions. */
async function lose(): Promise<void> {
  await reset();
  await settle();
  queue = await withQueue();
}

async function rebuilt(): Promise<void> {
  for (let round = 0; round < 200; round += 1) {
    await runDurableObjectAlarm(desk());
    const { state } = (await (await asAdmin('/admin/rebuild', 'GET')).json()) as { state: string };
    if (state === 'done') return settle();
    await scheduler.wait(50);
  }
  throw new Error(`The rebuild does not end: ${JSON.stringify(await desk().backlog())}`);
}

const TOPIC = `${env.ORIGIN}/feeds/all.json`;

interface Filled {
  secret: string;
  partners: Record<string, string>;
}

const article = (id: string, data: object = {}, hour = 10) =>
  payload(
    {
      id,
      headline: `Headline ${id}`,
      section: 'City',
      tags: ['नदी', 'x/y'],
      authors: [{ name: 'A. Writer' }],
      publishedAt: `2026-11-20T${hour}:00:00Z`,
      body: { format: 'html', content: `<p>Words of ${id} &amp; more.</p>` },
      ...data,
    },
    'article.published',
    `2026-11-20T${hour}:00:00Z`,
  );

const update = (id: string, hour: number, data: object = {}) =>
  article(id, { updatedAt: `2026-11-20T${hour}:00:00Z`, ...data }, 10).replace(
    'article.published',
    'article.updated',
  );

const withdrawal = (id: string, hour: number) =>
  JSON.stringify({ type: 'article.withdrawn', timestamp: `2026-11-20T${hour}:00:00Z`, data: { id } });

const idOf = async (sourceId: string): Promise<string> =>
  inDesk((sql) => String(sql.exec('SELECT id FROM articles WHERE source_id = ?', sourceId).one().id));

async function accepted(body: string, secret: string, id?: string): Promise<void> {
  const response = await send(body, { secret, ...(id !== undefined && { id }) });
  expect([response.status, await response.text()]).toEqual([202, expect.any(String)]);
}

/** A site with articles in every status, accounts, settings and subscribers. */
async function fill(): Promise<Filled> {
  let secret = await register('gazette', { url: 'https://gazette.example', language: 'en' });
  await asAdmin('/admin/site', 'PUT', { name: 'The Site', description: 'समाचार' });
  const rotated = await asAdmin('/admin/publishers/gazette/secrets?grace=3600', 'POST');
  secret = ((await rotated.json()) as { secret: string }).secret;
  const partners: Record<string, string> = {};
  for (const id of ['mirror', 'wire']) {
    const created = await asAdmin(`/admin/partners/${id}`, 'PUT', { name: id });
    partners[id] = ((await created.json()) as { token: string }).token;
  }
  await subscriptions().saveEndpoint({
    partner: 'wire',
    url: 'https://wire.example/hook',
    sealedSecret: await sealSecret(env.SECRETS_KEY, endpointOwner('wire'), 'whsec_c2VjcmV0'),
  });
  await subscriptions().request({
    ...{ mode: 'subscribe', topic: TOPIC, path: '/feeds/all', callback: 'https://reader.example/hook' },
    ...{ secret: null, leaseSeconds: 36_000 },
  });
  const verify = queue.taken.find((message) => message.kind === 'verify');
  if (verify?.kind === 'verify') await subscriptions().confirm(verify.intent);

  const soon = new Date(Date.now() + 3_600_000).toISOString();
  await accepted(article('plain'), secret, 'first');
  await accepted(article('updated'), secret);
  for (const hour of [11, 12]) await accepted(update('updated', hour, { summary: `At ${hour}.` }), secret);
  await accepted(article('embargoed', { embargoUntil: soon }), secret);
  await accepted(article('shown'), secret);
  await settle();
  await accepted(update('shown', 11, { embargoUntil: soon }), secret);
  await accepted(article('expiring', { expiresAt: soon }), secret);
  await accepted(article('expired', { expiresAt: '2026-11-20T11:00:00Z' }), secret);
  for (const id of ['gone', 'taken']) await accepted(article(id), secret);
  await settle();
  await accepted(withdrawal('gone', 12), secret);
  await asAdmin(`/admin/articles/${await idOf('taken')}/withdraw`, 'POST', { reason: 'legal' });
  for (let number = 0; number < 12; number += 1)
    await accepted(article(`more-${number}`, { language: 'hi', headline: `शीर्षक ${number}` }), secret);
  expect((await send('{}', { secret })).status).toBe(422);
  await settle();
  return { secret, partners };
}

/** What subscribers are owed: a row for each, without what only concerns its next attempt. */
const owed = () =>
  inSubscriptions((sql) =>
    sql
      .exec(
        'SELECT subscription, subject, sequence, changed_at, delivery_id, attempts FROM deliveries ORDER BY 1, 2',
      )
      .toArray(),
  );

const announced = async (): Promise<void> => {
  for (let round = 0; round < 200 && (await desk().backlog()).unannounced > 0; round += 1) {
    await runDurableObjectAlarm(desk());
    await scheduler.wait(20);
  }
  // The queue's consumer passes them on.
  for (let round = 0, before = -1; round < 300; round += 1) {
    const rows = (await owed()).length;
    if (rows === before && round > 60) return;
    before = rows;
    await scheduler.wait(25);
  }
};

describe('the drill', () => {
  test('a site that changes is backed up, lost and restored: every output is as before', async () => {
    const { secret, partners } = await fill();
    await announced();
    // The reader has the newest feed; the partner is owed everything.
    for (const delivery of await subscriptions().claim(queue.deliveries, 'fast')) {
      if (delivery.kind === 'feed')
        await subscriptions().settle([
          { ...delivery, result: 'accepted', digest: 'as it was', milliseconds: 1 },
        ]);
    }
    // Readers have read something: lists of the most read are in pages, and have a time of their own.
    await desk().countViews([
      [await idOf('plain'), 3],
      [await idOf('updated'), 1],
    ]);
    await settle();
    const changing = async (page: number) => {
      const number = page % 5;
      if (page > 12) return;
      if (number === 0) await accepted(update(`more-${page % 12}`, 13, { summary: `Page ${page}` }), secret);
      if (number === 1) await accepted(article(`new-${page}`), secret);
      if (number === 2) await accepted(withdrawal(`more-${page % 12}`, 14), secret);
      if (number === 3) await asAdmin('/admin/partners/mirror', 'PUT', { name: `Mirror ${page}` });
      if (number === 4) await settle();
      if (page === 12) await announced();
    };
    const pages = await backUp(25, changing);
    expect(pages.length).toBeGreaterThan(15);
    await settle();
    await announced();
    const before = await outputs(partners);
    expect(Object.keys(before).length).toBeGreaterThan(100);
    const statuses = Object.values(before).map((each) => (Array.isArray(each) ? each[0] : 200));
    for (const status of [200, 404, 410]) expect(statuses).toContain(status);
    const owedBefore = await owed();
    expect(owedBefore.length).toBeGreaterThan(5);
    const tables = DESK_TABLES.map(({ name }) => name).filter((name) => !/outbox|announce|purges/.test(name));
    const rowsBefore = await inDesk((sql) => rowsOf(sql, tables));

    await lose();
    await restore(pages);
    expect(await (await asAdmin('/admin/import', 'GET')).json()).toMatchObject({
      state: 'done',
      page: pages.length,
      subscriptions: 'taken',
    });
    await rebuilt();
    await announced();
    expect(await outputs(partners)).toEqual(before);
    const rowsAfter = await inDesk((sql) => rowsOf(sql, tables));
    const local = (rows: typeof rowsAfter) => ({
      ...rows,
      settings: rows.settings?.filter(({ name }) => name === 'site'),
    });
    expect(local(rowsAfter)).toEqual(local(rowsBefore));
    expect(await owed()).toEqual(owedBefore);
    // Each delivery that is owed has one message, and there is no other.
    expect(queue.deliveries.length).toBe(owedBefore.length);

    // As before: a replay, the next correction, an embargo, the operator's own withdrawal.
    const again = await send(article('plain'), { secret, id: 'first' });
    expect(await again.json()).toMatchObject({ status: 'duplicate' });
    const stale = await send(article('updated'), { secret });
    expect(await stale.json()).toMatchObject({ status: 'stale' });
    const corrected = await send(update('updated', 15, { headline: 'Corrected' }), { secret });
    // The lost site may have given numbers after the backup. They are not used again.
    expect(await corrected.json()).toMatchObject({ article: { version: 1_003 } });
    const restored = await asAdmin(`/admin/articles/${await idOf('taken')}/restore`, 'POST');
    expect(restored.status).toBe(200);
    expect(await (await request(`/articles/${await idOf('taken')}`)).text()).toContain('Words of taken');
    const last = Math.max(...(before.changes as { seq: number }[]).map(({ seq }) => seq));
    const { changes } = (await (await request(`/changes?after=${last}`)).json()) as {
      changes: { seq: number }[];
    };
    expect(changes.map(({ seq }) => seq)).toEqual([last + 1_000_000, last + 1_000_001]);
  });
});

const { ARCHIVE } = env as unknown as { ARCHIVE: R2Bucket };
const archivedObjects = async () => (await ARCHIVE.list()).objects.map(({ key }) => key);

async function emptyArchive(): Promise<void> {
  for (const key of await archivedObjects()) await ARCHIVE.delete(key);
}

/** Has the Desk move everything to R2 that it has by now. */
async function archive(): Promise<void> {
  const changedAt = new Date(Date.now() - 8 * 86_400_000).toISOString();
  await inDesk((sql) => sql.exec('UPDATE articles SET changed_at = ? WHERE sequence IS NOT NULL', changedAt));
  const isLeft = () =>
    inDesk(
      (sql) =>
        sql
          .exec(
            `SELECT 1 FROM bodies JOIN articles ON id = article_id WHERE sequence IS NOT NULL
             UNION ALL SELECT 1 FROM versions JOIN articles ON id = article_id
             WHERE sequence IS NOT NULL AND LENGTH(gzips) > 0`,
          )
          .toArray().length > 0,
    );
  for (let round = 0; round < 100 && (await isLeft()); round += 1) {
    await runDurableObjectAlarm(desk());
    await scheduler.wait(50);
  }
  expect(await isLeft()).toBe(false);
}

/** Every earlier version with its content. */
async function allVersions(): Promise<unknown[]> {
  const ids = await inDesk((sql) =>
    sql.exec<{ id: string }>('SELECT id FROM articles ORDER BY id').toArray(),
  );
  const shown = [];
  for (const { id } of ids) {
    const path = `/admin/articles/${id}/versions`;
    const { versions } = (await (await asAdmin(path, 'GET')).json()) as { versions: { version: number }[] };
    for (const { version } of versions) shown.push(await (await asAdmin(`${path}/${version}`, 'GET')).json());
  }
  return shown;
}

describe('bodies and versions in R2', () => {
  beforeEach(emptyArchive);
  afterEach(emptyArchive);

  test('are in a backup of a site that changes, which is restored without the bucket', async () => {
    const { secret, partners } = await fill();
    await accepted(update('plain', 11, { summary: 'Once.' }), secret);
    await asAdmin('/admin/site', 'PUT', { name: 'The Site', archiveAfterDays: 7 });
    await settle();
    await archive();
    expect((await archivedObjects()).length).toBeGreaterThan(15);
    const changing = async (page: number) => {
      if (page === 3) await accepted(update('more-1', 13, { summary: 'Now.' }), secret);
      if (page === 6) await accepted(withdrawal('more-2', 14), secret);
      if (page === 8) await archive();
      if (page === 9) await accepted(withdrawal('more-1', 14), secret);
      if (page === 10) await accepted(update('more-3', 14, { summary: 'Again.' }), secret);
      if (page === 11) await settle();
    };
    const pages = await backUp(25, changing);
    expect(pages.length).toBeGreaterThan(11);
    await settle();
    await announced();
    const before = await outputs(partners);
    const versions = await allVersions();
    expect(versions.length).toBeGreaterThan(3);
    await lose();
    await emptyArchive();
    await restore(pages);
    await rebuilt();
    expect(await outputs(partners)).toEqual(before);
    expect(await allVersions()).toEqual(versions);
    expect(pages.join('')).not.toMatch(/"archived_bodies","row"|\\"object\\":/);
    // The old bodies move to this site's bucket.
    await archive();
    expect((await archivedObjects()).length).toBeGreaterThan(15);
    expect(await allVersions()).toEqual(versions);
    const withdrawn = await idOf('more-1');
    expect(
      await inDesk((sql) => sql.exec('SELECT 1 FROM bodies WHERE article_id = ?', withdrawn).toArray()),
    ).toEqual([]);
    const taken = await asAdmin(`/admin/articles/${await idOf('taken')}/restore`, 'POST');
    expect(taken.status).toBe(200);
  });

  test('make pages of bounded bytes', async () => {
    const secret = await register();
    const random = () => toHex(crypto.getRandomValues(new Uint8Array(60_000)));
    for (let number = 0; number < 30; number += 1)
      await accepted(
        article(`big-${number}`, { body: { format: 'html', content: `<p>${random()}</p>` } }),
        secret,
      );
    await asAdmin('/admin/site', 'PUT', { archiveAfterDays: 7 });
    await settle();
    await archive();
    const pages = await backUp();
    expect(pages.join('').length).toBeGreaterThan(2_400_000);
    for (const page of pages) expect(page.length).toBeLessThan(2.2 * 1_048_576);
  });

  test('stop the backup while R2 fails, and leave it whole when R2 has lost one, which then is 503', async () => {
    const { secret, id } = await backedUp();
    await asAdmin('/admin/site', 'PUT', { archiveAfterDays: 7 });
    await settle();
    await archive();
    const [lost = ''] = (await archivedObjects()).filter((key) => key.includes(id));
    const failing = await runInDurableObject(desk(), async (_instance: Desk, state) => {
      const { ARCHIVE: _bound, ...unbound } = env as unknown as { ARCHIVE: R2Bucket };
      return new Desk(state, unbound as Bindings).exportPage(undefined, 100).catch(String);
    });
    expect(failing).toContain('not bound');
    await ARCHIVE.delete(lost);
    const pages = await backUp();
    expect((await desk().backlog()).archive).toBe('incomplete');
    await lose();
    await emptyArchive();
    await restore(pages);
    await rebuilt();
    expect((await request(`/articles/${id}`)).status).toBe(503);
    expect((await request(`/articles/${await idOf('b')}`)).status).toBe(200);
    expect((await desk().backlog()).archive).toBe('incomplete');
    // It comes back when the publisher sends it again.
    expect(await (await send(article('a'), { secret })).json()).toMatchObject({ status: 'unchanged' });
    await settle();
    expect(await (await request(`/articles/${id}`)).text()).toContain('Words of a');
    expect((await desk().backlog()).archive).not.toBe('incomplete');
  });
});

/** A small site and its backup in pages of a few rows. */
async function backedUp(limit = 12): Promise<{ pages: string[]; secret: string; id: string }> {
  const secret = await register();
  for (const id of ['a', 'b', 'c']) await accepted(article(id), secret);
  await settle();
  const id = await idOf('a');
  return { pages: await backUp(limit), secret, id };
}

const progress = async () => (await asAdmin('/admin/import', 'GET')).json();

/** A page with another content, closed anew. */
async function reclosed(page: string, change: (content: string) => string, cursor = ''): Promise<string> {
  const { manifest, lines, sha256: _sha256, next, ...closing } = await readPage(cursor, page);
  const head = manifest === undefined ? '' : `${JSON.stringify({ manifest })}\n`;
  const changed = change(head + lines);
  const [first = '', ...rest] = changed.split('\n');
  return writePage(
    cursor,
    manifest === undefined
      ? { ...closing, lines: changed }
      : {
          ...closing,
          manifest: (JSON.parse(first) as { manifest: NonNullable<typeof manifest> }).manifest,
          lines: rest.join('\n'),
        },
    () => next,
  );
}

test('while a restore runs, the site answers 503, does nothing, and goes on after a restart', async () => {
  const { pages, secret, id } = await backedUp();
  expect(pages.length).toBeGreaterThan(3);
  await lose();
  const isolate = new Isolate();
  await restore(pages.slice(0, 2));
  expect(await progress()).toMatchObject({ state: 'running', page: 2 });
  for (const path of [`/articles/${id}`, '/feeds/sections/City.json', '/changes', `/news/${id}`, '/articles'])
    expect([path, (await request(path, {}, { isolate })).status]).toEqual([path, 503]);
  const delivery = await send(article('d'), { secret });
  expect([delivery.status, delivery.headers.get('Retry-After')]).toEqual([503, '5']);
  for (const path of ['/admin/publishers', '/admin/export', '/admin/subscriptions'])
    expect([path, (await asAdmin(path, 'GET')).status]).toEqual([path, 503]);
  expect((await request('/health/ready')).status).toBe(503);
  const keys = async () => (await env.KV.list()).keys.length;
  const before = await keys();
  await runInDurableObject(desk(), (instance: Desk) => instance.alarm());
  await runInDurableObject(subscriptions(), (instance: Subscriptions) => instance.alarm());
  expect(await keys()).toBe(before);

  await evictDurableObject(desk());
  await evictDurableObject(subscriptions());
  expect((await request(`/articles/${id}`)).status).toBe(503);
  // A page again, the wrong page, a damaged page: the right one still fits.
  expect((await sendPage(pages[1] ?? '')).status).toBe(200);
  const wrong = await sendPage(pages[3] ?? '');
  expect([wrong.status, await wrong.json()]).toEqual([
    409,
    expect.objectContaining({ detail: expect.stringContaining('Page 3 is due') }),
  ]);
  expect((await sendPage((pages[2] ?? '').replace('"table"', '"tabel"'))).status).toBe(400);
  await restore(pages.slice(2));
  expect((await sendPage(pages.at(-1) ?? '')).status).toBe(200);
  await rebuilt();
  // Not remembered as unknown by the isolate that asked meanwhile.
  expect((await request(`/articles/${id}`, {}, { isolate })).status).toBe(200);
  expect((await send(article('d'), { secret })).status).toBe(202);
});

describe('after a restore from a backup that is older than the loss', () => {
  test('no copy and no cursor of the lost site is taken for a current one', async () => {
    const secret = await register();
    await accepted(article('a'), secret);
    await settle();
    const pages = await backUp();
    const later = await send(update('a', 11, { headline: 'Lost' }), { secret });
    const { id } = ((await later.json()) as { article: { id: string } }).article;
    await accepted(article('lost'), secret);
    await settle();
    const paths = [
      `/articles/${id}`,
      '/feeds/all.json',
      '/feeds/all.rss',
      '/feeds/tags/x%2Fy.atom',
      '/articles',
    ];
    const held = await Promise.all(
      paths.map(async (path) => (await request(path)).headers.get('ETag') ?? ''),
    );
    const { changes } = (await (await request('/changes')).json()) as { changes: { seq: number }[] };

    await lose();
    await restore(pages);
    await rebuilt();
    await accepted(update('a', 12, { headline: 'Correct' }), secret);
    await accepted(article('new'), secret);
    await settle();
    for (const [index, path] of paths.entries()) {
      const response = await request(path, { headers: { 'If-None-Match': held[index] ?? '' } });
      expect([path, response.status]).toEqual([path, 200]);
      expect(await response.text()).not.toContain('Lost');
    }
    const missed = await request(`/changes?after=${changes.at(-1)?.seq}`);
    expect(((await missed.json()) as { changes: unknown[] }).changes).toHaveLength(2);
  });

  test('nothing is corrected on the way, so that nothing is announced', async () => {
    const secret = await register();
    for (const id of ['a', 'b']) await accepted(article(id), secret);
    await settle();
    // As an earlier release left them, before a rebuild.
    await inDesk((sql) => {
      sql.exec("UPDATE articles SET updated_at = '2062-01-01T00:00:00.000Z' WHERE source_id = 'a'");
      sql.exec("DELETE FROM memberships WHERE kind = 'tags' AND name = 'x/y'");
    });
    const pages = await backUp();
    const numbers = () =>
      inDesk((sql) => sql.exec('SELECT source_id, version, sequence FROM articles ORDER BY 1').toArray());
    const before = await numbers();
    await lose();
    await restore(pages);
    await rebuilt();
    expect(await numbers()).toEqual(before);
    expect(await desk().backlog()).toMatchObject({ unannounced: 0 });
  });
});

test('a restore whose last page fails between the two objects can be finished', async () => {
  const { pages, secret } = await backedUp();
  await lose();
  await restore(pages.slice(0, -1));
  const failing = (method: string) => ({
    SUBSCRIPTIONS: {
      getByName: (...name: Parameters<typeof env.SUBSCRIPTIONS.getByName>) =>
        new Proxy(env.SUBSCRIPTIONS.getByName(...name), {
          get: (stub, property) =>
            property === method
              ? () => Promise.reject(Object.assign(new Error('Lost.'), { retryable: true }))
              : (...given: unknown[]) => Reflect.get(stub, property)(...given),
        }),
    },
  });
  expect((await sendPage(pages.at(-1) ?? '', failing('finishImport'))).status).toBe(503);
  expect(await progress()).toMatchObject({ state: 'running', page: pages.length - 1 });
  await restore(pages.slice(-1));
  expect(await progress()).toMatchObject({ state: 'done' });
  expect((await asAdmin('/admin/subscriptions', 'GET')).status).toBe(200);
  await rebuilt();
  expect((await send(article('z'), { secret })).status).toBe(202);
});

test('a restore can be abandoned: the site is empty, and can begin again', async () => {
  const { pages, id } = await backedUp();
  await lose();
  await restore(pages.slice(0, -1));
  expect((await asAdmin('/admin/import', 'DELETE')).status).toBe(204);
  expect((await asAdmin('/admin/import', 'DELETE')).status).toBe(409);
  expect(await progress()).toMatchObject({ state: 'never', page: 0 });
  await settle();
  expect((await request(`/articles/${id}`)).status).toBe(404);
  expect(await (await asAdmin('/admin/publishers', 'GET')).json()).toEqual({ publishers: [] });
  // The triggers work again.
  const secret = await register();
  await accepted(article('z'), secret);
  expect(await inDesk((sql) => sql.exec('SELECT articles FROM days').toArray())).toEqual([{ articles: 1 }]);
  expect((await sendPage(pages[0] ?? '')).status).toBe(409);
});

describe('a restore is refused', () => {
  test('under another SECRETS_KEY, before the first row', async () => {
    const { pages } = await backedUp();
    await lose();
    const refused = await sendPage(pages[0] ?? '', { SECRETS_KEY: btoa('another key of thirty-two bytes!') });
    expect([refused.status, await refused.text()]).toEqual([
      409,
      expect.stringContaining('another SECRETS_KEY'),
    ]);
    expect(await progress()).toMatchObject({ state: 'never' });
    expect((await request('/articles')).status).toBe(200);
  });

  test('into a site that is not empty, which goes on as before', async () => {
    const { pages, secret, id } = await backedUp();
    const refused = await sendPage(pages[0] ?? '');
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('not empty')]);
    expect((await request(`/articles/${id}`)).status).toBe(200);
    await accepted(article('more'), secret);
    await settle();
    expect((await request(`/articles/${await idOf('more')}`)).status).toBe(200);
    await lose();
    await asAdmin('/admin/site', 'PUT', { name: 'Mine' });
    expect((await sendPage(pages[0] ?? '')).status).toBe(409);
    await lose();
    await subscriptions().saveEndpoint({ partner: 'wire', url: 'https://wire.example/', sealedSecret: '' });
    expect((await sendPage(pages[0] ?? '')).status).toBe(409);
    expect(await progress()).toMatchObject({ state: 'never' });
  });

  test('with another schema, and the answer names the release', async () => {
    const { pages } = await backedUp();
    await lose();
    const other = await reclosed(pages[0] ?? '', (text) => text.replace(/"desk":\d+/, '"desk":3'));
    const refused = await sendPage(other);
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining(RELEASE)]);
    const newer = await reclosed(pages[0] ?? '', (text) => text.replace('"format":1', '"format":2'));
    expect((await sendPage(newer)).status).toBe(409);
    expect(RELEASE).toBe(packageJson.version);
  });

  test.each([
    ['of an unlisted table', '{"table":"schema_versions","row":{"version":99}}'],
    ['of a table of SQLite', '{"table":"sqlite_master","row":{"name":"x"}}'],
    ['of a job of this deployment', '{"table":"settings","row":{"name":"rebuild","value":"{}"}}'],
    ['with an unknown column', '{"table":"publishers","row":{"id":"x","secret":"y"}}'],
    ['that breaks a constraint', '{"table":"articles","row":{"id":"x","status":"nothing"}}'],
  ])('as a page, when a row is %s', async (_what, row) => {
    const { pages } = await backedUp();
    await lose();
    const changed = await reclosed(pages[0] ?? '', (text) => text.replace(/\n\{"table".*\n/, `\n${row}\n`));
    const refused = await sendPage(changed);
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('Page 1, line 2')]);
    expect((await sendPage(pages[0] ?? '')).status).toBe(200);
  });

  test('when pages are damaged, swapped, missing or no pages at all', async () => {
    const { pages } = await backedUp();
    await lose();
    const [first = '', second = '', third = ''] = pages;
    const status = async (page: string) => (await sendPage(page)).status;
    expect(await status('')).toBe(400);
    expect(await status('{}\n')).toBe(400);
    expect(await status(second)).toBe(409);
    for (const at of [20, Math.floor(first.length / 2), first.length - 90]) {
      const damaged = first.slice(0, at) + (first[at] === 'x' ? 'y' : 'x') + first.slice(at + 1);
      expect([at, await status(damaged)]).toEqual([at, 400]);
    }
    expect(await status(first.slice(0, -1))).toBe(400);
    expect(await status(first)).toBe(200);
    // A page of another backup, in the right place.
    expect(await status(third.replace('"page":3', '"page":2'))).toBe(400);
    expect(await status(second)).toBe(200);
    const large = await request('/admin/import', {
      method: 'POST',
      headers: { Authorization: `Bearer ${env.ADMIN_TOKEN}`, 'Content-Type': 'application/x-ndjson' },
      body: 'x'.repeat(9_000_000),
    });
    expect(large.status).toBe(413);
    expect((await asAdmin('/admin/import', 'POST', {})).status).toBe(415);
  });
});

test('under another origin, subscriptions and endpoints are left out', async () => {
  await fill();
  const pages = await backUp();
  await lose();
  const bindings = { ORIGIN: 'https://staging.example' };
  await restore(pages, bindings);
  const shown = await request(
    '/admin/import',
    { headers: { Authorization: `Bearer ${env.ADMIN_TOKEN}` } },
    { bindings },
  );
  expect(await shown.json()).toMatchObject({ state: 'done', subscriptions: 'left out' });
  await rebuilt();
  expect(await subscriptions().list('', 10)).toMatchObject({ subscriptions: [] });
  expect(await owed()).toEqual([]);
  expect(queue.taken).toEqual([]);
});

describe('a backup', () => {
  test('must begin again from a cursor whose changes are no longer recorded', async () => {
    const { secret } = await backedUp();
    const page = await asAdmin('/admin/export?limit=5', 'GET');
    const text = new TextDecoder().decode(await page.arrayBuffer());
    const { next } = closingOf(text);
    expect((await asAdmin(`/admin/export?after=${next}`, 'GET')).status).toBe(200);
    // Days later.
    await inDesk((sql) => sql.exec('UPDATE backup_log SET used_at = 1'));
    await runInDurableObject(desk(), (instance: Desk) => instance.alarm());
    expect(
      await inDesk((sql) => sql.exec("SELECT 1 FROM sqlite_master WHERE name LIKE 'backup%'").toArray()),
    ).toEqual([]);
    const refused = await asAdmin(`/admin/export?after=${next}`, 'GET');
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('begin again')]);
    await accepted(article('later'), secret);
    for (const after of ['x', 'e30', btoa('{"page":2}')])
      expect([after, (await asAdmin(`/admin/export?after=${after}`, 'GET')).status]).toEqual([after, 400]);
    const subs = encodeCursor({
      ...{ page: 9, before: '', rows: 1, object: 'subscriptions', position: null },
      desk: { sequence: 1, at: '2026-11-20T10:00:00.000Z', settlesAt: 0 },
    });
    expect((await asAdmin(`/admin/export?after=${subs}`, 'GET')).status).toBe(409);
  });

  test('has what the Desk announced just before, though the queue still held it', async () => {
    const { secret } = await fill();
    await announced();
    await runInDurableObject(desk(), (instance: Desk) => {
      instance.settlingMs = 4_000;
    });
    await accepted(update('plain', 16, { summary: 'At the last moment.' }), secret);
    await settle();
    for (let round = 0; round < 100 && (await desk().backlog()).unannounced > 0; round += 1) {
      await runDurableObjectAlarm(desk());
      await scheduler.wait(20);
    }
    const pages = await backUp();
    const id = await idOf('plain');
    const part = pages.at(-1) ?? '';
    expect(part).toContain('"object":"subscriptions"');
    expect(part).toMatch(new RegExp(`"table":"deliveries".*"subject":"${id}","sequence":2`));
  });

  test('waits until the Desk has every body', async () => {
    await backedUp();
    await inDesk((sql) => sql.exec("DELETE FROM settings WHERE name = 'bodies'"));
    await evictDurableObject(desk());
    const refused = await asAdmin('/admin/export', 'GET');
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('earlier release')]);
  });

  test('needs the operator’s token, and shows no secret', async () => {
    const { pages, secret } = await backedUp();
    expect(pages.join('')).not.toContain(secret);
    for (const method of ['GET', 'POST', 'DELETE'])
      expect((await request('/admin/import', { method })).status).toBe(401);
    expect((await request('/admin/export')).status).toBe(401);
  });

  test('has every table of both objects, but what an import must not bring', async () => {
    const leftOut = [
      'schema_versions',
      'schema_readers',
      'sqlite_sequence',
      'backup_log',
      'backup_changes',
      'import_state',
      'archive_deletions',
      'retries',
    ];
    for (const [inObject, tables] of [
      [inDesk, DESK_TABLES],
      [inSubscriptions, PUSH_TABLES],
    ] as const) {
      const names = await inObject((sql) =>
        sql
          .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
          .toArray()
          .map(({ name }) => name)
          .filter((name) => !name.startsWith('_cf')),
      );
      expect(names.filter((name) => !leftOut.includes(name)).sort()).toEqual(
        tables.map(({ name }) => name).sort(),
      );
      for (const { name, key } of tables) {
        const columns = await inObject((sql) =>
          sql
            .exec<{ name: string }>(`SELECT name FROM pragma_table_info('${name}') WHERE pk > 0 ORDER BY pk`)
            .toArray(),
        );
        expect([name, columns.map((column) => column.name)]).toEqual([name, [...key]]);
      }
    }
  });
});

describe('a backup in R2', () => {
  const { BACKUPS } = env as unknown as { BACKUPS: R2Bucket };
  const bindings = { ...env, BACKUPS };
  const keys = async () => (await BACKUPS.list()).objects.map(({ key }) => key);
  const DAY = 86_400_000;
  const AT = Date.parse('2026-11-29T03:00:00.000Z');

  beforeEach(async () => {
    for (const key of await keys()) await BACKUPS.delete(key);
  });

  test('is written over several runs, restored from its pages, and replaced by newer ones', async () => {
    const { id } = await backedUp();
    const few = { maxPages: 2, rows: 6, kept: 2 };
    expect(await backUpToBucket(bindings, AT, few)).toBe(false);
    const folder = 'backups/2026-11-29T03:00:00.000Z/';
    expect(await keys()).toEqual([`${folder}000001.ndjson`, `${folder}000002.ndjson`]);
    // The next run continues, whatever its time.
    let runs = 1;
    for (; !(await backUpToBucket(bindings, AT + 1_000, few)); runs += 1) expect(runs).toBeLessThan(20);
    expect(runs).toBeGreaterThan(1);
    const all = await keys();
    expect(all.every((key) => key.startsWith(folder))).toBe(true);
    const pages = await Promise.all(
      all
        .filter((key) => key.endsWith('.ndjson'))
        .map(async (key) => (await (await BACKUPS.get(key))?.text()) ?? ''),
    );
    const complete = await (await BACKUPS.get(`${folder}complete.json`))?.json();
    expect(complete).toMatchObject({ pages: pages.length, rows: expect.any(Number) });

    // The cron is hourly, but a backup is made once a day.
    for (const hour of [1, 12, 23])
      expect(await backUpToBucket(bindings, AT + hour * 3_600_000, few)).toBe(false);
    expect(await keys()).toEqual(all);
    for (const day of [1, 2]) expect(await backUpToBucket(bindings, AT + day * DAY, { kept: 2 })).toBe(true);
    const folders = new Set((await keys()).map((key) => key.split('/')[1]));
    expect([...folders]).toEqual(['2026-11-30T03:00:00.000Z', '2026-12-01T03:00:00.000Z']);

    await lose();
    await restore(pages);
    await rebuilt();
    expect((await request(`/articles/${id}`)).status).toBe(200);
  });

  test('is noted as complete by the next run when the one that wrote its last page could not do so', async () => {
    await backedUp();
    expect(await backUpToBucket(bindings, AT)).toBe(true);
    const all = await keys();
    const noted = all.filter((key) => key.endsWith('complete.json'));
    expect(noted).toHaveLength(1);
    const [complete = ''] = noted;
    const end = await (await BACKUPS.get(complete))?.json();
    await BACKUPS.delete(complete);
    expect(await backUpToBucket(bindings, AT + 3_600_000)).toBe(true);
    expect(await keys()).toEqual(all);
    expect(await (await BACKUPS.get(complete))?.json()).toEqual(end);
  });

  test('begins again when it cannot go on, and does nothing without a bucket', async () => {
    await backedUp();
    expect(await backUpToBucket(bindings, AT, { maxPages: 1, rows: 5 })).toBe(false);
    await inDesk((sql) => sql.exec('UPDATE backup_log SET used_at = 1'));
    await runInDurableObject(desk(), (instance: Desk) => instance.alarm());
    expect(await backUpToBucket(bindings, AT + DAY)).toBe(true);
    expect((await keys()).every((key) => key.startsWith('backups/2026-11-30'))).toBe(true);
    const { BACKUPS: _none, ...without } = bindings;
    expect(await backUpToBucket(without, AT)).toBe(false);
  });
});
