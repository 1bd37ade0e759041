import { reset, runInDurableObject } from 'cloudflare:test';
import { beforeEach, expect, test } from 'vitest';
import type { Desk } from '../../src/desk/desk.ts';
import { PurgeQueue } from '../../src/desk/projection/purge-queue.ts';
import { deliver, desk, idOf, inKv, published, revisionOf, settle, updated, withdrawn } from './desk.ts';

beforeEach(reset);

const AT = 1_763_640_000_000;
const MINUTE = 60_000;
const LISTS = ['feeds', 'pages'];

/** A cache that does as it is told. */
function cacheOf() {
  const state = { purged: [] as string[][], refusing: false };
  const purge = async (tags: string[]) => {
    state.purged.push(tags);
    if (state.refusing) throw new Error('Too many purges.');
  };
  /** What was purged since this was asked last. */
  const since = () => state.purged.splice(0);
  return { state, purge, since };
}

type Cache = ReturnType<typeof cacheOf>;

/** Purges over a real Desk's table. Every article was shown once and is withdrawn, or else as its id says. */
const withPurges = (work: (purges: PurgeQueue, cache: Cache) => Promise<void>) =>
  runInDurableObject(desk(), async (_instance: Desk, { storage }) => {
    const cache = cacheOf();
    const find = (id: string) => {
      if (id === 'unknown') return undefined;
      const status = id === 'published' || id === 'embargoed' ? id : 'withdrawn';
      return { status, sequence: id === 'embargoed' ? null : 7 } as never;
    };
    await work(new PurgeQueue(storage.sql, { find }, cache), cache);
  });

const article = (id: string) => ({ kind: 'article', id }) as const;
const add = (purges: PurgeQueue, count: number, now: number) => {
  for (let index = 0; index < count; index += 1) purges.add(article(`a${now}-${index}`), now);
};

test('what was taken back is purged at once, with every list, and again when KV has let go of it', () =>
  withPurges(async (purges, { since }) => {
    expect(purges.nextDue(AT)).toBeUndefined();
    purges.add(article('gone'), AT);
    expect(purges.nextDue(AT)).toBe(AT);
    await purges.send(AT);
    expect(since()).toEqual([[...LISTS, 'article:gone']]);

    const again = purges.nextDue(AT) ?? 0;
    expect(again).toBeGreaterThan(AT + MINUTE);
    await purges.send(again - 1);
    expect(since()).toEqual([]);
    await purges.send(again);
    expect(since()).toEqual([[...LISTS, 'article:gone']]);
    expect(purges.nextDue(again)).toBeUndefined();
  }));

test.each(['published', 'embargoed', 'unknown'])('nothing is purged for one that is %s', (id) =>
  withPurges(async (purges) => {
    purges.add(article(id), AT);
    purges.add({ kind: 'feed', scope: { kind: 'all' } }, AT);
    purges.add({ kind: 'publisher', id: 'gone' }, AT);
    expect(purges.nextDue(AT)).toBeUndefined();
  }),
);

test('many go together, a hundred tags a request, each once', () =>
  withPurges(async (purges, { since }) => {
    add(purges, 150, AT);
    purges.add(article(`a${AT}-0`), AT);
    purges.add(article(`a${AT}-1`), AT + 1);
    await purges.send(AT + 1);
    const requests = since();
    expect(requests.map((tags) => tags.length)).toEqual([100, 2 + 53]);
    for (const tags of requests) {
      expect(tags.slice(0, 2)).toEqual(LISTS);
      expect(new Set(tags).size).toBe(tags.length);
    }
    expect(new Set(requests.flat()).size).toBe(2 + 150);
  }));

test('there are five requests in any minute; what is over waits for its turn', () =>
  withPurges(async (purges, { since }) => {
    for (let index = 0; index < 4; index += 1) {
      add(purges, 1, AT + index * 1_000);
      await purges.send(AT + index * 1_000);
    }
    expect(since()).toHaveLength(4);
    add(purges, 98 * 2, AT + 10_000);
    await purges.send(AT + 10_000);
    expect(since()).toHaveLength(1);
    await purges.send(AT + 30_000);
    expect(since()).toHaveLength(0);
    expect(purges.nextDue(AT + 30_000)).toBe(AT + MINUTE);
    await purges.send(AT + MINUTE);
    expect(since().map((tags) => tags.length)).toEqual([100]);
  }));

