import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApp, ROUTES } from '../../src/app.ts';
import { isTracking, withoutTracking } from '../../src/http/query.ts';
import { Isolate } from '../../src/isolate.ts';
import { asAdmin, request, send } from '../client.ts';
import { newsroom, partnerWith, settle } from '../edge/newsroom.ts';

let token: string;
let id: string;

beforeAll(async () => {
  const gazette = await newsroom();
  id = await gazette.publish({ headline: 'Headline', section: 'City', tags: ['river'], language: 'hi' });
  token = await partnerWith('mirror');
  await settle();
});

interface Issues {
  type: string;
  issues: { path: string; message: string }[];
}

async function issuesOf(response: Response): Promise<Issues> {
  expect(response.status).toBe(400);
  return (await response.json()) as Issues;
}

/** Values for the placeholders of templates, so that every route is found. */
const VALUES: Readonly<Record<string, () => string>> = {
  format: () => 'json',
  kind: () => 'sections',
  name: () => 'City',
  id: () => id,
  day: () => new Date().toISOString().slice(0, 10),
  publisher: () => 'gazette',
  partner: () => 'mirror',
  token: () => 'a-token-in-the-path',
  slug: () => 'headline',
  version: () => '1',
};
const pathOf = (template: string) =>
  template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => VALUES[name]?.() ?? name);

const operations = ROUTES.flatMap(([template, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ template, method, operation })),
);
const strict = operations.filter(({ operation }) => !operation.ignoresUnknown);

test('unknown parameters are refused on every route of the API and of feeds', () => {
  const templates = strict.map(({ template }) => template);
  for (const [template] of ROUTES) {
    if (/^\/(?:feeds\/|feeds\.opml|articles|changes|partners|hub|webhooks|admin)/.test(template)) {
      expect(templates).toContain(template);
    }
  }
});
const ask = (template: string, method: string, query: string) =>
  request(pathOf(template) + query, {
    method,
    headers: { Authorization: `Bearer ${template.startsWith('/partners') ? token : env.ADMIN_TOKEN}` },
  });

describe('an unknown query parameter', () => {
  test.each(strict.map(({ template, method, operation }) => [method, template, operation] as const))(
    'of %s %s is refused, with the known ones',
    async (method, template, operation) => {
      const { type, issues } = await issuesOf(await ask(template, method, '?limmit=5'));
      expect(type).toBe('urn:dateline:problem:invalid-parameters');
      const [issue] = issues.filter(({ path }) => path === 'limmit');
      expect(issue?.message).toContain('is not a known parameter');
      for (const name of Object.keys(operation.query.entries)) expect(issue?.message).toContain(name);
    },
  );

  test('is refused on HEAD as on GET', async () => {
    for (const path of ['/feeds/all.rss?x=1', '/articles?x=1', '/changes?x=1']) {
      expect((await request(path, { method: 'HEAD' })).status).toBe(400);
    }
  });

  test.each(['tag', 'nonsense', 'limit', 'utm_source', ''])(
    'is one of too many: they are counted before any is read (%s)',
    async (name) => {
      const many = (count: number) => Array.from({ length: count }, () => `${name}=5`).join('&');
      for (const path of ['/feeds/all.rss', '/articles', '/changes', '/', '/sections/City']) {
        const { issues } = await issuesOf(await request(`${path}?${many(5_000)}`));
        expect(issues).toEqual([{ path: 'query', message: 'must have at most 100 parameters; it has 5000' }]);
      }
      const { issues } = await issuesOf(
        await ask('/partners/{partner}/feed.{format}', 'GET', `?${many(101)}`),
      );
      expect(issues.map(({ path }) => path)).toEqual(['query']);
      const admin = await issuesOf(await asAdmin(`/admin/subscriptions?${many(101)}`, 'GET'));
      expect(admin.issues.map(({ path }) => path)).toEqual(['query']);
    },
  );

  test('is counted without being decoded or compared', async () => {
    const { get, getAll, keys } = URLSearchParams.prototype;
    let read = 0;
    const count = (method: (...given: never[]) => unknown) =>
      function (this: URLSearchParams, ...given: never[]) {
        read += 1;
        return Reflect.apply(method, this, given);
      };
    Object.assign(URLSearchParams.prototype, { get: count(get), getAll: count(getAll), keys: count(keys) });
    try {
      const query = Array.from({ length: 20_000 }, () => 'tag=%41').join('&');
      expect((await request(`/articles?${query}`)).status).toBe(400);
    } finally {
      Object.assign(URLSearchParams.prototype, { get, getAll, keys });
    }
    expect(read).toBe(0);
  });

  test('is named with all else that is wrong', async () => {
    const { issues } = await issuesOf(
      await request('/feeds/all.rss?limit=0&content=all&before=x&nonsense=1&nonsense=2&__proto__=x&tag='),
    );
    expect(issues.map(({ path }) => path).sort()).toEqual(
      ['__proto__', 'before', 'content', 'limit', 'nonsense', 'tag'].sort(),
    );
  });

  test('of a scope’s feed names the endpoint for filters', async () => {
    const { issues } = await issuesOf(await request('/feeds/sections/City.json?tag=rain'));
    expect(issues).toEqual([
      {
        path: 'tag',
        message: 'is not a known parameter; known: limit, before, content (for filters, use /feeds/all)',
      },
    ]);
  });

  test('gets a short response, however long and many they are', async () => {
    const long = 'x'.repeat(4_000);
    const many = Array.from({ length: 1_000 }, (_each, n) => `p${n}=1`).join('&');
    const response = await request(`/feeds/all.rss?${long}=1&${many}`);
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(text.length).toBeLessThan(30_000);
  });

  test('is ignored on readers’ pages, and by what crawlers and monitors read', async () => {
    const pages = ['/', '/sections/City', '/trending', `/news/${id}/headline`];
    const others = ['/sitemap.xml', '/robots.txt', '/feeds.css', '/health', '/docs'];
    for (const path of [...pages, ...others]) {
      expect((await request(`${path}?whatever=1&limit=wrong`)).status).toBe(200);
    }
    await issuesOf(await request('/?before=nonsense'));
  });

  test('comes after who asks, and after what there is not', async () => {
    expect((await request('/partners/mirror/feed.rss?x=1')).status).toBe(401);
    expect((await request('/admin/site?x=1')).status).toBe(401);
    expect((await request('/feeds/all.nonsense?x=1')).status).toBe(404);
    expect((await request('/articles/0000000000000000')).status).toBe(404);
    expect((await request('/feeds/all.rss?x=1', { method: 'POST' })).status).toBe(405);
  });
});

