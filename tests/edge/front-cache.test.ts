import { createExecutionContext } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createApp, isPublicRead, ROUTES } from '../../src/app.ts';
import { type PublicReadsEntrypoint, withFrontCache } from '../../src/edge/front-cache.ts';
import type { Serve } from '../../src/edge/response-cache.ts';
import { Isolate } from '../../src/isolate.ts';
import { PublicReads } from '../../src/worker.ts';
import { request } from '../client.ts';
import { newsroom, partnerWith, settle } from './newsroom.ts';

let id: string;
let gone: string;
let token: string;

beforeAll(async () => {
  const gazette = await newsroom();
  id = await gazette.publish({ headline: 'Headline', section: 'City', tags: ['river'], language: 'hi' });
  await gazette.publish({ id: '2', headline: 'Another', section: 'City', authors: [{ name: 'City Desk' }] });
  gone = await gazette.publish({ id: '3', headline: 'Gone', section: 'City' });
  await gazette.withdraw('3');
  token = await partnerWith('mirror');
  await settle();
});

const day = new Date().toISOString().slice(0, 10);

/** Public reads by their routes, and the tags each is purged by. A new one belongs here. */
const PUBLIC: Readonly<Record<string, [path: () => string, tags: () => string[]][]>> = {
  '/feeds/all.{format}': [
    [() => '/feeds/all.rss', () => ['feeds', 'feed:all']],
    [() => '/feeds/all.atom?tag=river', () => ['feeds', 'feed:all']],
  ],
  '/feeds/{kind}/{name}.{format}': [
    [() => '/feeds/sections/City.json', () => ['feeds', 'feed:sections:City']],
  ],
  '/articles': [[() => '/articles', () => ['feeds']]],
  '/articles/{id}': [
    [() => `/articles/${id}`, () => [`article:${id}`]],
    [() => `/articles/${gone}`, () => [`article:${gone}`]],
  ],
  '/news-sitemap.xml': [[() => '/news-sitemap.xml', () => ['feeds']]],
  '/sitemap.xml': [[() => '/sitemap.xml', () => ['feeds']]],
  '/sitemaps/{day}.xml': [[() => `/sitemaps/${day}.xml`, () => ['feeds']]],
  '/feeds.opml': [[() => '/feeds.opml', () => ['feeds']]],
  '/feeds.css': [[() => '/feeds.css', () => ['feeds']]],
  '/': [[() => '/', () => ['pages', 'page:all']]],
  '/sections/{name}': [[() => '/sections/City', () => ['pages', 'page:sections:City']]],
  '/publishers/{name}': [[() => '/publishers/gazette', () => ['pages', 'page:publishers:gazette']]],
  '/tags/{name}': [[() => '/tags/river', () => ['pages', 'page:tags:river']]],
  '/authors/{name}': [[() => '/authors/City%20Desk', () => ['pages', 'page:authors:City%20Desk']]],
  '/trending': [[() => '/trending', () => ['pages', 'page:trending']]],
  '/news/{id}': [
    [() => `/news/${id}`, () => [`article:${id}`]],
    [() => `/news/${id}/`, () => [`article:${id}`]],
  ],
  '/news/{id}/{slug}': [
    [() => `/news/${id}/headline`, () => [`article:${id}`]],
    [() => `/news/${gone}/gone`, () => [`article:${gone}`]],
  ],
  '/robots.txt': [[() => '/robots.txt', () => ['feeds']]],
};

const NO_STORE: Readonly<Record<string, string>> = {
  '/webhooks/{publisher}/deliveries': '/webhooks/gazette/deliveries',
  '/changes': '/changes',
  '/partners/{partner}/feed.{format}': '/partners/mirror/feed.rss',
  '/admin/publishers': '/admin/publishers',
  '/admin/publishers/{id}': '/admin/publishers/gazette',
  '/admin/partners': '/admin/partners',
  '/admin/partners/{id}': '/admin/partners/mirror',
  '/admin/subscriptions': '/admin/subscriptions',
  '/admin/site': '/admin/site',
  '/admin/articles/{id}/versions': '/admin/articles/7n42ypj5hgjv3gje/versions',
  '/admin/articles/{id}/versions/{version}': '/admin/articles/7n42ypj5hgjv3gje/versions/1',
  '/admin/migration': '/admin/migration',
  '/admin/export': '/admin/export',
  '/admin/import': '/admin/import',
  '/admin/rebuild': '/admin/rebuild',
  '/admin/recovery': '/admin/recovery',
};

/** No cache may keep them either; that they are nobody's secret is all the same. */
const HEALTH = ['/health', '/health/ready'];

