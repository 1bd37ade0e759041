import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ROUTES } from '../../src/app.ts';
import { type Bindings, deskOf } from '../../src/bindings.ts';
import { FEED_FORMATS } from '../../src/formats/registry.ts';
import { Isolate } from '../../src/isolate.ts';
import { asAdmin, request } from '../client.ts';
import { countedDesk, newsroom, partnerWith, settle } from './newsroom.ts';

let published: string;
let withdrawn: string;
let token: string;

beforeAll(async () => {
  // What fails here is logged, hundreds of times.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const gazette = await newsroom();
  const article = (id: string, more: object = {}) =>
    gazette.publish({
      id,
      headline: `Headline ${id}`,
      section: 'City',
      tags: ['river'],
      language: 'en',
      authors: [{ name: 'City Desk' }],
      body: { format: 'html', content: `<p>The words of ${id}.</p>` },
      ...more,
    });
  for (const id of ['one', 'two', 'three']) await article(id);
  published = await article('four', { rights: { licence: 'wire' } });
  withdrawn = await article('five');
  await gazette.withdraw('five');
  token = await partnerWith('mirror', { filters: { include: { sections: ['City'] } } });
  await asAdmin('/admin/site', 'PUT', { name: 'The Site', language: 'en' });
  await deskOf(env).countViews([[published, 3]]);
  await settle();
});

afterAll(() => void vi.restoreAllMocks());

const formats = FEED_FORMATS.map(({ extension }) => extension);
const day = new Date().toISOString().slice(0, 10);
const kinds = ['publishers/gazette', 'sections/City', 'tags/river', 'languages/en', 'authors/City%20Desk'];

/** Addresses of every route that is read without the operator's token. A new route belongs here. */
const ADDRESSES: Readonly<Record<string, () => string[]>> = {
  '/feeds/all.{format}': () =>
    formats.flatMap((each) => [
      `/feeds/all.${each}`,
      `/feeds/all.${each}?content=summary`,
      `/feeds/all.${each}?tag=river&exclude-section=State`,
      `/feeds/all.${each}?limit=1&before=9999999999999-0000000000000000`,
    ]),
  '/feeds/{kind}/{name}.{format}': () =>
    kinds.flatMap((kind) => formats.map((each) => `/feeds/${kind}.${each}`)),
  '/articles': () => ['/articles', '/articles?section=City', '/articles?exclude-tag=x'],
  '/articles/{id}': () => [`/articles/${published}`, `/articles/${withdrawn}`, '/articles/0000000000000000'],
  '/changes': () => ['/changes'],
  '/news-sitemap.xml': () => ['/news-sitemap.xml'],
  '/sitemap.xml': () => ['/sitemap.xml'],
  '/sitemaps/{day}.xml': () => [`/sitemaps/${day}.xml`],
  '/feeds.opml': () => ['/feeds.opml'],
  '/feeds.css': () => ['/feeds.css'],
  '/partners/{partner}/feed.{format}': () => formats.map((each) => `/partners/mirror/feed.${each}`),
  '/': () => ['/'],
  '/sections/{name}': () => ['/sections/City', '/sections/Unknown'],
  '/publishers/{name}': () => ['/publishers/gazette', '/publishers/unknown'],
  '/tags/{name}': () => ['/tags/river'],
  '/authors/{name}': () => ['/authors/City%20Desk'],
  '/trending': () => ['/trending'],
  '/news/{id}': () => [`/news/${published}`, `/news/${withdrawn}`],
  '/news/{id}/{slug}': () => [`/news/${published}/headline-four`, `/news/${withdrawn}/headline-five`],
  '/robots.txt': () => ['/robots.txt'],
  '/openapi.json': () => [],
  '/docs': () => [],
  '/health': () => [],
  '/health/ready': () => [],
};

const routes = ROUTES.filter(
  ([path, { GET }]) => GET !== undefined && !/^\/(?:admin|webhooks)/.test(path),
).map(([path]) => path);

interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

const NAMES = ['ETag', 'Last-Modified', 'Link', 'Location', 'Content-Type', 'Cache-Control', 'Cache-Tag'];

