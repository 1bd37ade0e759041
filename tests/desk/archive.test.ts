import { evictDurableObject, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Bindings } from '../../src/bindings.ts';
import { type Components, compose } from '../../src/desk/composition.ts';
import { Desk } from '../../src/desk/desk.ts';
import { ArchiveCleaning, Archiving } from '../../src/desk/jobs/archiving.ts';
import { DEFAULT_SETTINGS } from '../../src/store/records.ts';
import { asAdmin, request } from '../client.ts';
import { desk, idOf, inDesk, inKv, published, rebuilt, settle, sql, updated, withdrawn } from './desk.ts';

type Archived = Bindings & { ARCHIVE: R2Bucket };
const bucket = (env as Archived).ARCHIVE;

const T1 = '2026-11-20T10:00:00.000Z';
const T2 = '2026-11-20T11:00:00.000Z';
const T3 = '2026-11-20T12:00:00.000Z';
const DAY_MS = 86_400_000;

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();

const versionsPath = (rest = '') => `/admin/articles/${idOf('a')}/versions${rest}`;
const listedVersions = async () =>
  ((await (await asAdmin(versionsPath(), 'GET')).json()) as { versions: { version: number }[] }).versions;
const shownVersion = async (version: number) => (await asAdmin(versionsPath(`/${version}`), 'GET')).json();

beforeEach(async () => {
  for (const { key } of (await bucket.list()).objects) await bucket.delete(key);
  await reset();
  await settle();
});

const archiveAfter = (days: number) => desk().saveSite({ ...DEFAULT_SETTINGS, archiveAfterDays: days });

/** The same without waking the Desk. */
const archiveQuietlyAfter = (days: number) =>
  sql(
    "INSERT OR REPLACE INTO settings VALUES ('site', ?)",
    JSON.stringify({ ...DEFAULT_SETTINGS, archiveAfterDays: days, changedAt: T1 }),
  );

/** Makes an article's last change older. */
const age = (name: string, days: number) =>
  sql(
    'UPDATE articles SET changed_at = ? WHERE id = ?',
    new Date(Date.now() - days * DAY_MS - 60_000).toISOString(),
    idOf(name),
  );

const keys = async () => (await bucket.list()).objects.map(({ key }) => key);
const heldInDesk = async () =>
  (await sql('SELECT article_id FROM bodies ORDER BY 1')).map((row) => row.article_id);
const inArchive = async () =>
  (await sql('SELECT article_id FROM archived_bodies ORDER BY 1')).map((row) => row.article_id);

/** Runs the Desk's jobs over a bucket, some of whose operations are replaced. */
const withBucket = <Result>(
  replaced: Partial<R2Bucket> | undefined,
  work: (components: Components, state: DurableObjectState) => Promise<Result>,
): Promise<Result> =>
  runInDurableObject(desk(), (_instance: Desk, state) => {
    const faulty =
      replaced &&
      (new Proxy(bucket, {
        get(target, name) {
          const member = Reflect.get(replaced, name) ?? Reflect.get(target, name);
          return typeof member === 'function' ? member.bind(target) : member;
        },
      }) as R2Bucket);
    const { ARCHIVE: _bound, ...others } = env as Archived;
    return work(compose(state, { ...others, ...(faulty && { ARCHIVE: faulty }) }), state);
  });

/** Rings the alarm until nothing old is left in the Desk. */
async function archived(...names: string[]): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    await runDurableObjectAlarm(desk());
    const done = await inArchive();
    if (names.every((name) => done.includes(idOf(name)))) return;
    await scheduler.wait(100);
  }
  throw new Error('The bodies are not archived.');
}

/** An article that is in R2. */
async function inR2(name: string, content = {}): Promise<void> {
  await published(name, T1, { sourceId: name, text: `Text of ${name}`, ...content });
  await settle();
  await age(name, 31);
  await archiveAfter(30);
  await settle();
  await archived(name);
}

const failing = async () => {
  throw new Error('R2 is down');
};

/** Runs the cleaning as if it were some time later. */
const cleanedAfter = (milliseconds: number, replaced: Partial<R2Bucket> = {}) =>
  withBucket(replaced, ({ tables, archive }) =>
    new ArchiveCleaning(tables, archive).run(Date.now() + milliseconds),
  );

