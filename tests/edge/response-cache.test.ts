import { reset } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Isolate } from '../../src/isolate.ts';
import { request } from '../client.ts';
import { countedKv } from '../counted-kv.ts';
import { newsroom, partnerWith, settle } from './newsroom.ts';

const { state, KV } = countedKv();
/** A new one for each test. */
let isolate: Isolate;

const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
  const before = state.operations;
  const response = await request(path, { headers, method }, { isolate, bindings: { KV } });
  const text = await response.text();
  return { response, text, status: response.status, operations: state.operations - before };
};

/** The headers of a response without the id of its request. */
const headersOf = ({ response }: { response: Response }) =>
  Object.fromEntries([...response.headers].filter(([name]) => name !== 'x-request-id'));

let id: string;
let page: string;
let publish: Awaited<ReturnType<typeof newsroom>>['publish'];
let withdraw: Awaited<ReturnType<typeof newsroom>>['withdraw'];

beforeEach(async () => {
  await reset();
  isolate = new Isolate();
  state.failing = false;
  ({ publish, withdraw } = await newsroom());
  id = await publish({ id: '1', headline: 'Headline', section: 'City' });
  page = `/news/${id}/headline`;
  await settle();
  // A minute later: the Desk writes a key once a second, and no test need wait for that.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
});

/** What was just acknowledged is written a tenth of a second later. */
async function written(): Promise<void> {
  vi.setSystemTime(Date.now() + 100);
  await settle();
}

afterEach(() => {
  vi.useRealTimers();
});

const PUBLIC = [
  ['an article', () => `/articles/${id}`],
  ['a page', () => page],
  ['the front page', () => '/'],
  ['a default feed', () => '/feeds/all.rss'],
  ['a feed', () => '/feeds/sections/City.json?limit=5'],
  ['cards', () => '/articles?section=City'],
] as const;

describe('a stored response', () => {
  test.each(PUBLIC)('is served without reading KV: %s', async (_name, pathOf) => {
    const first = await ask(pathOf());
    const second = await ask(pathOf());
    expect(first.operations).toBeGreaterThan(0);
    expect(second).toMatchObject({ status: 200, operations: 0, text: first.text });
    expect(headersOf(second)).toEqual(headersOf(first));
  });

  test('belongs to one isolate', async () => {
    await ask(page);
    isolate = new Isolate();
    expect((await ask(page)).operations).toBeGreaterThan(0);
  });

  test.each(PUBLIC)('returns the same 304 as without the cache: %s', async (_name, pathOf) => {
    const { response } = await ask(pathOf());
    const validators = [
      { 'If-None-Match': response.headers.get('ETag') ?? '' },
      { 'If-None-Match': `"other", ${response.headers.get('ETag')}` },
      { 'If-Modified-Since': response.headers.get('Last-Modified') ?? '' },
    ];
    for (const headers of validators) {
      const recalled = await ask(pathOf(), headers);
      expect(recalled).toMatchObject({ status: 304, operations: 0, text: '' });
      const plain = await request(pathOf(), { headers });
      expect(headersOf(recalled)).toEqual(headersOf({ response: plain }));
    }
    expect((await ask(pathOf(), { 'If-None-Match': '"other"' })).status).toBe(200);
  });

  test('may be a 304 alone', async () => {
    const { headers } = (await ask('/feeds/sections/City.rss')).response;
    const held = { 'If-None-Match': headers.get('ETag') ?? '' };
    vi.setSystemTime(Date.now() + 3_000);
    expect((await ask('/feeds/sections/City.rss', held)).operations).toBeGreaterThan(0);
    expect(await ask('/feeds/sections/City.rss', held)).toMatchObject({ status: 304, operations: 0 });
    // That stored no body.
    expect((await ask('/feeds/sections/City.rss')).status).toBe(200);
  });

  test('carries the id of its own request', async () => {
    const given = await ask('/', { 'X-Request-Id': 'mine' });
    expect(given.response.headers.get('X-Request-Id')).toBe('mine');
    const [one, other] = [await ask('/'), await ask('/')].map(({ response }) =>
      response.headers.get('X-Request-Id'),
    );
    expect(one).toMatch(/^[0-9a-f-]{36}$/);
    expect(other).not.toBe(one);
    expect((await ask('/', { 'X-Request-Id': 'not\tthis' })).response.headers.get('X-Request-Id')).not.toBe(
      'not\tthis',
    );
  });

  test('expires after MEMORY_SECONDS', async () => {
    await ask(page);
    vi.setSystemTime(Date.now() + 2_000);
    expect((await ask(page)).operations).toBeGreaterThan(0);
  });

  test('expires with the oldest value it was made of', async () => {
    // This reads the site's settings and the section's cards into the cache.
    await ask('/feeds/sections/City.json?content=summary');
    vi.setSystemTime(Date.now() + 1_500);
    await ask('/feeds/sections/City.json?content=summary&limit=7');
    await withdraw('1');
    await written();
    vi.setSystemTime(Date.now() + 500);
    expect((await ask('/feeds/sections/City.json?content=summary&limit=7')).text).not.toContain('Headline');
  });

  test('is never used when the memory is off', async () => {
    const off = { isolate, bindings: { KV, MEMORY_SECONDS: '0' } };
    const before = state.operations;
    for (let n = 0; n < 3; n += 1) await request(`/articles/${id}`, {}, off);
    expect(state.operations - before).toBe(3);
  });
});

