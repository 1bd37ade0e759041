import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import type { Announcement } from '../../src/desk/contract/messages.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { AnnouncementQueue, type AnnouncementSink } from '../../src/desk/projection/announcement-queue.ts';
import { Articles } from '../../src/desk/tables/articles.ts';
import { Memberships } from '../../src/desk/tables/memberships.ts';
import { cardsIn, desk, freshDesk, idOf, inKv, published, settle, updated, withdrawn } from './desk.ts';

beforeEach(reset);

/** What the Desk sends to the push queue in place of the queue's own taking. */
async function overhear(
  onSend: (message: Announcement) => Promise<void> | void,
): Promise<() => Promise<void>> {
  const queueOf = (instance: Desk) =>
    (instance as unknown as { env: { PUSH_QUEUE: AnnouncementSink } }).env.PUSH_QUEUE;
  await runInDurableObject(desk(), (instance: Desk) => {
    queueOf(instance).sendBatch = async (messages) => {
      for (const { body } of messages) await onSend(body);
    };
  });
  return () =>
    runInDurableObject(desk(), (instance: Desk) => {
      Reflect.deleteProperty(queueOf(instance), 'sendBatch');
    });
}

const everythingTold = async () => {
  await settle();
  for (let round = 0; round < 50 && (await desk().backlog()).unannounced > 0; round += 1)
    await scheduler.wait(20);
};

test('publication, update and withdrawal announce the article and every feed they touch, once KV has them', async () => {
  const told: Announcement[] = [];
  const end = await overhear(async (message) => {
    told.push(message);
    if (message.kind === 'article') expect(await inKv('a')).toMatchObject({ version: message.version });
    else expect(await cardsIn({ kind: 'all' })).toEqual([idOf('a')]);
  });
  const paths = () =>
    told
      .splice(0)
      .map((message) => (message.kind === 'feed' ? message.path : `${message.id} v${message.version}`))
      .sort();
  const own = ['/feeds/all', '/feeds/languages/en', '/feeds/publishers/gazette'];

  await published('a', '2026-11-20T10:00:00.000Z', { section: 'City' });
  await everythingTold();
  expect(paths()).toEqual([...own, '/feeds/sections/City', `${idOf('a')} v1`].sort());

  await updated('a', '2026-11-20T11:00:00.000Z', { section: 'दुनिया', tags: ['a/b'] });
  await everythingTold();
  const [city, world] = ['/feeds/sections/City', `/feeds/sections/${encodeURIComponent('दुनिया')}`];
  expect(paths()).toEqual([...own, city, world, '/feeds/tags/a%2Fb', `${idOf('a')} v2`].sort());
  await end();

  const after: Announcement[] = [];
  const stop = await overhear((message) => void after.push(message));
  await withdrawn('a', '2026-11-20T12:00:00.000Z');
  await everythingTold();
  expect(after).toHaveLength(6);
  expect(after.find((message) => message.kind === 'article')).toMatchObject({ version: 3 });
  await stop();
});

test('an operator’s takedown is announced although it is written outside of the alarm', async () => {
  await published('a', '2026-11-20T10:00:00.000Z');
  await everythingTold();
  const told: Announcement[] = [];
  const end = await overhear((message) => void told.push(message));
  await desk().withdraw(idOf('a'));
  await everythingTold();
  expect(told).toContainEqual(expect.objectContaining({ kind: 'article', id: idOf('a'), version: 2 }));
  await end();
});

test('what KV only gets again is announced to nobody; what changed meanwhile, or was owed before, is', async () => {
  const T1 = '2026-11-20T10:00:00.000Z';
  await published('a', T1, { section: 'City' });
  await published('b', T1, { sourceId: 'b', section: 'City' });
  await withdrawn('b', '2026-11-20T11:00:00.000Z');
  await everythingTold();
  // A new one does not know what it wrote of late.
  await evictDurableObject(desk());
  const told: Announcement[] = [];
  const end = await overhear((message) => void told.push(message));
  const purges = () =>
    runInDurableObject(desk(), (_instance: Desk, { storage }) =>
      storage.sql.exec('SELECT due_at FROM purges').toArray().map(Number),
    );
  const purgesBefore = await purges();
  const keys = (await env.KV.list()).keys.map(({ name }) => name);
  for (const key of keys) await env.KV.delete(key);
  await desk().rebuild();
  // A rebuild writes feeds and records; readers ask for the rest.
  await desk().values(keys);
  await everythingTold();
  expect((await env.KV.list()).keys.map(({ name }) => name)).toEqual(keys);
  expect([told, await purges()]).toEqual([[], purgesBefore]);

  // Owed: the change waits when the rebuild queues the same feeds.
  await updated('a', '2026-11-20T12:00:00.000Z', { section: 'City', text: 'New.' });
  await desk().rebuild();
  await runInDurableObject(desk(), (instance: Desk) => instance.alarm());
  await everythingTold();
  const paths = told.map((message) => (message.kind === 'feed' ? message.path : message.id));
  expect(paths.sort()).toEqual(
    [
      idOf('a'),
      '/feeds/all',
      '/feeds/languages/en',
      '/feeds/publishers/gazette',
      '/feeds/sections/City',
    ].sort(),
  );
  await end();
});

/** Announcements over a real Desk's tables with a queue of the test's own. */
const withQueue = async (
  queue: AnnouncementSink,
  work: (one: AnnouncementQueue, sql: SqlStorage) => Promise<void>,
  options: { timeoutMs?: number } = {},
) => {
  // The Desk's own queue must not send from the same table meanwhile.
  await freshDesk();
  await runInDurableObject(desk(), async (_instance: Desk, state) => {
    const { sql } = state.storage;
    await state.storage.deleteAlarm();
    sql.exec("INSERT INTO scopes VALUES ('all', '', 4, '2026-11-20T10:00:00.000Z', 1)");
    await work(
      new AnnouncementQueue(
        sql,
        { articles: new Articles(sql), memberships: new Memberships(sql) },
        queue,
        options,
      ),
      sql,
    );
  });
};

