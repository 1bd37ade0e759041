import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Change, ImportProgress } from '../../src/desk/contract/messages.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { decodeEtag } from '../../src/feeds/etag.ts';
import type { Subscriptions } from '../../src/push/subscriptions.ts';
import { asAdmin, register, request } from '../client.ts';
import { subscriptions } from '../push/queue.ts';
import {
  cardsIn,
  deliverAll,
  desk,
  freshDesk,
  idOf,
  inDesk,
  inKv,
  published,
  rebuilt,
  revisionOf,
  settle,
  updated,
  withdrawn,
} from './desk.ts';
import { goBack, mark, until, withPointInTime } from './point-in-time.ts';

const T1 = '2026-11-20T10:00:00.000Z';
const T2 = '2026-11-20T11:00:00.000Z';
const T3 = '2026-11-20T12:00:00.000Z';
const ALL = { kind: 'all' } as const;

beforeEach(freshDesk);

const article = (name: string, at = T1, headline = `Headline of ${name}`, more = {}) =>
  published(name, at, { sourceId: name, headline, section: 'City', publishedAt: T1, updatedAt: at, ...more });

const changes = async (after = 0): Promise<Change[]> => (await desk().changes(after, 1_000)).changes;

const keysOfKv = async () => (await env.KV.list()).keys.map(({ name }) => name);

const sequenceOf = async (path: string): Promise<number> =>
  decodeEtag((await request(path)).headers.get('ETag') ?? '')?.sequence ?? Number.NaN;

/** The Desk works again and has written KV; what only KV knows may still be there. */
async function applied() {
  const progress = await until('rebuilding');
  await rebuilt();
  await settle();
  return progress;
}