describe('a response that depends on more than the URL', () => {
  test('is neither served from memory nor stored: a feed as a document for a browser', async () => {
    const plain = await ask('/feeds/all.rss');
    const looked = await ask('/feeds/all.rss', { 'Sec-Fetch-Dest': 'document' });
    expect(looked.response.headers.get('Content-Type')).toBe('application/xml; charset=utf-8');
    expect(headersOf(await ask('/feeds/all.rss'))).toEqual(headersOf(plain));
    const opened = await ask(page, { 'Sec-Fetch-Dest': 'document' });
    expect(opened.status).toBe(200);
    expect((await ask(page, { 'Sec-Fetch-Dest': 'document' })).operations).toBe(0);
  });

  test('is neither served from memory nor stored: only the changes of a feed', async () => {
    const held = (await ask('/feeds/all.json')).response.headers.get('ETag') ?? '';
    await publish({ id: '2', headline: 'Another' });
    await written();
    vi.setSystemTime(Date.now() + 3_000);
    await ask('/feeds/all.json');
    const wanted = { 'A-IM': 'feed', 'If-None-Match': held };
    const changes = await ask('/feeds/all.json', wanted);
    expect(changes.status).toBe(226);
    expect(changes.text).toContain('Another');
    expect(changes.text).not.toContain('"Headline"');
    expect((await ask('/feeds/all.json', wanted)).status).toBe(226);
    expect(await ask('/feeds/all.json')).toMatchObject({ status: 200, operations: 0 });
  });
});

test.each([
  ['a 404', '/articles/0000000000000000', 404],
  ['changes', '/changes', 200],
  ['health', '/health', 200],
] as const)('%s is never stored', async (_name, path, status) => {
  const first = await ask(path);
  const second = await ask(path);
  expect([first.status, second.status]).toEqual([status, status]);
  expect(second.operations).toBe(first.operations);
});

test('a partner’s feed is not served to anybody else', async () => {
  const token = await partnerWith('reader');
  const path = '/partners/reader/feed.json';
  expect((await ask(path, { Authorization: `Bearer ${token}` })).status).toBe(200);
  expect((await ask(path)).status).toBe(401);
});

test('a withdrawn article is gone once its stored response has expired', async () => {
  await ask(page);
  await withdraw('1');
  await written();
  expect((await ask(page)).status).toBe(200);
  vi.setSystemTime(Date.now() + 2_000);
  expect((await ask(page)).status).toBe(410);
});

describe('while KV fails', () => {
  test.each(PUBLIC)('the last response is served for ten minutes: %s', async (_name, pathOf) => {
    const good = await ask(pathOf());
    state.failing = true;
    vi.setSystemTime(Date.now() + 9 * 60_000);
    const old = await ask(pathOf());
    expect(old).toMatchObject({ status: 200, text: good.text });
    expect(old.operations).toBeGreaterThan(0);
    expect((await ask(pathOf(), { 'If-None-Match': good.response.headers.get('ETag') ?? '' })).status).toBe(
      304,
    );
    vi.setSystemTime(Date.now() + 61_000);
    expect(await ask(pathOf())).toMatchObject({ status: 503 });
  });

  test('no response is served that was seen to be gone', async () => {
    const path = `/articles/${id}`;
    await ask(path);
    await withdraw('1');
    await written();
    vi.setSystemTime(Date.now() + 2_000);
    expect((await ask(path)).status).toBe(410);
    state.failing = true;
    // The value that was read last says that it is gone.
    expect((await ask(path)).status).not.toBe(200);
  });

  test('a client with an older copy than the last does not get a 304', async () => {
    const path = '/feeds/all.json';
    const { headers } = (await ask(path)).response;
    const older = { 'If-None-Match': headers.get('ETag') ?? '' };
    expect((await ask(path, older)).status).toBe(304);
    await publish({ id: '2', headline: 'Another' });
    await written();
    vi.setSystemTime(Date.now() + 3_000);
    await ask(path);
    vi.setSystemTime(Date.now() + 3_000);
    state.failing = true;
    const response = await ask(path, older);
    expect(response.status).toBe(200);
    expect(response.text).toContain('Another');
  });

  test('a body that breaks off is read once more', async () => {
    let broken = 1;
    const breaking = new Proxy(KV, {
      get:
        (target, name) =>
        async (...given: [string, string]) => {
          const read = await Reflect.get(target, name).apply(target, given);
          if (given[1] !== 'stream' || broken-- <= 0) return read;
          await read.value.cancel();
          const body = new ReadableStream({
            pull: (controller) => controller.error(new Error('KV GET broke off')),
          });
          return { ...read, value: body };
        },
    });
    const path = '/feeds/all.rss';
    const good = await ask(path);
    vi.setSystemTime(Date.now() + 11 * 60_000);
    const response = await request(path, {}, { isolate, bindings: { KV: breaking } });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(good.text);
  });
});

test('a stale value serves one request, and the next one reads KV again', async () => {
  await ask('/feeds/sections/City.json?content=summary');
  vi.setSystemTime(Date.now() + 3_000);
  state.failing = true;
  expect((await ask('/feeds/sections/City.json?content=summary')).status).toBe(200);
  const again = await ask('/feeds/sections/City.json?content=summary');
  expect(again.status).toBe(200);
  expect(again.operations).toBeGreaterThan(0);
});
