import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ArticleWriter } from '../../src/desk/article-writer.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { type KvWriter, Outbox, type ValueSource } from '../../src/desk/projection/outbox.ts';
import { openTables } from '../../src/desk/tables/tables.ts';
import { keyOf, type Target } from '../../src/store/records.ts';
import { asAdmin, request } from '../client.ts';
import {
  deliverAll,
  desk,
  freshDesk,
  idOf,
  passTime,
  published,
  revisionOf,
  settle,
  updated,
  withdrawn,
} from './desk.ts';

const T1 = '2026-11-20T10:00:00.000Z';
const T2 = '2026-11-20T11:00:00.000Z';
const T3 = '2026-11-20T12:00:00.000Z';
const T4 = '2026-11-20T13:00:00.000Z';

/** KV takes six puts at a time of about 100 ms each: so many begin within 5 s. */
const PUTS_IN_FIVE_SECONDS = 300;

const logged: string[] = [];

beforeEach(async () => {
  await freshDesk();
  logged.length = 0;
  vi.spyOn(console, 'error').mockImplementation((line: string) => void logged.push(line));
});

/** Time that passed without waiting. A put takes less here than on KV, and pauses must not be long beside it. */
let skipped = 0;
const now = Date.now;
function pass(milliseconds: number): void {
  skipped += milliseconds;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + skipped);
}
afterEach(() => {
  skipped = 0;
  vi.restoreAllMocks();
});

type WithKv = { env: { KV: KVNamespace } };

/** Puts to the Desk's KV, in the order in which they begin. Each ends when the test lets it. */
class SlowKv {
  readonly begun: { key: string; text: string }[] = [];
  atOnce = 0;
  most = 0;
  readonly perKey = new Map<string, number>();
  /** Called before each put. */
  onPut: (key: string) => void = () => {};
  milliseconds = 5;

  async put(key: string, text: string, write: () => Promise<void> = async () => {}): Promise<void> {
    this.begun.push({ key, text });
    this.onPut(key);
    this.atOnce += 1;
    this.most = Math.max(this.most, this.atOnce);
    const writers = (this.perKey.get(key) ?? 0) + 1;
    this.perKey.set(key, writers);
    if (writers > 1) throw new Error(`${key} is written twice at once`);
    await scheduler.wait(this.milliseconds);
    await write();
    this.perKey.set(key, 0);
    this.atOnce -= 1;
  }

  /** The index of the last put of any of these keys after `from`. */
  last(keys: ReadonlySet<string>, from: number): number {
    return this.begun.findLastIndex(({ key }, index) => index >= from && keys.has(key));
  }
}

async function withSlowKv(work: (kv: SlowKv) => Promise<void>): Promise<void> {
  const kv = new SlowKv();
  await runInDurableObject(desk(), (instance: Desk) => {
    const { KV } = (instance as unknown as WithKv).env;
    const original = KV.put.bind(KV);
    KV.put = ((key: string, text: string, ...rest: []) =>
      kv.put(key, text, () => original(key, text, ...rest))) as KVNamespace['put'];
  });
  try {
    await work(kv);
  } finally {
    await runInDurableObject(desk(), (instance: Desk) => {
      Reflect.deleteProperty((instance as unknown as WithKv).env.KV, 'put');
    });
  }
}

const quietKv: KvWriter = { put: async () => {}, delete: async () => {} };