describe('a recovery', () => {
  test('brings back what was lost, and uses no sequence number and no version twice', async () => {
    await article('kept');
    await article('fixed');
    await settle();
    const bookmark = await mark();
    for (const [at, headline] of [
      [T2, 'Second'],
      [T3, 'Third'],
    ] as const)
      await updated('fixed', at, { sourceId: 'fixed', headline, section: 'City', publishedAt: T1 });
    await settle();
    const before = await changes();
    const last = Math.max(...before.map(({ seq }) => seq));
    const feedBefore = await sequenceOf('/feeds/all.json');

    const planned = await goBack({ bookmark });
    expect(planned).toMatchObject({ state: 'planned', bookmark, sequence: last, undo: expect.any(String) });
    expect(await applied()).toMatchObject({
      articles: { checked: 2, withdrawn: 0, reverted: 1, removed: 0 },
      undo: planned.undo,
    });

    const after = await changes(last);
    expect(after).toEqual([
      { seq: last + 1, kind: 'upsert', id: idOf('fixed'), version: 4, at: expect.any(String) },
    ]);
    // What did not change since keeps its place.
    expect((await changes())[0]).toEqual(before.find(({ id }) => id === idOf('kept')));
    expect(await inKv('fixed')).toMatchObject({ version: 4, headline: 'Headline of fixed' });
    expect(await sequenceOf('/feeds/all.json')).toBeGreaterThan(feedBefore);
    await article('new', T3);
    expect((await changes(last + 1))[0]).toMatchObject({ seq: last + 2, id: idOf('new') });
    // What was lost is accepted again.
    const again = { sourceId: 'fixed', headline: 'Third', section: 'City', publishedAt: T1 };
    expect(await updated('fixed', T3, again)).toMatchObject({ status: 'accepted', article: { version: 5 } });
  });

  test('leaves withdrawn what was withdrawn after the point, whoever withdrew it', async () => {
    for (const name of ['barred', 'retracted', 'erased', 'ended', 'secret']) await article(name);
    await settle();
    const bookmark = await mark();
    await withdrawn('retracted', T2);
    await desk().withdraw(idOf('barred'), 'A court order');
    await desk().withdraw(idOf('erased'));
    await desk().erase(idOf('erased'));
    await article('ended', T2, 'Expired', { expiresAt: T2 });
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    await article('secret', T2, 'Hidden', { embargoUntil: soon });
    await settle();
    const last = Math.max(...(await changes()).map(({ seq }) => seq));

    await goBack({ bookmark });
    await applied();

    for (const name of ['barred', 'retracted', 'erased', 'ended']) {
      expect([name, await inKv(name)]).toEqual([name, expect.objectContaining({ status: 'withdrawn' })]);
      expect((await request(`/articles/${idOf(name)}`)).status).toBe(410);
    }
    expect(await inKv('barred')).toMatchObject({ reason: 'A court order' });
    expect(await inDesk('secret')).toBeNull();
    expect(await cardsIn(ALL)).toEqual([]);
    expect((await changes(last)).map(({ kind }) => kind)).toEqual(Array(5).fill('withdraw'));
    // The publisher's withdrawal and the deletion have deleted the words again.
    const words = await runInDurableObject(desk(), (_instance: Desk, { storage }) =>
      storage.sql
        .exec<{ id: string }>(
          'SELECT article_id AS id FROM bodies UNION SELECT id FROM articles WHERE card IS NOT NULL',
        )
        .toArray(),
    );
    expect(words.map(({ id }) => id).sort()).toEqual([idOf('barred'), idOf('ended'), idOf('secret')]);
    // What was sent before the withdrawal does not undo it, and the operator's still can be undone.
    expect(await article('retracted', T1)).toMatchObject({ status: 'stale' });
    expect(await desk().restore(idOf('barred'))).toMatchObject({
      found: true,
      article: { status: 'published' },
    });
    expect(await desk().restore(idOf('erased'))).toMatchObject({ found: false, reason: 'erased' });
  });

  test('takes from everyone what was first published after the point, until it is sent again', async () => {
    await article('old');
    await settle();
    const bookmark = await mark();
    await article('new', T2, 'New', { tags: ['fresh'] });
    await article('gone', T2);
    await withdrawn('gone', T3);
    await settle();
    expect(await cardsIn({ kind: 'tags', name: 'fresh' })).toEqual([idOf('new')]);
    const last = Math.max(...(await changes()).map(({ seq }) => seq));

    await goBack({ bookmark });
    expect(await applied()).toMatchObject({ articles: { withdrawn: 1, removed: 1 } });

    expect(await inKv('new')).toMatchObject({ status: 'withdrawn', version: 2, language: 'en' });
    expect(await cardsIn(ALL)).toEqual([idOf('old')]);
    expect(await cardsIn({ kind: 'tags', name: 'fresh' })).toEqual([]);
    expect((await changes(last)).map(({ kind, id }) => [kind, id]).sort()).toEqual([
      ['withdraw', idOf('gone')],
      ['withdraw', idOf('new')],
    ]);
    // Feeds name it among the withdrawals.
    expect(await env.KV.get('feed:tags:fresh')).toContain(idOf('new'));
    expect(await updated('new', T2, { sourceId: 'new', headline: 'New', tags: ['fresh'] })).toMatchObject({
      status: 'accepted',
      article: { version: 3 },
    });
    expect(await article('gone', T2)).toMatchObject({ status: 'stale' });
    await settle();
    expect(await cardsIn({ kind: 'tags', name: 'fresh' })).toEqual([idOf('new')]);
  });

  test('deletes from KV what nobody knows any more, and readiness says until when', async () => {
    await article('old');
    await settle();
    const bookmark = await mark();
    await settle();
    // As if the marks of these had been lost.
    const unknown = ['article:zzzzzzzzzzzzzzzz', 'feed:tags:never', 'publisher:nobody', 'partner:nobody'];
    for (const key of unknown) await env.KV.put(key, '{}', { metadata: { stamp: '9' } });
    await goBack({ bookmark });
    await until('rebuilding');
    const readiness = await (await request('/health/ready')).json();
    expect(readiness).toMatchObject({ status: 'degraded', recovery: 'rebuilding' });
    // It goes on after restarts.
    for (let round = 0; (await desk().recovery())?.state !== 'done'; round += 1) {
      if (round > 200) throw new Error('The recovery does not end.');
      if (round % 5 === 4) await evictDurableObject(desk());
      await runDurableObjectAlarm(desk());
      await scheduler.wait(30);
    }
    expect(await keysOfKv()).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/never|nobody|zzzz/)]),
    );
    expect(await keysOfKv()).toContain(`article:${idOf('old')}`);
    const ready = (await (await request('/health/ready')).json()) as object;
    expect(ready).toMatchObject({ status: 'ready' });
    expect(ready).not.toHaveProperty('recovery');
  });

  test('makes no credential valid that was not valid before it', async () => {
    const credentialsOf = async (id: string) => (await desk().publisher(id))?.credentials;
    for (const id of ['rotated', 'deleted']) await asAdmin(`/admin/publishers/${id}`, 'PUT', { name: id });
    await asAdmin('/admin/partners/reader', 'PUT', { name: 'Reader' });
    await settle();
    const bookmark = await mark();
    await asAdmin('/admin/publishers/rotated/secrets?grace=0', 'POST');
    await asAdmin('/admin/publishers/deleted', 'DELETE');
    await asAdmin('/admin/partners/later', 'PUT', { name: 'Later' });
    const valid = await credentialsOf('rotated');
    await goBack({ bookmark });
    expect(await until('rebuilding')).toMatchObject({
      publishers: { returned: ['deleted'], lost: [], kept: ['rotated'] },
      partners: { returned: [], lost: ['later'], kept: [] },
    });
    expect(await credentialsOf('rotated')).toEqual(valid);
    expect(await credentialsOf('deleted')).toEqual([]);
    await settle();
    expect(await keysOfKv()).not.toContain('partner:later');
    expect(JSON.parse((await env.KV.get('publisher:deleted')) ?? '')).toMatchObject({ credentials: [] });
    const { warnings } = (await (await asAdmin('/admin/recovery', 'GET')).json()) as { warnings: string[] };
    expect(warnings.join(' ')).toMatch(/back without a credential.*: deleted\..*gone.*: later\./);
    // A rotation gives the account a credential.
    expect((await asAdmin('/admin/publishers/deleted/secrets', 'POST')).status).toBe(201);
    expect(await credentialsOf('deleted')).toHaveLength(1);
  });

  test('is undone by a recovery to its bookmark, also what it had removed', async () => {
    await article('fixed');
    await settle();
    const bookmark = await mark();
    await article('new', T2);
    await updated('fixed', T2, { sourceId: 'fixed', headline: 'Second', section: 'City', publishedAt: T1 });
    await settle();
    const { undo = '' } = await goBack({ bookmark });
    await applied();
    expect(await inKv('new')).toMatchObject({ status: 'withdrawn' });
    await withdrawn('fixed', T3);
    await settle();
    const last = Math.max(...(await changes()).map(({ seq }) => seq));
    await goBack({ bookmark: undo });
    await applied();
    expect(await inKv('new')).toMatchObject({ status: 'published', version: 3 });
    expect(await inKv('fixed')).toMatchObject({ status: 'withdrawn' });
    expect((await changes(last)).length).toBe(2);
    expect((await changes()).length).toBe(2);
  });
});