const ALL = { kind: 'feed', scope: { kind: 'all' } } as const;

test('messages that the queue rejects are kept and sent later, with the newest state', async () => {
  const told: Announcement[] = [];
  let broken = true;
  const queue: AnnouncementSink = {
    async sendBatch(messages) {
      if (broken) throw new Error('Queue sendBatch failed: Too Many Requests');
      for (const { body } of messages) told.push(body);
    },
  };
  await withQueue(queue, async (announcements, sql) => {
    announcements.add(ALL, 0);
    await announcements.send();
    expect(announcements.waiting()).toBe(1);
    expect(announcements.nextDue()).toBeGreaterThan(Date.now());
    broken = false;
    sql.exec('UPDATE scopes SET sequence = 5');
    announcements.add(ALL, 0);
    await announcements.send();
    expect(told).toMatchObject([{ path: '/feeds/all', sequence: 5 }]);
    expect(announcements.waiting()).toBe(0);
  });
});

test('a change while its announcement is sent is announced, too', async () => {
  const told: Announcement[] = [];
  let during = () => {};
  const queue: AnnouncementSink = {
    async sendBatch(messages) {
      for (const { body } of messages) told.push(body);
      during();
    },
  };
  await withQueue(queue, async (announcements, sql) => {
    during = () => {
      sql.exec('UPDATE scopes SET sequence = 5');
      announcements.add(ALL, 0);
      during = () => {};
    };
    announcements.add(ALL, 0);
    await announcements.send();
    await announcements.send();
    expect(told.map((message) => message.kind === 'feed' && message.sequence)).toEqual([4, 5]);
    expect(announcements.waiting()).toBe(0);
  });
});

/** A queue that takes every batch, and answers when and how the test wants. */
class SlowQueue implements AnnouncementSink {
  readonly told: Announcement[] = [];
  answer: () => Promise<void> = async () => {};

  async sendBatch(messages: Iterable<{ body: Announcement }>): Promise<void> {
    for (const { body } of messages) this.told.push(body);
    await this.answer();
  }

  get sequences(): (number | false)[] {
    return this.told.map((message) => message.kind === 'feed' && message.sequence);
  }
}

for (const answer of ['taken', 'rejected'] as const) {
  test(`changes while a slow queue has the first one are announced whatever it answers (${answer})`, async () => {
    const queue = new SlowQueue();
    await withQueue(queue, async (announcements, sql) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      queue.answer = () => promise;
      sql.exec('UPDATE scopes SET sequence = 1');
      announcements.add(ALL, 0);
      const sending = announcements.send();
      for (const sequence of [2, 3, 4]) {
        sql.exec('UPDATE scopes SET sequence = ?', sequence);
        announcements.add(ALL, 0);
      }
      if (answer === 'taken') resolve();
      else reject(new Error('Queue sendBatch failed: timed out'));
      await sending;
      // The newest change is due at once, whatever became of the first one.
      expect(announcements.nextDue()).toBe(0);
      queue.answer = async () => {};
      await announcements.send();
      expect(queue.sequences).toEqual([1, 4]);
      expect(announcements.waiting()).toBe(0);
    });
  });
}

test('a late answer has no effect on an announcement that was sent and recorded anew since', async () => {
  const queue = new SlowQueue();
  await withQueue(
    queue,
    async (announcements, sql) => {
      const { promise, reject } = Promise.withResolvers<void>();
      queue.answer = () => promise;
      announcements.add(ALL, 0);
      await announcements.send();
      expect(announcements.waiting()).toBe(1);
      queue.answer = async () => {};
      sql.exec('UPDATE announcements SET due_at = 0');
      await announcements.send();
      expect(announcements.waiting()).toBe(0);
      sql.exec('UPDATE scopes SET sequence = 5');
      announcements.add(ALL, 0);
      reject(new Error('Queue sendBatch failed: timed out'));
      await promise.catch(() => {});
      await scheduler.wait(1);
      expect(announcements.nextDue()).toBe(0);
      await announcements.send();
      expect(queue.sequences).toEqual([4, 4, 5]);
    },
    { timeoutMs: 20 },
  );
});

test('a queue that does not answer is asked once, and again later', async () => {
  const queue = new SlowQueue();
  queue.answer = () => new Promise(() => {});
  await withQueue(
    queue,
    async (announcements, sql) => {
      sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250)
         INSERT INTO announcements SELECT 'k' || i, '{"kind":"feed"}', i, 0, 0 FROM n`,
      );
      await announcements.send();
      expect(queue.told).toHaveLength(100);
      // The Desk's own alarm may have sent the others meanwhile.
      const postponed = sql.exec('SELECT COUNT(*) AS n FROM announcements WHERE attempts = 1').one().n;
      expect(postponed).toBe(100);
      queue.answer = async () => {};
      sql.exec('UPDATE announcements SET due_at = 0');
      await announcements.send();
      expect(announcements.waiting()).toBe(0);
    },
    { timeoutMs: 20 },
  );
});

test('an announcement is put off before the queue is asked, so that a restart meanwhile sends it again', async () => {
  const queue = new SlowQueue();
  await withQueue(queue, async (announcements) => {
    queue.answer = async () => expect(announcements.nextDue()).toBeGreaterThan(Date.now());
    announcements.add(ALL, 0);
    await announcements.send();
    expect(announcements.waiting()).toBe(0);
  });
});
