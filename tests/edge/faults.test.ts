import { env } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Random } from '../../scripts/soak/random.ts';
import type { Bindings } from '../../src/bindings.ts';
import { Isolate } from '../../src/isolate.ts';
import type { StoredArticle } from '../../src/store/records.ts';
import { payload, request } from '../client.ts';
import { newsroom, settle } from './newsroom.ts';

/** A binding some of whose operations fail, as `fails` says. */
function faulty<Binding extends object>(
  binding: Binding,
  fails: (operation: string) => Error | undefined,
): Binding {
  return new Proxy(binding, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...given: unknown[]) => {
        const error = fails(String(name));
        // Some fail at once, some after a while, as a request that times out does.
        if (error) await scheduler.wait(random.chance(0.5) ? 0 : 15);
        if (error) throw error;
        return member.apply(target, given);
      };
    },
  });
}

/** A Durable Object's stub whose every call fails. */
const brokenDesk = (error: () => Error): Bindings['DESK'] =>
  ({
    getByName: () => new Proxy({}, { get: () => async () => Promise.reject(error()) }),
  }) as unknown as Bindings['DESK'];

const ask = (path: string, bindings: Partial<Bindings>) => request(path, {}, { bindings });

function signed(withSecret: string, body: string): Record<string, string> {
  const now = new Date();
  return {
    'webhook-id': 'a-delivery',
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(withSecret).sign('a-delivery', now, body),
  };
}

/** The same failures in every run. */
const random = new Random(1);

const ids: string[] = [];
let secret: string;
let paths: string[];

beforeAll(async () => {
  // What fails here is logged, thousands of times.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const gazette = await newsroom();
  secret = gazette.secret;
  for (const id of ['one', 'two', 'three']) {
    const body = { format: 'html', content: `<p>The words of ${id}.</p>` };
    ids.push(
      await gazette.publish({ id, headline: `Headline ${id}`, section: 'City', language: 'en', body }),
    );
  }
  await settle();
  paths = [
    ...['rss', 'atom', 'json', 'ninjs'].flatMap((each) => [
      `/feeds/all.${each}`,
      `/feeds/sections/City.${each}`,
    ]),
    '/feeds/all.json?section=City&publisher=gazette',
    '/articles',
    '/',
    '/sections/City',
    `/articles/${ids[0]}`,
    `/news/${ids[0]}/headline-one`,
    '/news-sitemap.xml',
  ];
});

afterAll(() => void vi.restoreAllMocks());

/** The answer must be the one of good days, or tell the reader to come back. */
async function expectGoodOrPutOff(
  path: string,
  response: Response,
  good: string,
): Promise<'good' | 'put off'> {
  const text = await response.text();
  if (response.status === 503) {
    expect(response.headers.get('Retry-After'), path).toMatch(/^[1-9]\d*$/);
    expect(response.headers.get('Cache-Control'), path).toContain('no-store');
    return 'put off';
  }
  expect(response.status, path).toBe(200);
  expect(text, path).toBe(good);
  return 'good';
}

describe('readers, while KV fails at random', () => {
  test('get what they got on good days, or 503 with Retry-After; never a wrong or empty feed with 200', async () => {
    const good = new Map<string, string>();
    for (const path of paths) good.set(path, await (await ask(path, {})).text());
    const seen = { good: 0, 'put off': 0 };
    const KV = faulty(env.KV, () => (random.chance(0.4) ? new Error('KV GET failed: 500') : undefined));
    for (let round = 0; round < 8; round += 1) {
      for (const path of paths) {
        seen[await expectGoodOrPutOff(path, await ask(path, { KV }), good.get(path) ?? '')] += 1;
      }
    }
    expect(seen.good).toBeGreaterThan(0);
    expect(seen['put off']).toBeGreaterThan(0);
  });

  test('get the last good copy from an isolate that has one', async () => {
    let failing = false;
    const KV = faulty(env.KV, () => (failing ? new Error('KV GET failed: 500') : undefined));
    const bindings = { KV };
    const isolate = new Isolate();
    const path = '/feeds/sections/City.json';
    const good = await (await request(path, {}, { isolate, bindings })).text();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    failing = true;
    // Under another URL, so that the response is made anew of the values read before.
    const paths = [path, `${path}?limit=50`];
    const responses = [];
    for (const each of paths) responses.push(await request(each, {}, { isolate, bindings }));
    vi.useRealTimers();
    for (const response of responses) {
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(good);
    }
  });
});