/** Changes what the journal of the recovery has. */
const inJournal = <Result>(work: (sql: SqlStorage) => Result): Promise<Result> =>
  runInDurableObject(subscriptions(), (_instance: Subscriptions, { storage }) => work(storage.sql));

test('an import that was running at the point ends before the recovery is applied', async () => {
  const [begun, last] = [0, 1].map((page) => ({
    ...{ page, sha256: '', next: '', rows: 0, leftOut: 0 },
    ...{ origin: env.ORIGIN, madeAt: T1, startedAt: T1 },
  })) as [ImportProgress, ImportProgress];
  expect(await desk().beginImport(begun)).toBe(true);
  const bookmark = await mark();
  expect(await desk().importPage('', last, true)).toBeUndefined();
  await article('a');
  await goBack({ bookmark });
  expect((await desk().importState())?.state).toBe('running');
  expect(await desk().importPage('', last, true)).toBeUndefined();
  await applied();
  expect((await desk().importState())?.state).toBe('done');
  expect(await inKv('a')).toMatchObject({ status: 'withdrawn' });
});

test('a site without articles goes back, too', async () => {
  const bookmark = await mark();
  await asAdmin('/admin/site', 'PUT', { name: 'Later' });
  await goBack({ bookmark });
  expect(await applied()).toMatchObject({ articles: { checked: 0 } });
  expect(JSON.parse((await env.KV.get('site')) ?? '')).toMatchObject({ name: 'Dateline' });
});