/** The same for every site until the next deployment (tests/http/docs.test.ts). */
const DOCUMENTS = ['/openapi.json', '/docs'];

const routes = ROUTES.filter(([, { GET }]) => GET !== undefined).map(([path]) => path);

describe('the cache headers of a response', () => {
  test('every route is tested here', () => {
    expect(routes.sort()).toEqual(
      [...Object.keys(PUBLIC), ...Object.keys(NO_STORE), ...HEALTH, ...DOCUMENTS].sort(),
    );
  });

  test.each(Object.entries(PUBLIC))('%s may be cached for a moment and purged', async (route, reads) => {
    expect(isPublicRead(route)).toBe(true);
    for (const [path, tags] of reads) {
      const { headers } = await request(path());
      expect(headers.get('Cache-Control'), path()).toBe('public, max-age=30, stale-while-revalidate=60');
      expect(headers.get('Cache-Tag')?.split(','), path()).toEqual(expect.arrayContaining(tags()));
    }
  });

  test('a page is purged with the articles it lists', async () => {
    const others = (await (await request('/articles?section=City')).json()) as { articles: { id: string }[] };
    expect(others.articles).toHaveLength(2);
    const { headers } = await request(`/news/${id}/headline`);
    const tags = headers.get('Cache-Tag')?.split(',');
    for (const other of others.articles) expect(tags).toContain(`article:${other.id}`);
  });

  test.each([...Object.entries(NO_STORE), ...HEALTH.map((path) => [path, path] as const)])(
    '%s is never cached, with or without its token',
    async (route, path) => {
      expect(isPublicRead(route)).toBe(false);
      const tokens = ['wrong', path.startsWith('/admin') ? env.ADMIN_TOKEN : token];
      for (const each of tokens) {
        const response = await request(path, { headers: { Authorization: `Bearer ${each}` } });
        const expected = HEALTH.includes(path) ? 'no-store' : 'private, no-store';
        expect(response.headers.get('Cache-Control')).toBe(expected);
        expect(response.headers.has('Cache-Tag')).toBe(false);
      }
    },
  );

  test.each([
    '/nowhere',
    '/articles/0000000000000000',
    '/feeds/tags/none.rss',
    '/sitemaps/2001-01-01.xml',
    '/tags/none',
  ])('nor is what is not there: %s', async (path) => {
    for (const Accept of ['*/*', 'text/html']) {
      const response = await request(path, { headers: { Accept } });
      expect(response.status).toBe(404);
      expect(response.headers.get('Cache-Control')).toBe('private, no-store');
    }
  });
});