describe('a parameter that takes one value', () => {
  const MESSAGE = 'must appear only once';

  test('is refused with two, whichever of them is valid', async () => {
    for (const path of ['/feeds/all.rss', '/articles', '/feeds/sections/City.json', '/changes']) {
      for (const query of ['limit=1&limit=abc', 'limit=1&limit=2', 'limit=1&utm_source=x&limit=2']) {
        const { type, issues } = await issuesOf(await request(`${path}?${query}`));
        expect(type).toBe('urn:dateline:problem:invalid-parameters');
        expect(issues).toEqual([{ path: 'limit', message: MESSAGE }]);
      }
    }
  });

  test('is refused with two on readers’ pages, too', async () => {
    const { issues } = await issuesOf(await request('/?before=1763800000000-0123456789abcdef&before=x'));
    expect(issues).toEqual([{ path: 'before', message: MESSAGE }]);
  });

  test('may carry a credential: the values stay secret', async () => {
    const path = `/partners/mirror/feed.json?key=${encodeURIComponent(token)}`;
    const { issues } = await issuesOf(await request(`${path}&key=another`));
    expect(issues).toEqual([{ path: 'key', message: MESSAGE }]);
    expect((await request(`${path}&key=${encodeURIComponent(token)}`)).status).toBe(200);
  });

  test('may be repeated with the same value', async () => {
    const once = await (await request('/feeds/all.json?limit=1')).text();
    const twice = await request('/feeds/all.json?limit=1&limit=1');
    expect(twice.status).toBe(200);
    expect(await twice.text()).toBe(once);
  });

  test('differs from filters, which take several, and from what is ignored', async () => {
    expect((await request('/feeds/all.json?tag=river&tag=rain')).status).toBe(200);
    expect((await request('/feeds/all.json?utm_source=a&utm_source=b')).status).toBe(200);
    expect((await request('/?whatever=1&whatever=2')).status).toBe(200);
  });
});