describe('while it is applied', () => {
  test('the Desk does nothing else, also when the journal fails, and goes on after a restart', async () => {
    await register();
    for (const name of ['one', 'two']) await article(name);
    await settle();
    const bookmark = await mark();
    for (const name of ['one', 'two']) await withdrawn(name, T2);
    await settle();
    await goBack({ bookmark });
    // Page 0 has the accounts, page 1 the articles.
    await inJournal((sql) => sql.exec('UPDATE recovery_pages SET page = 99 WHERE page = 1'));
    for (let round = 0; round < 3; round += 1) {
      await runDurableObjectAlarm(desk());
      expect(await desk().recovery()).toMatchObject({ state: 'applying' });
      await expect(article('new')).rejects.toThrow(/earlier point in time/);
      await evictDurableObject(desk());
    }
    const ready = await request('/health/ready');
    expect([ready.status, await ready.json()]).toEqual([
      503,
      expect.objectContaining({ status: 'unavailable', recovery: 'applying' }),
    ]);
    expect((await asAdmin('/admin/recovery', 'POST', { bookmark })).status).toBe(409);
    // KV still has the tombstones.
    expect(await inKv('one')).toMatchObject({ status: 'withdrawn', version: 2 });
    await inJournal((sql) => sql.exec('UPDATE recovery_pages SET page = 1 WHERE page = 99'));
    expect(await applied()).toMatchObject({ articles: { checked: 2, withdrawn: 2 } });
    expect(await cardsIn(ALL)).toEqual([]);
    expect(await article('new')).toMatchObject({ status: 'accepted' });
  });

  test('a recovery that cannot be applied, because its journal is lost, can be undone', async () => {
    await register();
    await article('one');
    await settle();
    const bookmark = await mark();
    await asAdmin('/admin/publishers/gazette/secrets?grace=0', 'POST');
    const rotated = (await desk().publisher('gazette'))?.credentials;
    await withdrawn('one', T2);
    await article('two', T2);
    await settle();
    const last = Math.max(...(await changes()).map(({ seq }) => seq));
    const { undo = '' } = await goBack({ bookmark });
    await inJournal((sql) => sql.exec('DELETE FROM recovery_pages'));
    await runDurableObjectAlarm(desk());
    expect(await desk().recovery()).toMatchObject({ state: 'applying', undo });
    await withPointInTime();
    expect(await desk().planRecovery({ bookmark })).toEqual({ fault: 'busy' });
    await goBack({ bookmark: undo });
    await applied();
    expect(await inKv('one')).toMatchObject({ status: 'withdrawn' });
    expect(await cardsIn(ALL)).toEqual([idOf('two')]);
    expect((await desk().publisher('gazette'))?.credentials).toEqual(rotated);
    await article('three', T3);
    expect((await changes(last)).map(({ id }) => id).at(-1)).toBe(idOf('three'));
  });

  test('each step has a bound', async () => {
    const bookmark = await mark();
    const tags = Array.from({ length: 20 }, (_, index) => `${'w'.repeat(90)}${index}`);
    for (let batch = 0; batch < 6; batch += 1)
      await deliverAll(
        Array.from({ length: 100 }, (_, index) => {
          const name = `n${batch}n${String(index).padStart(2, '0')}n`;
          return {
            kind: 'published' as const,
            id: idOf(name),
            revisedAt: T1,
            revision: revisionOf({ sourceId: name, tags }),
          };
        }),
      );
    await goBack({ bookmark });
    const pages = await inJournal((sql) =>
      sql
        .exec<{ marks: number; characters: number }>(
          'SELECT json_array_length(marks) AS marks, length(marks) AS characters FROM recovery_pages',
        )
        .toArray(),
    );
    expect(pages.reduce((sum, { marks }) => sum + marks, 0)).toBe(600);
    for (const { marks, characters } of pages) {
      expect(marks).toBeLessThanOrEqual(500);
      expect(characters).toBeLessThanOrEqual(500_002);
    }
    expect(await until('rebuilding')).toMatchObject({ articles: { checked: 600, removed: 600 } });
  });
});