const tagsOf = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}-${n}`);

/** The keys that show an article with these tags, besides its own. */
const keysOf = (name: string, tags: readonly string[]): string[] => [
  `article:${idOf(name)}`,
  'rendered:all.rss',
  'rendered:all.json',
  'feed:all',
  'feed:publishers:gazette',
  'feed:languages:en',
  ...tags.map((tag) => `feed:tags:${tag}`),
];

/** The keys of this many articles with 45 tags each, which wait to be written. */
const flood = (articles: number) =>
  deliverAll(
    Array.from({ length: articles }, (_, n) => ({
      kind: 'published' as const,
      id: idOf(`flood${n}`),
      revisedAt: T1,
      revision: revisionOf({ sourceId: `flood${n}`, tags: tagsOf(`flood${n}`, 45) }),
    })),
  );

describe('a withdrawal behind a backlog', () => {
  /** Publishes articles with some tags each, which KV then has. */
  async function prepare(names = ['a'], tags = 10): Promise<void> {
    for (const name of names) await published(name, T1, { sourceId: name, tags: tagsOf(name, tags) });
    await settle();
  }

  /**
   * Fills the outbox with the keys of some articles, and waits until a drain is at work on them. Then no key has been
   * written within the last second.
   */
  async function drain(kv: SlowKv, articles: number): Promise<void> {
    const before = kv.begun.length;
    await flood(articles);
    await vi.waitFor(() => expect(kv.begun.length - before).toBeGreaterThan(10), { timeout: 20_000 });
    pass(1_100);
  }
  const keysOfA = new Set(keysOf('a', tagsOf('a', 10)));

  test('of three articles by their publisher is put within the puts of 5 s, each key by one writer', async () => {
    const names = ['a', 'b', 'c'];
    await prepare(names, 50);
    const wanted = new Set(names.flatMap((name) => keysOf(name, tagsOf(name, 50))));
    await withSlowKv(async (kv) => {
      await drain(kv, 10);
      for (const name of names) await withdrawn(name, T2);
      const acknowledged = kv.begun.length;
      pass(200);
      await settle();
      const last = kv.last(wanted, acknowledged);
      const put = new Set(kv.begun.slice(acknowledged).map(({ key }) => key));
      expect([...wanted].filter((key) => !put.has(key))).toEqual([]);
      expect(last - acknowledged).toBeLessThan(PUTS_IN_FIVE_SECONDS);
      // Others are not stopped.
      expect(kv.begun.slice(acknowledged, last).some(({ key }) => key.includes('flood'))).toBe(true);
    });
    expect(await env.KV.get('feed:all')).not.toContain(`"id":"${idOf('a')}","version":1`);
  });

  test.each([
    ['an expiry', async () => passTime('a', 'expires_at')],
    [
      'an embargo on a published article',
      async () =>
        void (await published('a', T2, {
          sourceId: 'a',
          tags: tagsOf('a', 10),
          embargoUntil: new Date(Date.now() + 3_600_000).toISOString(),
        })),
    ],
    ['the operator’s takedown', async () => void (await desk().withdraw(idOf('a')))],
  ])('%s goes before it, too', async (_what, withdraw) => {
    await prepare();
    await withSlowKv(async (kv) => {
      await drain(kv, 4);
      await withdraw();
      const asked = kv.begun.length;
      pass(200);
      await runDurableObjectAlarm(desk());
      await settle();
      // An embargoed article has no value in KV: its key is deleted, not put.
      const last = kv.last(keysOfA, 0);
      expect(last).toBeGreaterThan(12);
      // Its own keys, six writes in progress, and one of six that others keep.
      expect(last - asked).toBeLessThan(60);
    });
    expect(await env.KV.get('feed:all')).not.toContain(`"id":"${idOf('a')}","version":1`);
  });

  test('of many articles puts tombstones and the default feeds before the other lists', async () => {
    await withSlowKv(async (kv) => {
      const names = Array.from({ length: 8 }, (_, n) => `m${n}`);
      for (const name of names) await published(name, T1, { sourceId: name, tags: tagsOf(name, 5) });
      await settle();
      // No key was written within the last second.
      pass(1_100);
      const before = kv.begun.length;
      await deliverAll(
        names.map((name) => ({
          kind: 'withdrawn' as const,
          id: idOf(name),
          publisher: 'gazette',
          sourceId: name,
          revisedAt: T2,
        })),
      );
      await settle();
      const keys = kv.begun.slice(before).map(({ key }) => key);
      const first = new Set([
        ...names.map((name) => `article:${idOf(name)}`),
        ...['rendered:all.rss', 'rendered:all.json', 'feed:all'],
      ]);
      // Six are made at once: a list may be ready before a default feed that was begun earlier.
      expect(keys.findLastIndex((key) => first.has(key))).toBeLessThan(first.size + 6);
      expect(keys.length).toBeGreaterThan(first.size + 40);
    });
  });

  test('by the operator does not wait for a running drain', async () => {
    await prepare();
    await withSlowKv(async (kv) => {
      await drain(kv, 6);
      const asked = kv.begun.length;
      const response = asAdmin(`/admin/articles/${idOf('a')}/withdraw`, 'POST', {});
      pass(200);
      expect((await response).status).toBe(200);
      // The tombstone is there when the call returns.
      expect(await env.KV.get(`article:${idOf('a')}`)).toContain('"withdrawn"');
      expect(kv.begun.findIndex(({ key }) => key === `article:${idOf('a')}`) - asked).toBeLessThan(30);
      await settle();
    });
  });

  test('survives a restart of the Desk in its lane', async () => {
    await prepare();
    await flood(4);
    pass(1_100);
    await withdrawn('a', T2);
    pass(200);
    await evictDurableObject(desk());
    await desk().backlog();
    await withSlowKv(async (kv) => {
      await runDurableObjectAlarm(desk());
      await settle();
      expect(kv.last(keysOfA, 0)).toBeLessThan(60);
      expect(kv.begun.length).toBeGreaterThan(100);
    });
  });

  /** The rank, among the puts after `from`, of the last first put of these keys. */
  const reached = (kv: SlowKv, keys: Iterable<string>, from: number): number =>
    Math.max(
      ...[...keys].map((wanted) => kv.begun.findIndex(({ key }, at) => at >= from && key === wanted)),
    ) - from;

  const takedowns = {
    'its publisher’s withdrawal': async () => void (await withdrawn('a', T4)),
    'the operator’s takedown': async () => void (await desk().withdraw(idOf('a'))),
    'an expiry': async () => passTime('a', 'expires_at'),
    'an embargo': async () =>
      void (await published('a', T4, { sourceId: 'a', embargoUntil: '2999-01-01T00:00:00.000Z' })),
  };

  test.each(Object.entries(takedowns))(
    '%s reaches the lists that the article left while their keys wait',
    async (_what, withdraw) => {
      const left = ['first', 'second', 'third'];
      await published('a', T1, { sourceId: 'a', tags: ['kept', 'first'], headline: 'Bad words' });
      await settle();
      await published('b', T1, { sourceId: 'b', tags: ['kept', ...left] });
      await updated('a', T2, { sourceId: 'a', tags: ['kept', 'second', 'third'], headline: 'Bad words' });
      await settle();
      expect(await env.KV.get('feed:tags:third')).toContain('Bad words');
      pass(1_100);
      await withSlowKv(async (kv) => {
        await flood(5);
        await updated('a', T2.replace('00:00', '01:00'), { sourceId: 'a', tags: ['kept', 'third'] });
        await updated('a', T3, { sourceId: 'a', tags: ['kept'] });
        await withdraw();
        pass(200);
        const asked = kv.begun.length;
        await settle();
        const wanted = [...left.slice(1), 'kept'].map((tag) => `feed:tags:${tag}`);
        expect(reached(kv, wanted, asked)).toBeLessThan(60);
        expect(kv.begun.length - asked).toBeGreaterThan(200);
      });
      for (const tag of left) expect(await env.KV.get(`feed:tags:${tag}`)).not.toContain('Bad words');
    },
  );

  test('keeps readiness degraded until the lists that the article left are written', async () => {
    await published('a', T1, { sourceId: 'a', tags: ['left'] });
    await settle();
    await updated('a', T2, { sourceId: 'a', tags: ['kept'] });
    await withdrawn('a', T3);
    await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
      storage.sql.exec("DELETE FROM outbox WHERE key <> 'feed:tags:left'");
      storage.sql.exec('UPDATE outbox SET urgent_since = urgent_since - 6000');
    });
    expect(await (await request('/health/ready')).json()).toMatchObject({ status: 'degraded' });
    await settle();
  });

  test('forgets a list that an article left when its key is written, and bounds what it remembers', async () => {
    const remembered = () =>
      runInDurableObject(desk(), (_instance: Desk, { storage }) =>
        storage.sql.exec('SELECT article_id, key FROM left_lists ORDER BY key').toArray(),
      );
    await published('a', T1, { sourceId: 'a', tags: tagsOf('a', 3) });
    await settle();
    await updated('a', T2, { sourceId: 'a', tags: tagsOf('a', 1) });
    expect(await remembered()).toEqual(
      ['a-1', 'a-2'].map((tag) => ({ article_id: idOf('a'), key: `feed:tags:${tag}` })),
    );
    await settle();
    expect(await remembered()).toEqual([]);
    // The lists that many articles leave together are few keys: they count for each article.
    await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
      const tables = openTables(storage.sql);
      const outbox = new Outbox(storage.sql, quietKv, { valueOf: () => null, written() {} });
      const writer = new ArticleWriter(tables, outbox, 'https://news.example', { waitingKeys: 100 });
      const send = (id: string, revisedAt: string, tags: string[]) =>
        writer.receive(
          {
            publisher: 'gazette',
            id,
            arrival: { source: 'native', signature: 'standard-webhooks', milliseconds: 1 },
            events: Array.from({ length: 10 }, (_, n) => ({
              kind: 'published' as const,
              ...{ id: idOf(`l${n}`), revisedAt },
              revision: revisionOf({ sourceId: `l${n}`, tags }),
            })),
          },
          Date.now(),
        ).status;
      expect(send('1', T1, tagsOf('t', 12))).toBe('accepted');
      expect(send('2', T2, [])).toBe('accepted');
      expect(send('3', T3, tagsOf('t', 12))).toBe('refused');
    });
    await settle();
  });

  const withdrawals = (delivery: number, names: readonly string[]) =>
    desk().receive({
      publisher: 'flooder',
      id: `flood-${delivery}`,
      arrival: { source: 'native', signature: 'standard-webhooks', milliseconds: 1 },
      events: names.map((name) => ({
        kind: 'withdrawn' as const,
        ...{ id: idOf(name), publisher: 'flooder', sourceId: name, revisedAt: T2 },
      })),
    });

  test.each(['its publisher', 'the operator'])(
    'by %s does not wait for another publisher’s withdrawals of unknown ids',
    async (who) => {
      await prepare();
      pass(1_100);
      await withSlowKv(async (kv) => {
        for (let delivery = 0; delivery < 3; delivery += 1)
          await withdrawals(delivery, tagsOf(`${delivery}x`, 100));
        const asked = kv.begun.length;
        const withdrawing = who === 'the operator' ? desk().withdraw(idOf('a')) : withdrawn('a', T2);
        pass(200);
        await withdrawing;
        await settle();
        expect(reached(kv, keysOfA, asked)).toBeLessThan(60);
        expect(kv.begun.length - asked).toBeGreaterThan(250);
      });
      expect(await env.KV.get(`article:${idOf('0x-0')}`)).toContain('"withdrawn"');
    },
  );

  test('is put within the puts of 5 s after another publisher withdrew many articles with many tags', async () => {
    const evil = Array.from({ length: 40 }, (_, n) => `e${n}`);
    const names = ['a', 'b', 'c'];
    await prepare(names, 50);
    for (let delivery = 0; delivery < 2; delivery += 1)
      await desk().receive({
        ...{ publisher: 'flooder', id: `publish-${delivery}` },
        arrival: { source: 'native', signature: 'standard-webhooks', milliseconds: 1 },
        events: evil.slice(delivery * 20, delivery * 20 + 20).map((name) => ({
          kind: 'published' as const,
          ...{ id: idOf(name), revisedAt: T1 },
          revision: revisionOf({ publisher: 'flooder', sourceId: name, tags: tagsOf(name, 20) }),
        })),
      });
    await settle();
    pass(1_100);
    await withSlowKv(async (kv) => {
      await withdrawals(0, evil);
      await vi.waitFor(() => expect(kv.begun.length).toBeGreaterThan(10), { timeout: 20_000 });
      const asked = kv.begun.length;
      pass(1_100);
      for (const name of names) await withdrawn(name, T2);
      const acknowledged = kv.begun.length;
      pass(200);
      await settle();
      expect(reached(kv, ['rendered:all.rss', 'rendered:all.json', 'feed:all'], asked)).toBeLessThan(60);
      expect(
        reached(
          kv,
          names.map((name) => `article:${idOf(name)}`),
          acknowledged,
        ),
      ).toBeLessThan(60);
      const wanted = names.flatMap((name) => keysOf(name, tagsOf(name, 50)));
      expect(reached(kv, wanted, acknowledged)).toBeLessThan(PUTS_IN_FIVE_SECONDS);
      expect(kv.begun.length - acknowledged).toBeGreaterThan(900);
    });
  });

  test('of an id that was never published is no urgent key', async () => {
    await published('a', T1, { sourceId: 'a', embargoUntil: '2999-01-01T00:00:00.000Z' });
    await withdrawn('a', T2);
    await withdrawn('unknown', T2);
    expect(await desk().backlog()).toMatchObject({ urgentSince: null });
    await settle();
    expect(await env.KV.get(`article:${idOf('a')}`)).toContain('"withdrawn"');
  });

  test('finds the most read articles in KV although the Desk counts the article no more', async () => {
    await published('a', T1, { sourceId: 'a', headline: 'Bad words' });
    await desk().countViews([[idOf('a'), 1]]);
    await settle();
    expect(await env.KV.get('trending')).toContain('Bad words');
    await runInDurableObject(desk(), (_instance: Desk, { storage }) =>
      storage.sql.exec('UPDATE trending SET standing = 1'),
    );
    await desk().withdraw(idOf('a'));
    await settle();
    expect(await env.KV.get('trending')).not.toContain('Bad words');

    await published('b', T1, { sourceId: 'b', headline: 'Bad words' });
    await desk().countViews([[idOf('b'), 1]]);
    pass(61_000);
    await settle();
    expect(await env.KV.get('trending')).toContain('Bad words');
    await runInDurableObject(desk(), (_instance: Desk, { storage }) =>
      storage.sql.exec('UPDATE trending SET standing = 1'),
    );
    // The job that prunes runs with every alarm.
    await published('c', T1, { sourceId: 'c' });
    pass(200);
    await settle();
    pass(1_100);
    await settle();
    await withdrawn('b', T2);
    pass(1_100);
    await settle();
    expect(await env.KV.get('trending')).not.toContain('Bad words');
  });

  /** Makes the push queue, or the purge of the cache in front, answer when the test lets it. */
  async function hang(what: 'the push queue' | 'the purge'): Promise<{ asked: () => number; end(): void }> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let asked = 0;
    const never = () => {
      asked += 1;
      return promise;
    };
    await runInDurableObject(desk(), (instance: Desk, state) => {
      const { env: bindings } = instance as unknown as { env: { PUSH_QUEUE: object } };
      if (what === 'the push queue') Object.assign(bindings.PUSH_QUEUE, { sendBatch: never });
      else
        Object.defineProperty(state, 'exports', {
          value: { PublicReads: { purge: never } },
          configurable: true,
        });
    });
    const end = () => {
      resolve();
      void runInDurableObject(desk(), (instance: Desk, state) => {
        const { env: bindings } = instance as unknown as { env: { PUSH_QUEUE: object } };
        Reflect.deleteProperty(bindings.PUSH_QUEUE, 'sendBatch');
        Reflect.deleteProperty(state, 'exports');
      });
    };
    return { asked: () => asked, end };
  }

  test.each(['the push queue', 'the purge'] as const)('does not wait for %s that hangs', async (what) => {
    await prepare(['a', 'b']);
    const hanging = await hang(what);
    try {
      await withSlowKv(async (kv) => {
        // The first withdrawal is announced and purged: that hangs. No key was written within the last second.
        pass(1_100);
        await withdrawn('b', T2);
        pass(200);
        const ringing = runDurableObjectAlarm(desk());
        await vi.waitFor(() => expect(hanging.asked()).toBeGreaterThan(0));
        pass(1_100);
        const before = kv.begun.length;
        await withdrawn('a', T2);
        pass(200);
        await vi.waitFor(() =>
          expect(new Set(kv.begun.slice(before).map(({ key }) => key))).toEqual(keysOfA),
        );
        // All of it was put while the alarm still waited for the same answer.
        expect(hanging.asked()).toBe(1);
        hanging.end();
        await ringing;
      });
    } finally {
      hanging.end();
    }
    await settle();
    expect(await env.KV.get(`article:${idOf('a')}`)).toContain('"withdrawn"');
  });

  test('degrades readiness when it waits for more than 5 s, and a publication does not', async () => {
    await published('a', T1, { sourceId: 'a' });
    await settle();
    const readiness = async () => (await request('/health/ready')).json();
    // The Desk does not know that its alarm is gone, so that nothing is written, however long this takes.
    const wait = (column: string) =>
      runInDurableObject(desk(), async (_instance: Desk, { storage }) => {
        storage.sql.exec(`UPDATE outbox SET ${column} = ${column} - 6000, due_at = due_at + 60000`);
        await storage.deleteAlarm();
      });
    await published('b', T1, { sourceId: 'b' });
    await wait('waiting_since');
    expect(await readiness()).toMatchObject({
      status: 'ready',
      outbox: { oldestSeconds: 6, oldestWithdrawalSeconds: 0 },
    });
    await withdrawn('a', T2);
    await wait('urgent_since');
    expect(await readiness()).toMatchObject({
      status: 'degraded',
      outbox: { oldestWithdrawalSeconds: 6 },
    });
    await runInDurableObject(desk(), (_instance: Desk, { storage }) =>
      storage.sql.exec('UPDATE outbox SET due_at = 0'),
    );
    // A Desk that starts sets its alarm.
    await evictDurableObject(desk());
    await settle();
  });

  test('is the same lane for what is withdrawn again while it is published again', async () => {
    await published('a', T1, { sourceId: 'a' });
    await settle();
    await withdrawn('a', T2);
    await published('a', T3, { sourceId: 'a', headline: 'Again' });
    await settle();
    expect(await env.KV.get(`article:${idOf('a')}`)).toContain('Again');
    expect(await desk().backlog()).toMatchObject({ pending: 0, urgentSince: null });
  });
});

/** An outbox over a real Desk's tables, with a KV and values of the test's own. */
const withOutbox = (
  kv: KvWriter,
  source: Partial<ValueSource>,
  work: (outbox: Outbox, sql: SqlStorage) => Promise<void>,
  options: { timeoutMs?: number; maxValueBytes?: number } = {},
) =>
  runInDurableObject(desk(), async (_instance: Desk, { storage }) => {
    const values = { valueOf: () => ({ text: 'value' }), written() {}, ...source };
    await work(new Outbox(storage.sql, kv, values, options), storage.sql);
  });

const tag = (name: string): Target => ({ kind: 'feed', scope: { kind: 'tags', name } });
const article = (id: string): Target => ({ kind: 'article', id });

describe('the outbox', () => {
  test('writes an urgent key while all its other writes hang', async () => {
    const written: string[] = [];
    let release = () => {};
    const hanging = new Promise<void>((resolve) => (release = resolve));
    const put = async (key: string) => (key.startsWith('article:n') ? hanging : void written.push(key));
    await withOutbox({ put, delete: async () => {} }, {}, async (outbox) => {
      for (let n = 0; n < 100; n += 1) outbox.add(article(`n${n}`), 0);
      const drained = outbox.drain();
      const watched = outbox.watch(drained);
      outbox.add(article('urgent'), 0, { urgent: true });
      await vi.waitFor(() => expect(written).toEqual(['article:urgent']));
      release();
      await watched;
    });
  });

  test('never writes a key twice at once, whoever asks for it', async () => {
    const kv = new SlowKv();
    await withOutbox(
      { put: (key, text) => kv.put(key, text), delete: async () => {} },
      {},
      async (outbox, sql) => {
        for (let round = 0; round < 5; round += 1) {
          for (let n = 0; n < 30; n += 1) outbox.add(article(`n${n}`), 0, { urgent: n % 3 === 0 });
          sql.exec('UPDATE outbox SET due_at = 0');
          const drained = outbox.drain();
          await Promise.all([
            drained,
            outbox.watch(drained),
            ...[0, 1, 2, 3].map((n) => outbox.flush(article(`n${n}`))),
          ]);
        }
        expect(logged).toEqual([]);
        expect(outbox.backlog()).toMatchObject({ pending: 0 });
      },
    );
  });

  test('makes an urgent value again when it changed while it was made', async () => {
    const puts: string[] = [];
    let shown = 'withdrawn words';
    let outboxOfTest: Outbox | undefined;
    const value = async () => {
      const read = shown;
      await scheduler.wait(5);
      if (shown !== 'rest') {
        shown = 'rest';
        outboxOfTest?.add(tag('x'), Date.now(), { urgent: true });
      }
      return { text: read };
    };
    await withOutbox(
      { put: async (_key, text) => void puts.push(text), delete: async () => {} },
      { valueOf: value },
      async (outbox) => {
        outboxOfTest = outbox;
        outbox.add(tag('x'), 0);
        await outbox.drain();
        expect(puts).toEqual(['rest']);
      },
    );
  });

  test.each([
    ['cannot be made', { valueOf: () => Promise.reject(new Error('A body is corrupt.')) }],
    ['is larger than KV takes', { valueOf: () => ({ text: 'x'.repeat(101) }) }],
  ])('deletes a key that shows a withdrawn article when its value %s', async (_what, source) => {
    const deleted: string[] = [];
    const kv = { put: async () => {}, delete: async (key: string) => void deleted.push(key) };
    await withOutbox(
      kv,
      source,
      async (outbox) => {
        outbox.add(tag('normal'), 0);
        outbox.add(tag('urgent'), 0, { urgent: true });
        await outbox.drain();
        expect(deleted).toEqual(['feed:tags:urgent']);
        expect(outbox.backlog()).toMatchObject({ pending: 2, failing: 2 });
      },
      { maxValueBytes: 100 },
    );
  });

  test('writes a value that is too large without what makes it so, and the log says so', async () => {
    const texts: string[] = [];
    const kv = { put: async (_key: string, text: string) => void texts.push(text), delete: async () => {} };
    await withOutbox(
      kv,
      { valueOf: (_target, maxBytes) => ({ text: maxBytes === 100 ? 'short' : 'न'.repeat(34) }) },
      async (outbox) => {
        outbox.add(tag('normal'), 0);
        outbox.add(tag('urgent'), 0, { urgent: true });
        await outbox.drain();
        expect(texts).toEqual(['short', 'short']);
        expect(outbox.backlog()).toMatchObject({ pending: 0 });
      },
      { maxValueBytes: 100 },
    );
    expect(logged.filter((line) => line.includes('too large for KV'))).toHaveLength(2);
    expect(logged.join()).toContain('feed:tags:normal');
  });

  test('deletes an urgent key that KV refuses to take three times', async () => {
    const deleted: string[] = [];
    const kv = {
      put: async () => Promise.reject(new Error('KV PUT failed: 413')),
      delete: async (key: string) => void deleted.push(key),
    };
    await withOutbox(kv, {}, async (outbox, sql) => {
      outbox.add(tag('urgent'), 0, { urgent: true });
      for (let attempt = 0; attempt < 3; attempt += 1) {
        expect(deleted).toEqual([]);
        sql.exec('UPDATE outbox SET due_at = 0');
        await outbox.drain();
      }
      expect(deleted).toEqual(['feed:tags:urgent']);
    });
  });

  test('writes the keys of one publisher although another’s thousands wait', async () => {
    const keys: string[] = [];
    const kv = { put: async (key: string) => void keys.push(key), delete: async () => {} };
    await withOutbox(kv, {}, async (outbox) => {
      const flood = Array.from({ length: 3_000 }, (_, n) => tag(`flood-${n}`));
      outbox.addAll(flood, 0, { publisher: 'flooder' });
      const own = Array.from({ length: 10 }, (_, n) => tag(`own-${n}`));
      outbox.addAll(own, 1, { publisher: 'gazette' });
      // A key that both change is not delayed by the flood either.
      outbox.add(tag('flood-2999'), 1, { publisher: 'gazette' });
      outbox.add({ kind: 'feed', scope: { kind: 'all' } }, 1, { publisher: 'gazette' });
      await outbox.drain();
      expect(keys).toHaveLength(500);
      const wanted = new Set([...own, tag('flood-2999'), tag('x')].map(keyOf));
      expect(keys.findLastIndex((key) => wanted.has(key))).toBeLessThan(60);
      expect(keys.indexOf('feed:all')).toBeLessThan(60);
      expect(keys.filter((key) => wanted.has(key))).toHaveLength(11);
    });
  });

  test('writes urgent keys in turns, publishers with few first, and those with many now and then', async () => {
    const keys: string[] = [];
    const kv = { put: async (key: string) => void keys.push(key), delete: async () => {} };
    await withOutbox(kv, {}, async (outbox) => {
      const add = (publisher: string, count: number) =>
        outbox.addAll(tagsOf(publisher, count).map(tag), 0, { publisher, urgent: true });
      add('flooder', 2_000);
      add('gazette', 150);
      add('post', 150);
      outbox.add({ kind: 'article', id: 'late' }, 0, { publisher: 'times', urgent: true });
      outbox.add({ kind: 'rendered', extension: 'rss' }, 0, { publisher: 'flooder', urgent: true });
      await outbox.drain();
      const of = (publisher: string) => keys.filter((key) => key.startsWith(`feed:tags:${publisher}`)).length;
      expect(keys[0]).toBe('rendered:all.rss');
      expect(keys.indexOf('article:late')).toBeLessThan(6);
      expect([of('gazette'), of('post')]).toEqual([150, 150]);
      // Of 330 writes, one of sixteen; then those that are left.
      const last = (publisher: string) =>
        keys.findLastIndex((key) => key.startsWith(`feed:tags:${publisher}`));
      const end = Math.max(last('gazette'), last('post'));
      const passed = keys.slice(0, end).filter((key) => key.includes('flooder')).length;
      expect(passed).toBeGreaterThan(15);
      expect(passed).toBeLessThan(25);
      expect(Math.abs(last('gazette') - last('post'))).toBeLessThan(6);
    });
  });

  describe('of a Desk that restarts while a write is on its way', () => {
    /** A KV in which the first write lands when the test lets it. */
    function lateKv() {
      const values = new Map<string, string>();
      const puts: string[] = [];
      const { promise, resolve } = Promise.withResolvers<void>();
      const put = async (key: string, text: string) => {
        puts.push(text);
        if (puts.length === 1) await promise;
        values.set(key, text);
      };
      const land = async () => {
        resolve();
        await scheduler.wait(1);
      };
      return { kv: { put, delete: async (key: string) => void values.delete(key) }, values, puts, land };
    }

    /** Runs two Desks' outboxes on the same table, one after the other, with the values that KV should have. */
    const withTwo = (
      kv: KvWriter,
      timeoutMs: number,
      work: (
        both: { before: Outbox; restart: () => Outbox },
        state: { text: string; told: number; sql: SqlStorage },
      ) => Promise<void>,
    ) =>
      runInDurableObject(desk(), async (_instance: Desk, { storage }) => {
        const state = { text: 'words', told: 0, sql: storage.sql };
        const source = {
          valueOf: () => ({ text: state.text }),
          written: (_target: Target, _at: number, isSilent: boolean) => {
            if (!isSilent) state.told += 1;
          },
        };
        // The outbox of the Desk before no longer runs: what it would do when its write ends, it does not do.
        const before = new Outbox(storage.sql, kv, source, { timeoutMs });
        await work({ before, restart: () => new Outbox(storage.sql, kv, source, { timeoutMs }) }, state);
      });

    test('writes the key once more when the write had counted as failed', async () => {
      const { kv, values, puts, land } = lateKv();
      await withTwo(kv, 20, async ({ before, restart }, state) => {
        before.add(article('a'), Date.now());
        await before.drain();
        pass(2_000);
        state.text = 'tombstone';
        before.add(article('a'), Date.now(), { urgent: true });
        await before.drain();
        expect(puts).toEqual(['words', 'tombstone']);
        // KV has the value: nobody waits for the row that stays.
        await before.flush(article('a'));
        expect(before.backlog()).toMatchObject({
          pending: 0,
          waitingSince: null,
          failing: 0,
          urgentSince: null,
        });
        vi.spyOn(before, 'add').mockImplementation(() => {});
        const restarted = restart();
        await land();
        expect(values.get('article:a')).toBe('words');
        expect(restarted.nextUrgent()).toBeLessThanOrEqual(Date.now() + 30_000);
        pass(30_000);
        await restarted.drain();
        expect(values.get('article:a')).toBe('tombstone');
        expect(state.told).toBe(1);
        expect(state.sql.exec('SELECT key FROM outbox WHERE key = ?', 'article:a').toArray()).toEqual([]);
        expect(puts).toHaveLength(3);
      });
    });

    test('writes the key once more when it is urgent and waited at the start', async () => {
      const { kv, values, puts, land } = lateKv();
      await withTwo(kv, 10_000, async ({ before, restart }, state) => {
        before.add(article('a'), Date.now());
        const lost = before.drain();
        await vi.waitFor(() => expect(puts).toEqual(['words']));
        pass(10);
        const restarted = restart();
        state.text = 'tombstone';
        restarted.add(article('a'), Date.now(), { urgent: true });
        restarted.add(article('b'), Date.now(), { urgent: true });
        await restarted.drain();
        expect(values.get('article:a')).toBe('tombstone');
        vi.spyOn(before, 'add').mockImplementation(() => {});
        await land();
        await lost;
        expect(values.get('article:a')).toBe('words');
        pass(31_000);
        await restarted.drain();
        expect(values.get('article:a')).toBe('tombstone');
        // The other one began to wait after the start.
        expect(puts).toEqual(['words', 'tombstone', 'tombstone', 'tombstone']);
        pass(31_000);
        await restarted.drain();
        expect(puts).toHaveLength(4);
      });
    });

    test('tells of a change of a key that is only to be written once more', async () => {
      const { kv, values, land } = lateKv();
      await withTwo(kv, 20, async ({ before }, state) => {
        before.add(article('a'), Date.now());
        await before.drain();
        pass(2_000);
        await before.drain();
        expect(state.told).toBe(1);
        state.text = 'newer';
        pass(2_000);
        const now = Date.now();
        before.add(article('a'), now);
        expect(before.backlog()).toMatchObject({ pending: 1, waitingSince: now });
        await before.drain();
        expect(values.get('article:a')).toBe('newer');
        expect(state.told).toBe(2);
        await land();
      });
    });
  });

  test('keeps a rewrite after a late write urgent: the late value may show withdrawn words', async () => {
    let release = () => {};
    let first = true;
    const put = async () => {
      if (!first) return;
      first = false;
      await new Promise<void>((resolve) => (release = resolve));
    };
    await withOutbox(
      { put, delete: async () => {} },
      {},
      async (outbox, sql) => {
        outbox.add(article('a'), 0);
        await outbox.drain();
        release();
        await vi.waitFor(() => expect(sql.exec('SELECT lane FROM outbox').one()).toEqual({ lane: 1 }));
      },
      { timeoutMs: 20 },
    );
  });
});
