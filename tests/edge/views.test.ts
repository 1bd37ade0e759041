import { createExecutionContext, reset, runInDurableObject, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deskOf } from '../../src/bindings.ts';
import { Desk } from '../../src/desk/desk.ts';
import { readTrending } from '../../src/edge/card-lists.ts';
import { ViewCounter } from '../../src/edge/views.ts';
import { Isolate } from '../../src/isolate.ts';
import type { StoredTrending } from '../../src/store/records.ts';
import { request, store } from '../client.ts';
import { newsroom, settle } from './newsroom.ts';

const BROWSER = {
  'User-Agent': 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36',
};
const A_DAY_OF_HALF_LIVES = 4;

// A thousand requests, on a machine that has other things to do.
vi.setConfig({ testTimeout: 30_000 });

let isolate: Isolate;

beforeEach(async () => {
  await reset();
  isolate = new Isolate();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const read = async (path: string, headers: Record<string, string> = BROWSER, method = 'GET') => {
  const response = await request(path, { method, headers }, { isolate, context: createExecutionContext() });
  await response.arrayBuffer();
  return response;
};

async function publishThree(): Promise<string[]> {
  const { publish } = await newsroom();
  const ids: string[] = [];
  for (const id of ['1', '2', '3']) ids.push(await publish({ id, headline: `Headline ${id}` }));
  await settle();
  return ids.map((id, index) => `/news/${id}/headline-${index + 1}`);
}

const idIn = (path: string) => path.split('/')[2] ?? '';

/** A busy machine takes its time. */
const PATIENTLY = { timeout: 60_000 };

const untilListed = (count: number) =>
  vi.waitFor(async () => {
    await settle();
    expect((await readTrending(store(), 10)).cards).toHaveLength(count);
  }, PATIENTLY);

test('a thousand views are two calls of the Desk, and the most read article is listed first', async () => {
  const paths = await publishThree();
  const made = vi.spyOn(Desk.prototype, 'countViews');
  for (let view = 0; view < 1_000; view += 1) await read(paths[view % 10 < 7 ? 1 : 2] ?? '');
  await vi.waitFor(() => expect(made).toHaveBeenCalledTimes(2), PATIENTLY);
  const handed = made.mock.calls.flatMap(([views]) => views);
  expect(handed.reduce((sum, [, views]) => sum + views, 0)).toBe(1_000);
  await untilListed(2);
  const [, second = '', third = ''] = paths;
  expect((await readTrending(store(), 10)).cards.map((card) => card.url)).toEqual([
    env.ORIGIN + second,
    env.ORIGIN + third,
  ]);
  expect((await readTrending(store(), 1)).cards).toHaveLength(1);
  expect(await (await request('/trending')).text()).toMatch(/Headline 2.*Headline 3/s);
});

test('HEAD, prefetches, crawlers, redirects, 404s and 304s are no views', async () => {
  const [path = ''] = await publishThree();
  const made = vi.spyOn(Desk.prototype, 'countViews');
  const { headers } = await read(path, {});
  for (let view = 0; view < 499; view += 1) await read(path);
  await read(path, BROWSER, 'HEAD');
  await read(path, { ...BROWSER, 'Sec-Purpose': 'prefetch' });
  await read(path, { 'User-Agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' });
  expect((await read(`${path}-not`)).status).toBe(301);
  expect((await read('/news/0000000000000000/x')).status).toBe(404);
  expect((await read(path, { ...BROWSER, 'If-None-Match': headers.get('ETag') ?? '' })).status).toBe(304);
  expect(made).not.toHaveBeenCalled();
  await read(path);
  await vi.waitFor(() => expect(made).toHaveBeenCalledExactlyOnceWith([[idIn(path), 500]]), PATIENTLY);
});

test('an incomplete batch is sent after a while', async () => {
  const counter = new ViewCounter({ views: 500, milliseconds: 50 });
  const taken: unknown[] = [];
  const take = async (views: unknown) => void taken.push(views);
  const context = createExecutionContext();
  for (const id of ['a', 'b', 'a']) counter.add(id, context, take);
  expect(taken).toEqual([]);
  await waitOnExecutionContext(context);
  const batch = [
    ['a', 2],
    ['b', 1],
  ];
  expect(taken).toEqual([batch]);
  const next = createExecutionContext();
  counter.add('c', next, take);
  await waitOnExecutionContext(next);
  expect(taken).toEqual([batch, [['c', 1]]]);
});

test('a batch whose wait was cut short is sent with the next view', async () => {
  const counter = new ViewCounter({ views: 500, milliseconds: 30 });
  const taken: unknown[] = [];
  const take = async (views: unknown) => void taken.push(views);
  const context = createExecutionContext();
  vi.spyOn(scheduler, 'wait').mockReturnValueOnce(new Promise(() => {}));
  counter.add('a', { waitUntil() {} }, take);
  await scheduler.wait(50);
  expect(taken).toEqual([]);
  counter.add('b', context, take);
  await waitOnExecutionContext(context);
  expect(taken).toEqual([
    [
      ['a', 1],
      ['b', 1],
    ],
  ]);
});

test('a Desk out of reach loses the batch, and the next one counts', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const counter = new ViewCounter({ views: 2, milliseconds: 10_000 });
  const pending: Promise<unknown>[] = [];
  const context = { waitUntil: (promise: Promise<unknown>) => void pending.push(promise) };
  const take = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new Error('out of reach'));
  for (let view = 0; view < 4; view += 1) counter.add('a', context, take);
  await scheduler.wait(0);
  expect(take).toHaveBeenCalledTimes(2);
  expect(logged).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('"views":2'));
});