describe('nothing happens', () => {
  test.each([
    ['a bookmark that the platform does not know', { bookmark: 'bookmark-00000000' }],
    ['a bookmark of the future', { bookmark: 'bookmark-99999999' }],
    ['a time of which the platform knows nothing', { time: 0 }],
  ])('for %s', async (_what, point) => {
    await article('a');
    await withPointInTime();
    expect(await desk().planRecovery(point)).toMatchObject({ fault: 'invalid-point' });
    expect(await article('b')).toMatchObject({ status: 'accepted' });
    await evictDurableObject(desk());
    expect(await article('c')).toMatchObject({ status: 'accepted' });
    expect((await desk().recovery())?.state ?? 'abandoned').toBe('abandoned');
    await settle();
    expect(await cardsIn(ALL)).toHaveLength(3);
  });

  test('when the object restarts and the platform did not go back', async () => {
    const bookmark = await mark();
    await article('a');
    await withPointInTime();
    expect(await desk().planRecovery({ bookmark })).toMatchObject({ state: 'planned' });
    await expect(article('b')).rejects.toThrow(/earlier point in time/);
    await evictDurableObject(desk());
    expect(await desk().recovery()).toMatchObject({ state: 'abandoned' });
    expect(await article('b')).toMatchObject({ status: 'accepted', article: { version: 1 } });
    await evictDurableObject(desk());
    expect(await desk().recovery()).toMatchObject({ state: 'abandoned' });
  });

  test('when a plan is given up after an earlier recovery', async () => {
    const bookmark = await mark();
    await article('a');
    await goBack({ bookmark });
    await until('rebuilding');
    await withPointInTime();
    expect(await desk().planRecovery({ bookmark: 'bookmark-00000000' })).toMatchObject({
      fault: 'invalid-point',
    });
    // Should the journal have kept the plan, it is known here.
    await inJournal((sql) =>
      sql.exec("UPDATE recovery_plan SET plan = json_set(plan, '$.state', 'planned')"),
    );
    await evictDurableObject(desk());
    expect(await desk().recovery()).toMatchObject({ state: 'rebuilding', bookmark });
  });
});

test('a Desk whose journal does not answer at its start works, and asks again', async () => {
  await article('a');
  await settle();
  const bookmark = await mark();
  await withdrawn('a', T2);
  await settle();
  await inJournal((sql) => sql.exec('CREATE TABLE recovery_plan (broken TEXT)'));
  await evictDurableObject(desk());
  expect((await desk().backlog()).failingJobs).toEqual(['recover']);
  await inJournal((sql) => sql.exec('DROP TABLE recovery_plan'));
  await evictDurableObject(desk());
  expect((await desk().backlog()).failingJobs).toEqual([]);
  expect(await desk().recovery()).toBeUndefined();
  await goBack({ bookmark });
  expect(await applied()).toMatchObject({ articles: { withdrawn: 1 } });
});