/** What a client gets of a new isolate: everything that must be equal. */
async function ask(path: string, bindings: Partial<Bindings> = {}, isolate = new Isolate()): Promise<Answer> {
  const response = await request(
    path,
    { headers: { Authorization: `Bearer ${token}` } },
    { bindings, isolate },
  );
  const headers = Object.fromEntries(NAMES.map((name) => [name, response.headers.get(name) ?? '']));
  return { status: response.status, headers, text: await response.text() };
}

/** KV as it is, without some of its keys. */
function lossy(isLost: (key: string) => boolean): Bindings['KV'] {
  return new Proxy(env.KV, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (name === 'get') {
        return async (given: string | string[], ...rest: unknown[]) => {
          if (typeof given === 'string')
            return isLost(given) ? null : Reflect.apply(member, target, [given, ...rest]);
          const found = (await Reflect.apply(member, target, [given, ...rest])) as Map<string, string | null>;
          return new Map([...found].map(([key, value]) => [key, isLost(key) ? null : value]));
        };
      }
      if (name === 'getWithMetadata') {
        return (key: string, ...rest: unknown[]) =>
          isLost(key) ? { value: null, metadata: null } : Reflect.apply(member, target, [key, ...rest]);
      }
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** A Desk that cannot be reached. */
const awayDesk = {
  getByName: () =>
    new Proxy(
      {},
      { get: () => async () => Promise.reject(Object.assign(new Error('away'), { retryable: true })) },
    ),
} as unknown as Bindings['DESK'];

describe('with keys of KV lost, every read is the same as before', () => {
  test.each(routes)('%s', async (route) => {
    const addresses = ADDRESSES[route]?.();
    expect(addresses).toBeDefined();
    const { keys } = await env.KV.list();
    const kinds = [...new Set(keys.map(({ name }) => name.split(':')[0] ?? ''))];
    expect(kinds.sort()).toEqual(['article', 'feed', 'partner', 'publisher', 'rendered', 'site', 'trending']);
    for (const address of addresses ?? []) {
      const before = await ask(address);
      expect([200, 301, 404, 410], address).toContain(before.status);
      for (const kind of ['', ...kinds]) {
        const KV = lossy((key) => key.startsWith(kind));
        expect(await ask(address, { KV }), `${address} without ${kind || 'all'}`).toEqual(before);
      }
    }
  });
});

describe('with keys of KV lost and the Desk away, a read is the same as before or 503', () => {
  test.each(routes)('%s', async (route) => {
    for (const address of ADDRESSES[route]?.() ?? []) {
      const before = await ask(address);
      for (const kind of ['', 'article', 'feed', 'partner', 'publisher', 'rendered', 'site', 'trending']) {
        const KV = lossy((key) => key.startsWith(kind));
        const response = await request(
          address,
          { headers: { Authorization: `Bearer ${token}` } },
          { bindings: { KV, DESK: awayDesk } },
        );
        const what = `${address} without ${kind || 'all'}`;
        if (response.status === 503) {
          expect(response.headers.get('Retry-After'), what).toMatch(/^[1-9]\d*$/);
          continue;
        }
        expect(response.status, what).toBe(before.status);
        expect(await response.text(), what).toBe(before.text);
      }
    }
  });
});

test('a client that names what does not exist gets 404 until the budget is spent, then 503; never the site', async () => {
  // With a clock that stands still, no budget refills.
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { state, DESK } = countedDesk();
  const isolate = new Isolate();
  const statuses = new Map<number, number>();
  const KV = lossy((key) => key === 'site' || key.startsWith('feed:'));
  for (let number = 0; number < 300; number += 1) {
    const id = String(number).padStart(16, '0');
    const response = await request(`/articles/${id}`, {}, { isolate, bindings: { DESK, KV } });
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    if (response.status === 503) expect(response.headers.get('Retry-After')).toBe('5');
  }
  expect([...statuses.keys()].sort()).toEqual([404, 503]);
  expect(state.asked).toBe(statuses.get(404));
  // The site's own keys have a budget of their own.
  expect((await ask('/feeds/all.atom', { KV, DESK }, isolate)).status).toBe(200);
  // Not known to be absent: what KV has lost, and what never was.
  expect((await ask('/sections/City', { KV, DESK }, isolate)).status).toBe(503);
  expect((await ask('/feeds/sections/Unknown.rss', { KV, DESK }, isolate)).status).toBe(503);
  expect((await ask('/partners/unknown/feed.rss', { KV, DESK }, isolate)).status).toBe(503);
});

test('a partner’s rotated token is not refused because the Desk may not be asked', async () => {
  const { DESK } = countedDesk();
  const isolate = new Isolate();
  const tried = async (token: string) => {
    const headers = { Authorization: `Bearer ${token}` };
    return (await request('/partners/mirror/feed.rss', { headers }, { isolate, bindings: { DESK } })).status;
  };
  const statuses = [];
  for (let number = 0; number < 40; number += 1) statuses.push(await tried(`dlp_wrong-${number}`));
  expect([...new Set(statuses)]).toEqual([401, 503]);
  expect(await tried(token)).toBe(200);
});

test('an accepted article is served before KV has it', async () => {
  const gazette = await newsroom('early');
  const id = await gazette.publish({ id: '1', headline: 'Just now' });
  // KV as it is where a miss lies in its cache: for up to a minute.
  const bindings = { KV: lossy(() => true) };
  expect((await request(`/articles/${id}`, {}, { bindings })).status).toBe(200);
  expect((await request(`/news/${id}/just-now`, {}, { bindings })).status).toBe(200);
  expect(await (await request('/feeds/publishers/early.rss', {}, { bindings })).text()).toContain('Just now');
  await settle();
});

describe('what the Desk denied', () => {
  test.each(['/articles/0000000000000000', '/sections/Nowhere', '/feeds/tags/none.rss'])(
    'is not asked again at once: %s',
    async (path) => {
      const { state, DESK } = countedDesk();
      const isolate = new Isolate();
      for (let number = 0; number < 5; number += 1) {
        expect((await request(path, {}, { isolate, bindings: { DESK } })).status).toBe(404);
      }
      expect(state.asked).toBe(1);
    },
  );

  test('writes nothing, and is served once KV has it', async () => {
    const rows = () =>
      runInDurableObject(deskOf(env), (_desk, { storage }) => {
        const tables = storage.sql
          .exec<{ name: string }>(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'",
          )
          .toArray();
        return tables.map(({ name }) => [
          name,
          storage.sql.exec<{ count: number }>(`SELECT COUNT(*) AS count FROM "${name}"`).one().count,
        ]);
      });
    const before = await rows();
    const isolate = new Isolate();
    for (const path of ['/articles/0000000000000001', '/sections/Later', '/partners/later/feed.rss']) {
      await request(path, { headers: { Authorization: 'Bearer x' } }, { isolate });
    }
    expect(await rows()).toEqual(before);
    expect((await request('/sections/Later', {}, { isolate })).status).toBe(404);
    const later = await newsroom('later');
    await later.publish({ id: '1', headline: 'Later', section: 'Later' });
    await settle();
    expect((await request('/sections/Later', {}, { isolate })).status).toBe(200);
  });
});

describe('a key that KV has lost', () => {
  test('is written again when it is asked for, once', async () => {
    const { keys } = await env.KV.list();
    const values = new Map<string, string | null>();
    for (const { name } of keys) values.set(name, await env.KV.get(name));
    // As after two minutes: the Desk does not remember when it wrote them.
    await evictDurableObject(deskOf(env));
    for (const { name } of keys) await env.KV.delete(name);
    for (const route of routes) for (const address of ADDRESSES[route]?.() ?? []) await ask(address);
    await settle();
    const missing = [];
    for (const [name, value] of values) {
      const now = await env.KV.get(name);
      if (now === null) missing.push(name);
      else if (name !== 'trending') expect(now, name).toBe(value);
    }
    // Nobody asked for what other tests published.
    expect(missing.filter((name) => !/early|later/i.test(name))).toEqual([]);
    // Missed again within two minutes, as while KV serves the miss from its cache: nothing is written.
    const KV = lossy(() => true);
    for (const address of ['/', '/feeds/sections/City.rss', `/articles/${published}`])
      await ask(address, { KV });
    expect((await deskOf(env).backlog()).pending).toBe(0);
  });
});