test('a rejected purge throws, stays, and counts as a request', () =>
  withPurges(async (purges, { state, since }) => {
    state.refusing = true;
    purges.add(article('gone'), AT);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(purges.send(AT + attempt * 5_000)).rejects.toThrow('Too many purges.');
    }
    expect(since()).toHaveLength(5);
    await purges.send(AT + 25_000);
    expect(since()).toHaveLength(0);
    state.refusing = false;
    await purges.send(AT + MINUTE);
    expect(since()).toEqual([[...LISTS, 'article:gone']]);
    await purges.send(AT + MINUTE + 1);
    expect(since()).toEqual([]);
  }));

test('what is taken back during a purge is not taken for purged', () =>
  withPurges(async (purges, cache) => {
    const { purge } = cache;
    purges.add(article('one'), AT);
    cache.purge = async (tags) => {
      cache.purge = purge;
      await purge(tags);
      purges.add(article('two'), AT);
    };
    await purges.send(AT);
    expect(cache.since()).toEqual([
      [...LISTS, 'article:one'],
      [...LISTS, 'article:two'],
    ]);
  }));

test('what is taken back again at the very time of a slow purge is purged again', () =>
  withPurges(async (purges, cache) => {
    const { purge } = cache;
    const { promise, resolve: answer } = Promise.withResolvers<void>();
    cache.purge = async (tags) => {
      await purge(tags);
      await promise;
    };
    purges.add(article('one'), AT);
    purges.add(article('two'), AT);
    const sent = purges.send(AT);
    purges.add(article('one'), AT);
    cache.purge = purge;
    answer();
    await sent;
    expect(cache.since()).toEqual([
      [...LISTS, 'article:one', 'article:two'],
      [...LISTS, 'article:one'],
    ]);
    await purges.send(AT + 1);
    expect(cache.since()).toEqual([]);
  }));

/** What waits to be purged, and when, seen from now. */
const waiting = () =>
  runInDurableObject(desk(), (_instance: Desk, { storage }) =>
    storage.sql
      .exec<{ due_at: number; article_id: string }>('SELECT * FROM purges ORDER BY due_at')
      .toArray()
      .map(({ due_at, article_id }) => ({
        id: article_id,
        seconds: Math.round((due_at - Date.now()) / 1_000),
      })),
  );

test('a Desk purges a withdrawal once KV has the tombstone, by the publisher or the operator, and no update', async () => {
  for (const name of ['a', 'b', 'c']) await published(name, '2026-11-20T10:00:00.000Z', { sourceId: name });
  await settle();
  await updated('a', '2026-11-20T11:00:00.000Z', { sourceId: 'a', text: 'Other words.' });
  await settle();
  expect(await waiting()).toEqual([]);

  await withdrawn('a', '2026-11-20T12:00:00.000Z');
  expect(await waiting()).toEqual([]);
  await settle();
  expect(await inKv('a')).toMatchObject({ status: 'withdrawn' });
  const [first, ...others] = await waiting();
  expect(others).toEqual([]);
  expect(first?.id).toBe(idOf('a'));
  expect(first?.seconds).toBeGreaterThan(55);

  await desk().withdraw(idOf('b'));
  const revision = revisionOf({
    sourceId: 'c',
    embargoUntil: new Date(Date.now() + 3_600_000).toISOString(),
  });
  await deliver({ kind: 'updated', id: idOf('c'), revisedAt: '2026-11-20T12:00:00.000Z', revision });
  await settle();
  const ids = new Set((await waiting()).map(({ id }) => id));
  expect(ids).toEqual(new Set([idOf('a'), idOf('b'), idOf('c')]));
  expect((await desk().backlog()).failingJobs).toEqual([]);
});