describe('readers, while KV does not answer at all', () => {
  test('get Retry-After of five seconds', async () => {
    const KV = new Proxy(env.KV, { get: () => () => new Promise(() => {}) });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      for (const path of ['/feeds/all.rss', '/feeds/sections/City.json', `/articles/${ids[0]}`, '/']) {
        const answering = ask(path, { KV });
        await vi.advanceTimersByTimeAsync(5_000);
        const response = await answering;
        expect(response.status, path).toBe(503);
        expect(response.headers.get('Retry-After'), path).toBe('5');
      }
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('readers, while KV is behind', () => {
  test('get no older body in a feed that says it is newer', async () => {
    const key = `article:${ids[1]}`;
    const { metadata } = await env.KV.getWithMetadata(key);
    const stored = (await env.KV.get<StoredArticle>(key, 'json')) as StoredArticle;
    await env.KV.put(key, JSON.stringify({ ...stored, version: 0, headline: 'Older words' }), { metadata });
    for (const path of ['/feeds/sections/City.json', '/feeds/all.json?section=City&publisher=gazette']) {
      const text = await (await ask(path, {})).text();
      expect(text).toContain('Headline two');
      expect(text).not.toContain('Older words');
    }
    await env.KV.put(key, JSON.stringify(stored), { metadata });
  });
});

describe('publishers, while the Desk is overloaded or away', () => {
  const failures: [string, object][] = [
    ['overloaded', { overloaded: true }],
    ['being replaced', { retryable: true }],
    ['failing inside', { remote: true }],
  ];

  test.each(failures)('a webhook for a Desk that is %s is put off with Retry-After', async (_what, marks) => {
    const body = payload({ id: 'four' });
    const headers = { 'Content-Type': 'application/json', ...signed(secret, body) };
    const DESK = brokenDesk(() => Object.assign(new Error('secret internals'), marks));
    const response = await request(
      '/webhooks/gazette',
      { method: 'POST', headers, body },
      { bindings: { DESK } },
    );
    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).toMatch(/^[1-9]\d*$/);
    expect(await response.text()).not.toContain('internals');
  });

  test('readers are served all the same', async () => {
    const DESK = brokenDesk(() => Object.assign(new Error('overloaded'), { overloaded: true }));
    for (const path of ['/feeds/all.rss', '/feeds/sections/City.json', `/articles/${ids[0]}`, '/']) {
      expect((await ask(path, { DESK })).status, path).toBe(200);
    }
  });
});

describe('GET /health/ready', () => {
  const ready = async (bindings: Partial<Bindings>) => {
    const response = await ask('/health/ready', bindings);
    return {
      http: response.status,
      retryAfter: response.headers.get('Retry-After'),
      ...((await response.json()) as object),
    };
  };

  test('is 200 and says how far KV is behind', async () => {
    expect(await ready({})).toEqual({
      ...{
        http: 200,
        retryAfter: null,
        status: 'ready',
        desk: 'ok',
        kv: 'ok',
        intake: 'ok',
        failingChores: 0,
      },
      outbox: { waiting: 0, failing: 0, oldestSeconds: 0, oldestWithdrawalSeconds: 0 },
      storage: { bytes: expect.any(Number), limit: 10_000_000_000 },
    });
  });

  test('is degraded when the Desk uses 80 % of its storage', async () => {
    const { storage } = (await (await ask('/health/ready', {})).json()) as { storage: { bytes: number } };
    expect(storage.bytes).toBeGreaterThan(4_096);
    const limit = Math.floor(storage.bytes / 0.8);
    expect(await ready({ DESK_STORAGE_BYTES: String(limit) })).toMatchObject({
      ...{ http: 200, status: 'degraded', storage: { bytes: storage.bytes, limit } },
    });
    const more = String(limit + 1_000);
    expect(await ready({ DESK_STORAGE_BYTES: more })).toMatchObject({ status: 'ready' });
  });

  test('is 503 when KV cannot be read, and when the Desk cannot be reached, and tells nothing more', async () => {
    const KV = faulty(env.KV, () => new Error('KV GET failed: secret internals'));
    expect(await ready({ KV })).toMatchObject({
      http: 503,
      retryAfter: '5',
      status: 'unavailable',
      kv: 'unreadable',
    });
    const DESK = brokenDesk(() => new Error('secret internals'));
    expect(await ready({ DESK })).toEqual({
      ...{ http: 503, retryAfter: '5', status: 'unavailable', desk: 'unreachable', kv: 'unknown' },
    });
  });
});