describe('with a cache in front', () => {
  const { route } = createApp(new Isolate());
  const kept = new Map<string, Response>();
  const asked: Request[] = [];
  let served: string[] = [];

  /** A cache that keeps what it may by path and query alone, and the entrypoint behind it. */
  const reads: PublicReadsEntrypoint = {
    isCached: async () => true,
    fetch: async (given) => {
      asked.push(given);
      const { pathname, search } = new URL(given.url);
      const held = kept.get(pathname + search);
      if (held !== undefined) return held.clone();
      const response = await route(given, env, createExecutionContext());
      if (response.headers.get('Cache-Control')?.startsWith('public'))
        kept.set(pathname + search, response.clone());
      return response;
    },
  };

  const direct: Serve = (given, bindings, context) => {
    served.push(new URL(given.url).pathname);
    return route(given, bindings, context);
  };

  const gatewayTo = (behind: PublicReadsEntrypoint) =>
    withFrontCache(direct, new Isolate(), { isPublicRead, readsOf: () => behind });

  const ask = async (path: string, init: RequestInit = {}, serve = gatewayTo(reads)) =>
    serve(new Request(env.ORIGIN + path, init), env, createExecutionContext());

  beforeEach(() => {
    kept.clear();
    asked.length = 0;
    served = [];
  });

  test.each(Object.entries(PUBLIC))(
    '%s goes through it with the same response as without',
    async (_route, all) => {
      for (const [path] of all) {
        const plain = await request(path());
        for (let time = 0; time < 2; time += 1) {
          const response = await ask(path());
          expect(response.status).toBe(plain.status);
          expect(await response.text()).toBe(await plain.clone().text());
          const headersOf = (each: Response) =>
            Object.fromEntries([...each.headers].filter(([name]) => name !== 'x-request-id'));
          expect(headersOf(response)).toEqual(headersOf(plain));
        }
        await ask(path(), { method: 'HEAD' });
      }
      expect(served).toEqual([]);
      expect(asked).toHaveLength(3 * all.length);
    },
  );

  test.each([...Object.values(NO_STORE), ...HEALTH, '/nowhere'])('%s bypasses it', async (path) => {
    await ask(path, { headers: { Authorization: `Bearer ${token}` } });
    expect(asked).toEqual([]);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s bypasses it', async (method) => {
    await ask('/feeds/all.rss', { method });
    expect(asked).toEqual([]);
  });

  test('every response carries the id of its own request, a cached one, too', async () => {
    const [first, second, third] = await Promise.all([
      ask('/', { headers: { 'X-Request-Id': 'one' } }),
      ask('/', { headers: { 'X-Request-Id': 'two' } }),
      ask('/'),
    ]);
    const names = [first, second, third].map((each) => each?.headers.get('X-Request-Id'));
    expect(names.slice(0, 2)).toEqual(['one', 'two']);
    expect(names[2]).toMatch(/^[0-9a-f-]{36}$/);
    expect(asked.map(({ headers }) => headers.get('X-Request-Id'))).toEqual(names);
  });

  test('only the URL, the validators and Accept of a request are forwarded', async () => {
    const headers = {
      Authorization: 'Bearer x',
      Cookie: 'a=b',
      'X-Forwarded-Host': 'other.example',
      Accept: '*/*',
    };
    await ask('/', { headers: { ...headers, 'If-None-Match': '"x"' } });
    const names = [...(asked[0]?.headers.keys() ?? [])].sort();
    expect(names).toEqual(['accept', 'if-none-match', 'x-request-id']);
  });

  test('a request for changes, or for a feed as a document, bypasses it', async () => {
    const plain = await ask('/feeds/all.rss');
    const navigation = await ask('/feeds/all.rss', { headers: { 'Sec-Fetch-Dest': 'document' } });
    expect(navigation.headers.get('Content-Type')).toContain('application/xml');
    await ask('/feeds/all.rss', {
      headers: { 'A-IM': 'feed', 'If-None-Match': plain.headers.get('ETag') ?? '' },
    });
    expect(served).toEqual(['/feeds/all.rss', '/feeds/all.rss']);
    expect((await ask('/', { headers: { 'Sec-Fetch-Dest': 'document' } })).status).toBe(200);
    expect(asked).toHaveLength(2);
  });

  test('a redirect is passed on', async () => {
    const response = await ask(`/news/${id}`);
    expect(response.status).toBe(301);
    expect(response.headers.get('Location')).toBe(`${env.ORIGIN}/news/${id}/headline`);
  });

  test('a response over HTTPS has HSTS, whichever request filled the cache', async () => {
    await ask('/robots.txt');
    const response = await gatewayTo(reads)(
      new Request('https://news.example/robots.txt'),
      env,
      createExecutionContext(),
    );
    expect(response.headers.get('Strict-Transport-Security')).toBe('max-age=31536000');
  });

  test('requests are served directly without one, or when it fails', async () => {
    const isCached = vi.fn(async () => false);
    const serve = gatewayTo({ ...reads, isCached });
    for (let time = 0; time < 3; time += 1) expect((await ask('/', {}, serve)).status).toBe(200);
    expect(isCached).toHaveBeenCalledTimes(1);
    expect(asked).toEqual([]);
    const failing = { ...reads, fetch: () => Promise.reject(new Error('Out of reach.')) };
    expect((await ask('/', {}, gatewayTo(failing))).status).toBe(200);
    expect(served).toEqual(['/', '/', '/', '/']);
  });
});

describe('the entrypoint behind the cache', () => {
  const behind = (cache?: Pick<CacheContext, 'purge'>) => {
    const context = createExecutionContext();
    Object.defineProperty(context, 'cache', { value: cache });
    return new PublicReads(context, env);
  };

  test('serves public reads', async () => {
    const response = await exports.PublicReads.fetch(new Request(`${env.ORIGIN}/articles/${id}`));
    expect(await response.json()).toMatchObject({ id });
  });

  test('purges the cache, if it has one', async () => {
    const purge = vi.fn(async () => ({ success: true, errors: [] }));
    const reads = behind({ purge });
    expect(await reads.isCached()).toBe(true);
    await reads.purge(['feeds']);
    expect(purge).toHaveBeenCalledWith({ tags: ['feeds'] });
    expect(await behind().isCached()).toBe(false);
    await behind().purge(['feeds']);
  });

  test('reports a purge that is refused', async () => {
    const errors = [{ code: 1, message: 'Too many.' }];
    await expect(
      behind({ purge: async () => ({ success: false, errors }) }).purge(['feeds']),
    ).rejects.toThrow('Too many.');
  });
});