describe('tracking parameters', () => {
  test.each([
    'utm_source=mail',
    'utm_anything=1',
    'UTM_Medium=x',
    'fbclid=x',
    'gclid=x',
    '_=1763800000000',
    'mc_cid=1',
    'ref=x',
  ])('%s is ignored by feeds, cards, pages and partners’ feeds', async (pair) => {
    for (const path of [
      '/feeds/all.rss',
      '/feeds/sections/City.json',
      '/articles',
      '/',
      `/news/${id}/headline`,
    ]) {
      const [plain, tracked] = [await request(path), await request(`${path}?${pair}`)];
      expect(tracked.status).toBe(200);
      expect(tracked.headers.get('ETag')).toBe(plain.headers.get('ETag'));
      expect(tracked.headers.get('Link')).toBe(plain.headers.get('Link'));
      expect(await tracked.text()).toBe(await plain.text());
    }
    const partner = await request(`/partners/mirror/feed.json?${pair}&key=${encodeURIComponent(token)}`);
    expect(partner.status).toBe(200);
    expect(((await partner.json()) as { feed_url: string }).feed_url).toBe(
      `${env.ORIGIN}/partners/mirror/feed.json`,
    );
  });

  test('beside others leave them as they are', async () => {
    const response = await request('/feeds/all.json?utm_source=x&limit=1&fbclid=y');
    expect(((await response.json()) as { feed_url: string }).feed_url).toBe(
      `${env.ORIGIN}/feeds/all.json?limit=1`,
    );
  });

  test('make no new entries in the isolate’s cache', async () => {
    const bindings = { ...env, MEMORY_SECONDS: '60' };
    const { fetch: serve } = createApp(new Isolate());
    const text = await (await serve(new Request(`${env.ORIGIN}/feeds/sections/City.atom`), bindings)).text();
    // What is remembered reads nothing: a KV that fails is not noticed.
    const KV = { get: () => Promise.reject(new Error('KV was asked')) } as unknown as KVNamespace;
    const response = await serve(new Request(`${env.ORIGIN}/feeds/sections/City.atom?utm_source=1&gclid=2`), {
      ...bindings,
      KV,
    });
    expect(await response.text()).toBe(text);
  });

  test('are taken off a URL without touching the rest of it', () => {
    const strip = (query: string, method = 'GET') =>
      withoutTracking(new Request(`https://news.example/feeds/all.rss${query}`, { method })).url.replace(
        'https://news.example/feeds/all.rss',
        '',
      );
    expect(strip('')).toBe('');
    expect(strip('?tag=a+b&utm_source=x&tag=%E0%A4%96')).toBe('?tag=a+b&tag=%E0%A4%96');
    expect(strip('?utm%5Fsource=x&_=1')).toBe('');
    expect(strip('?limit=5', 'HEAD')).toBe('?limit=5');
    expect(strip('?utm_source=x', 'POST')).toBe('?utm_source=x');
    const request = new Request('https://news.example/articles?limit=5');
    expect(withoutTracking(request)).toBe(request);
  });

  test('are no names that a call takes', () => {
    for (const { operation } of operations) {
      for (const name of Object.keys(operation.query.entries)) expect(isTracking(name)).toBe(false);
    }
  });
});

test('an invalid parameter is named with what is allowed, in every room', async () => {
  const wrong = async (response: Promise<Response>) =>
    (await issuesOf(await response)).issues.map(({ path, message }) => `${path} ${message}`);
  expect(await wrong(request('/changes?after=x&limit=1001'))).toEqual([
    'after must be 0 or the seq of an earlier change',
    'limit must be a whole number from 1 to 1000',
  ]);
  expect(await wrong(asAdmin('/admin/partners/mirror/tokens?grace=x', 'POST'))).toEqual([
    'grace must be a whole number of seconds from 0 to 2592000',
  ]);
  expect(
    await wrong(asAdmin('/webhooks/gazette/deliveries?before=x&limit=101&status=lost&since=today', 'GET')),
  ).toEqual([
    'before must be the next value of an earlier page',
    'limit must be a whole number from 1 to 100',
    'status must be one of accepted, duplicate, unchanged, stale, ignored, refused',
    'since must be an RFC 3339 time with a time zone, such as 2026-11-22T15:30:00+05:30',
  ]);
});

test('a webhook whose URL has an unknown parameter is refused before anything is stored', async () => {
  const response = await send('{}', { secret: `whsec_${btoa('x'.repeat(24))}`, path: '?source=ghost' });
  expect((await issuesOf(response)).issues[0]?.path).toBe('source');
});