describe('old bodies move to R2', () => {
  test('when they did not change for the days of the setting, byte for byte, under a name of article and content', async () => {
    await published('a', T1, { sourceId: 'a', text: 'नदी का पानी' });
    await published('b', T1, { sourceId: 'b', text: 'Young' });
    await settle();
    const [before] = await sql('SELECT gzip, content_hash FROM bodies WHERE article_id = ?', idOf('a'));
    await age('a', 31);
    await age('b', 29);
    await archiveAfter(30);
    await archived('a');
    expect(await heldInDesk()).toEqual([idOf('b')]);
    const [key = ''] = await keys();
    expect(await keys()).toHaveLength(1);
    expect(
      key.startsWith(`bodies/${idOf('a')}/${encodeURIComponent(String(before?.content_hash)).slice(0, 128)}`),
    ).toBe(true);
    const object = await bucket.get(key);
    expect(new Uint8Array((await object?.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(
      new Uint8Array(before?.gzip as ArrayBuffer),
    );
    expect(await sql('SELECT * FROM archive_deletions')).toEqual([]);
  });

  test('after 365 days without the setting, and never without a bucket', async () => {
    await published('a', T1, { sourceId: 'a' });
    await settle();
    await age('a', 364);
    const due = (replaced: Partial<R2Bucket> | undefined) =>
      withBucket(replaced, async ({ alarm, tables }) => {
        await alarm.ring();
        return tables.bodies.archiveState().isUsed;
      });
    expect(await due({})).toBe(false);
    await age('a', 365);
    expect(await due(undefined)).toBe(false);
    expect(await due({})).toBe(true);
  });

  test('in steps of bounded articles, which continue after a restart', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) await published(name, T1, { sourceId: name });
    await settle();
    for (const name of names) await age(name, 40);
    const steps = () =>
      withBucket({}, async ({ tables, archive }, { storage }) => {
        tables.settings.write('site', { archiveAfterDays: 30, changedAt: T1 });
        const job = new Archiving(
          { tables, archive, transaction: (work) => storage.transactionSync(work) },
          { articlesPerStep: 2 },
        );
        await job.run(Date.now());
        // A step right after the first does nothing.
        await job.run(Date.now());
        return (await bucket.list()).objects.length;
      });
    expect(await steps()).toBe(2);
    await evictDurableObject(desk());
    expect(await steps()).toBe(4);
    expect(await steps()).toBe(5);
  });
});

test('a body on its way to R2 delays no key of KV', async () => {
  await published('a', T1, { sourceId: 'a' });
  await settle();
  await age('a', 31);
  await archiveQuietlyAfter(30);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  let isPutting = false;
  await withBucket(
    {
      put: (async (...given: Parameters<R2Bucket['put']>) => {
        isPutting = true;
        await released;
        return bucket.put(...given);
      }) as R2Bucket['put'],
    },
    async ({ alarm, outbox }) => {
      const ringing = alarm.ring();
      for (let round = 0; round < 200 && !isPutting; round += 1) await scheduler.wait(20);
      await env.KV.delete('trending');
      outbox.add({ kind: 'trending' }, Date.now() - 2_000);
      for (let round = 0; round < 200 && outbox.isWaiting('trending'); round += 1) await scheduler.wait(20);
      expect(await env.KV.get('trending')).not.toBeNull();
      expect(await keys()).toEqual([]);
      release();
      await ringing;
    },
  );
  expect(await inArchive()).toEqual([idOf('a')]);
});

describe('what is in R2 reads like what is in the Desk', () => {
  test('from an empty KV, in pages, JSON and feeds, and after a rebuild', async () => {
    await published('a', T1, { sourceId: 'a', text: 'Old words' });
    await settle();
    const path = `/articles/${idOf('a')}`;
    const feed = await env.KV.get('rendered:all.rss');
    const article = await (await request(path)).json();
    await age('a', 31);
    await archiveAfter(30);
    await archived('a');
    expect(await inDesk('a')).toMatchObject({ body: [{ content: [{ text: 'Old words' }] }] });
    for (const { name } of (await env.KV.list()).keys) await env.KV.delete(name);
    const again = await request(path);
    expect(again.status).toBe(200);
    expect(await again.json()).toEqual(article);
    await evictDurableObject(desk());
    await desk().rebuild();
    await rebuilt();
    expect(await inKv('a')).toEqual(article);
    expect(feed).toContain('Old words');
    expect(await env.KV.get('rendered:all.rss')).toContain('Old words');
  });

  test('and the operator can withdraw and restore it', async () => {
    await inR2('a');
    await desk().withdraw(idOf('a'));
    expect(await inKv('a')).toMatchObject({ status: 'withdrawn' });
    expect(await keys()).toHaveLength(1);
    expect(await desk().restore(idOf('a'))).toMatchObject({ found: true });
    expect(await inKv('a')).toMatchObject({ body: [{ content: [{ text: 'Text of a' }] }] });
  });
});

describe('an archived article that changes', () => {
  test('has its body in the Desk again, and what it was as a version in the same object', async () => {
    await inR2('a');
    const [key] = await keys();
    await updated('a', T2, { sourceId: 'a', text: 'Corrected' });
    expect(await heldInDesk()).toEqual([idOf('a')]);
    expect(await inArchive()).toEqual([]);
    await settle();
    expect(await inKv('a')).toMatchObject({ body: [{ content: [{ text: 'Corrected' }] }] });
    await cleanedAfter(31 * DAY_MS);
    expect(await keys()).toEqual([key]);
    expect(await shownVersion(1)).toMatchObject({
      article: { body: [{ content: [{ text: 'Text of a' }] }] },
    });
  });

  test('keeps an object that no version names as long as a recovery may need it', async () => {
    await inR2('a');
    await updated('a', T2, { sourceId: 'a', text: 'Corrected' });
    await withBucket({}, async ({ tables }) => tables.versions.forget(idOf('a')));
    await cleanedAfter(29 * DAY_MS);
    expect(await keys()).toHaveLength(1);
    await cleanedAfter(31 * DAY_MS);
    expect(await keys()).toEqual([]);
    expect(await sql('SELECT * FROM archive_deletions')).toEqual([]);
  });

  test('back to content that it had is archived under another key', async () => {
    await inR2('a');
    const [first] = await keys();
    await updated('a', T2, { sourceId: 'a', text: 'Corrected' });
    await updated('a', T3, { sourceId: 'a', text: 'Text of a' });
    await settle();
    await age('a', 31);
    await archived('a');
    await cleanedAfter(31 * DAY_MS);
    const [{ object_key: current } = {}] = await sql('SELECT object_key FROM archived_bodies');
    expect(current).not.toBe(first);
    expect(await keys()).toContain(current);
    expect(await inDesk('a')).toMatchObject({ body: [{ content: [{ text: 'Text of a' }] }] });
  });
});

describe('earlier versions', () => {
  async function inFourVersions(): Promise<void> {
    await published('a', at(1), { sourceId: 'a', text: 'Text 1' });
    for (const version of [2, 3, 4])
      await updated('a', at(version), { sourceId: 'a', text: `Text ${version}` });
    await settle();
  }

  /** An article whose three earlier versions are in R2. */
  async function versionsInR2(): Promise<void> {
    await inFourVersions();
    await age('a', 1 / 24);
    await withBucket({}, ({ alarm }) => alarm.ring());
  }

  const inRow = async () => {
    const [row] = await sql('SELECT LENGTH(gzips) AS bytes FROM versions');
    return row?.bytes;
  };

  test('move to R2 an hour after the last change, and read and restore as before', async () => {
    await inFourVersions();
    const list = await listedVersions();
    const before = await shownVersion(2);
    await withBucket({}, ({ alarm }) => alarm.ring());
    expect(await keys()).toEqual([]);
    await age('a', 1 / 24);
    await withBucket({}, ({ alarm }) => alarm.ring());
    expect(await keys()).toHaveLength(3);
    expect(await inRow()).toBe(0);
    expect(await heldInDesk()).toEqual([idOf('a')]);
    expect(await sql('SELECT * FROM archive_deletions')).toEqual([]);
    expect(await listedVersions()).toEqual(list);
    expect(await shownVersion(2)).toEqual(before);
    const restored = await asAdmin(`/admin/articles/${idOf('a')}/versions/1/restore`, 'POST');
    expect(restored.status).toBe(200);
    expect(await inKv('a')).toMatchObject({ version: 5, body: [{ content: [{ text: 'Text 1' }] }] });
    await cleanedAfter(31 * DAY_MS);
    expect(await keys()).toHaveLength(3);
    expect(await shownVersion(4)).toMatchObject({ article: { body: [{ content: [{ text: 'Text 4' }] }] } });
  });

  test('beyond the limits leave their objects to be deleted', async () => {
    await versionsInR2();
    for (let version = 5; version <= 24; version += 1)
      await updated('a', at(version), { sourceId: 'a', text: `Text ${version}` });
    expect((await listedVersions()).map(({ version }) => version)).toEqual(
      Array.from({ length: 20 }, (_each, index) => 23 - index),
    );
    await cleanedAfter(29 * DAY_MS);
    expect(await keys()).toHaveLength(3);
    await cleanedAfter(31 * DAY_MS);
    expect(await keys()).toEqual([]);
  });

  test.each([
    ['the publisher withdraws the article', () => withdrawn('a', at(30))],
    [
      'the operator deletes its content',
      async () => {
        await desk().withdraw(idOf('a'));
        expect(await keys()).toHaveLength(3);
        expect((await asAdmin(`/admin/articles/${idOf('a')}/content`, 'DELETE')).status).toBe(204);
      },
    ],
  ])('are deleted there when %s', async (_when, withdraw) => {
    await versionsInR2();
    expect(await keys()).toHaveLength(3);
    await withdraw();
    await cleanedAfter(0);
    expect(await keys()).toEqual([]);
    expect(await sql('SELECT * FROM archive_deletions')).toEqual([]);
  });

  test('that change while they are put are not lost, and leave no object', async () => {
    await published('a', at(1), { sourceId: 'a', text: 'Text 1' });
    await updated('a', at(2), { sourceId: 'a', text: 'Text 2' });
    await settle();
    await age('a', 1 / 24);
    await withBucket(
      {
        put: (async (...given: Parameters<R2Bucket['put']>) => {
          const put = await bucket.put(...given);
          await withdrawn('a', at(3));
          return put;
        }) as R2Bucket['put'],
      },
      ({ alarm }) => alarm.ring(),
    );
    await cleanedAfter(0);
    expect(await keys()).toEqual([]);
    expect(await listedVersions()).toEqual([]);
  });

  test('that R2 has lost, or does not answer, are 503', async () => {
    await versionsInR2();
    for (const key of await keys()) await bucket.delete(key);
    for (const [method, rest] of [
      ['GET', ''],
      ['POST', '/restore'],
    ] as const) {
      const response = await asAdmin(`/admin/articles/${idOf('a')}/versions/2${rest}`, method);
      expect(response.status).toBe(503);
      expect(response.headers.get('Retry-After')).not.toBeNull();
    }
    expect(await inDesk('a')).toMatchObject({ version: 4, body: [{ content: [{ text: 'Text 4' }] }] });
  });
});

describe('a publisher’s withdrawal', () => {
  test('deletes the objects of all versions, retried until they are gone', async () => {
    await inR2('a');
    await updated('a', T2, { sourceId: 'a', text: 'Second' });
    await settle();
    await age('a', 31);
    await archived('a');
    expect(await keys()).toHaveLength(2);
    await withdrawn('a', T3);
    await expect(cleanedAfter(0, { delete: failing })).rejects.toThrow('R2 is down');
    expect(await keys()).toHaveLength(2);
    await evictDurableObject(desk());
    await runDurableObjectAlarm(desk());
    expect(await keys()).toEqual([]);
    expect(await sql('SELECT * FROM archive_deletions')).toEqual([]);
    expect(await inArchive()).toEqual([]);
  });

  test('also one that an earlier release takes, which does not know the archive', async () => {
    await inR2('a');
    await sql('UPDATE articles SET publisher_withdrew = 1 WHERE id = ?', idOf('a'));
    await cleanedAfter(0);
    expect(await keys()).toEqual([]);
  });
});

describe('a body is never lost on its way to R2', () => {
  const other = { size: 1, checksums: {} } as unknown as R2Object;
  const steps: [string, Partial<R2Bucket>][] = [
    ['the put fails', { put: failing as R2Bucket['put'] }],
    [
      'the put succeeds and its answer is lost',
      {
        put: (async (...given: Parameters<R2Bucket['put']>) => {
          await bucket.put(...given);
          throw new Error('connection lost');
        }) as R2Bucket['put'],
      },
    ],
    ['R2 has something else', { head: async () => other }],
    ['R2 has nothing', { head: async () => null }],
    ['the check fails', { head: failing }],
  ];
  test.each(steps)('when %s, and the Desk restarts', async (_name, replaced) => {
    await published('a', T1, { sourceId: 'a', text: 'Kept' });
    await settle();
    await age('a', 31);
    await archiveQuietlyAfter(30);
    const failingJobs = await withBucket(replaced, async ({ alarm }) => {
      await alarm.ring();
      return alarm.failing;
    });
    expect(failingJobs).toEqual(['archive']);
    expect(await heldInDesk()).toEqual([idOf('a')]);
    await sql("DELETE FROM settings WHERE name = 'retries'");
    await evictDurableObject(desk());
    await archived('a');
    expect(await inDesk('a')).toMatchObject({ body: [{ content: [{ text: 'Kept' }] }] });
    // The object of the failed attempt is not forgotten, nor is the good one deleted.
    await cleanedAfter(DAY_MS);
    expect(await keys()).toHaveLength(1);
    expect(await inDesk('a')).toMatchObject({ body: [{ content: [{ text: 'Kept' }] }] });
  });

  test.each([
    ['corrected', () => updated('a', T2, { sourceId: 'a', text: 'New' })],
    ['withdrawn', () => withdrawn('a', T2)],
  ])('when the article is %s during the put', async (kind, change) => {
    await published('a', T1, { sourceId: 'a', text: 'Kept' });
    await settle();
    await age('a', 31);
    await archiveQuietlyAfter(30);
    await withBucket(
      {
        async put(...given: Parameters<R2Bucket['put']>) {
          const put = await bucket.put(...given);
          await change();
          return put;
        },
      } as Partial<R2Bucket>,
      ({ alarm }) => alarm.ring(),
    );
    expect(await inArchive()).toEqual([]);
    expect(await heldInDesk()).toEqual(kind === 'corrected' ? [idOf('a')] : []);
    await cleanedAfter(0);
    expect(await keys()).toEqual([]);
  });
});

describe('objects that the tables do not name, as after a recovery to an earlier point in time', () => {
  const swept = async () => {
    await desk().rebuild();
    for (let round = 0; round < 60; round += 1) {
      await runDurableObjectAlarm(desk());
      const [{ value = '{}' } = {}] = await sql("SELECT value FROM settings WHERE name = 'sweep'");
      if ((JSON.parse(String(value)) as { isDone?: boolean }).isDone) return settle();
      await scheduler.wait(50);
    }
    throw new Error('The sweep does not end.');
  };

  test('are deleted after a rebuild: those of withdrawn articles at once, no other site’s, and none that is named', async () => {
    await published('v', at(1), { sourceId: 'v', text: 'Text 1' });
    await updated('v', at(2), { sourceId: 'v', text: 'Text 2' });
    for (const name of ['b', 'c']) await published(name, T1, { sourceId: name });
    await settle();
    for (const name of ['b', 'c', 'v']) await age(name, 31);
    await inR2('a');
    await archived('b', 'c', 'v');
    await withBucket({}, ({ alarm }) => alarm.ring());
    const keyOf = async (name: string) =>
      String(
        (await sql('SELECT object_key FROM archived_bodies WHERE article_id = ?', idOf(name)))[0]?.object_key,
      );
    const [b, c] = [await keyOf('b'), await keyOf('c')];
    const before = await keys();
    expect(before).toHaveLength(5);
    // As if these had been put after the point to which the Desk was brought back.
    await sql('DELETE FROM archived_bodies WHERE article_id IN (?, ?)', idOf('b'), idOf('c'));
    await sql('DELETE FROM archive_deletions');
    await withdrawn('b', T2);
    const others = `bodies/${idOf('b')}/of-another-site.json.gz`;
    await bucket.put(others, 'words', { customMetadata: { desk: 'another' } });
    await swept();
    await cleanedAfter(0);
    expect(await keys()).toEqual([...before.filter((key) => key !== b), others].sort());
    await cleanedAfter(31 * DAY_MS);
    expect(await keys()).toEqual([...before.filter((key) => key !== b && key !== c), others].sort());
    expect(await inDesk('a')).toMatchObject({ body: [{ content: [{ text: 'Text of a' }] }] });
  });
});

describe('while R2 fails', () => {
  test('an archived article is temporarily unavailable, and its key stays in KV', async () => {
    await inR2('a');
    const before = await env.KV.get(`article:${idOf('a')}`);
    await withBucket({ get: failing as unknown as R2Bucket['get'] }, async ({ projection, outbox }) => {
      await expect(projection.lookUp({ kind: 'article', id: idOf('a') })).rejects.toThrow('R2 is down');
      outbox.add({ kind: 'article', id: idOf('a') }, Date.now() - 2_000, { urgent: true });
      await outbox.drain();
      expect(outbox.backlog()).toMatchObject({ pending: 1, failing: 1 });
    });
    expect(await env.KV.get(`article:${idOf('a')}`)).toBe(before);
  });

  test('the default feeds are written with its summary, and with its body once R2 answers', async () => {
    await inR2('a');
    await withBucket({ get: failing as unknown as R2Bucket['get'] }, async ({ outbox }) => {
      outbox.add({ kind: 'rendered', extension: 'rss' }, Date.now() - 2_000);
      await outbox.drain();
      const feed = await env.KV.get('rendered:all.rss');
      expect(feed).toContain('A headline');
      expect(feed).not.toContain('Text of a');
      expect(outbox.isWaiting('rendered:all.rss')).toBe(true);
    });
    await sql('UPDATE outbox SET due_at = 0');
    await evictDurableObject(desk());
    await settle();
    expect(await env.KV.get('rendered:all.rss')).toContain('Text of a');
    expect(await sql('SELECT * FROM outbox')).toEqual([]);
  });

  test('a lost object is 503, never 404, and comes back when its publisher sends it again', async () => {
    await inR2('a');
    for (const key of await keys()) await bucket.delete(key);
    await env.KV.delete(`article:${idOf('a')}`);
    await evictDurableObject(desk());
    const response = await request(`/articles/${idOf('a')}`);
    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).not.toBeNull();
    expect((await desk().backlog()).archive).toBe('incomplete');
    expect(await published('a', T1, { sourceId: 'a', text: 'Text of a' })).toMatchObject({
      status: 'unchanged',
    });
    expect((await desk().backlog()).archive).toBe('ok');
    await settle();
    expect(await inKv('a')).toMatchObject({ body: [{ content: [{ text: 'Text of a' }] }] });
  });

  test('other bytes under the key are not shown', async () => {
    await inR2('a');
    const [key = ''] = await keys();
    await bucket.put(key, 'something else');
    await evictDurableObject(desk());
    await expect(inDesk('a')).rejects.toThrow('R2 has lost');
    expect((await desk().backlog()).archive).toBe('incomplete');
  });

  test('without the binding, archived articles are 503 and readiness says so', async () => {
    await inR2('a');
    await published('b', T1, { sourceId: 'b' });
    await settle();
    const result = await runInDurableObject(desk(), async (_instance: Desk, state) => {
      const { ARCHIVE: _bound, ...others } = env as Archived;
      const unbound = new Desk(state, others as Bindings);
      const [missing, found] = await unbound.values([`article:${idOf('a')}`, `article:${idOf('b')}`]);
      expect(missing).toEqual({ unavailable: expect.stringContaining('not bound') });
      return { archive: unbound.backlog().archive, found };
    });
    expect(result.archive).toBe('unbound');
    expect(result.found).toContain(idOf('b'));
  });
});

test('the setting is validated, stored and shown', async () => {
  const put = (days: unknown) => asAdmin('/admin/site', 'PUT', { archiveAfterDays: days });
  expect((await put(0)).status).toBe(422);
  expect((await put(1.5)).status).toBe(422);
  const saved = await put(365);
  expect(saved.status).toBe(200);
  expect(await saved.json()).toMatchObject({ archiveAfterDays: 365 });
});