test('an article that is no longer read leaves the list although it is still in KV', async () => {
  const [path = ''] = await publishThree();
  await deskOf(env).countViews([[idIn(path), 1]]);
  await untilListed(1);
  const stored = (await env.KV.get<StoredTrending>('trending', 'json')) as StoredTrending;
  const items = stored.items.map((item) => ({ ...item, standing: item.standing - A_DAY_OF_HALF_LIVES }));
  await env.KV.put('trending', JSON.stringify({ ...stored, items }));
  expect((await readTrending(store(), 10)).cards).toEqual([]);
});

test('an empty list is a page like any other', async () => {
  const response = await request('/trending');
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
  expect(await response.text()).toMatch(/^<!doctype html>/);
  const held = { headers: { 'If-None-Match': response.headers.get('ETag') ?? '' } };
  expect((await request('/trending', held)).status).toBe(304);
  expect((await request('/trending', { method: 'POST' })).status).toBe(405);
});

test('a withdrawn article leaves the page', async () => {
  const { publish, withdraw } = await newsroom();
  const id = await publish({ id: '1', headline: 'Soon withdrawn' });
  await deskOf(env).countViews([[id, 4]]);
  await untilListed(1);
  expect(await (await request('/trending')).text()).toContain('Soon withdrawn');
  await withdraw('1');
  await untilListed(0);
  expect(await (await request('/trending')).text()).not.toContain('Soon withdrawn');
  await runInDurableObject(deskOf(env), (_instance: Desk, { storage }) => {
    expect(storage.sql.exec('SELECT * FROM trending').toArray()).toEqual([]);
  });
});

test('pages list the most read articles, without the one on the page', async () => {
  const [first = '', second = ''] = await publishThree();
  const before = await request(first);
  await deskOf(env).countViews([
    [idIn(first), 4],
    [idIn(second), 2],
  ]);
  await untilListed(2);
  const boxOf = async (path: string) =>
    /<section class="trending".*?<\/section>/s.exec(await (await request(path)).text())?.[0] ?? '';
  expect(await boxOf('/')).toMatch(/Headline 1.*Headline 2/s);
  expect(await boxOf(first)).toContain('Headline 2');
  expect(await boxOf(first)).not.toContain('Headline 1');
  const held = { headers: { 'If-None-Match': before.headers.get('ETag') ?? '' } };
  expect((await request(first, held)).status).toBe(200);
});
