import { reset, runInDurableObject } from 'cloudflare:test';
import { beforeEach, expect, test } from 'vitest';
import type { Announcement } from '../../src/desk/contract/messages.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { AnnouncementQueue, type AnnouncementSink } from '../../src/desk/projection/announcement-queue.ts';
import { Articles } from '../../src/desk/tables/articles.ts';
import { Memberships } from '../../src/desk/tables/memberships.ts';
import { cardsIn, desk, idOf, inKv, published, settle, updated, withdrawn } from './desk.ts';

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

/** Announcements over a real Desk's tables with a queue of the test's own. */
const withQueue = (
  queue: AnnouncementSink,
  work: (one: AnnouncementQueue, sql: SqlStorage) => Promise<void>,
) =>
  runInDurableObject(desk(), async (_instance: Desk, state) => {
    const { sql } = state.storage;
    sql.exec("INSERT INTO scopes VALUES ('all', '', 4, '2026-11-20T10:00:00.000Z', 1)");
    await work(
      new AnnouncementQueue(sql, { articles: new Articles(sql), memberships: new Memberships(sql) }, queue),
      sql,
    );
  });

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
