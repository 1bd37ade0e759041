import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Article } from '../../src/domain/article.ts';
import { asAdmin, payload, register, request, send } from '../client.ts';
import { settle } from './newsroom.ts';

let secret: string;

async function publish(data: object, type?: string, timestamp?: string): Promise<string> {
  const response = await send(payload(data, type, timestamp), { secret });
  return ((await response.json()) as { article: { id: string } }).article.id;
}

let hindi: string;
let gone: string;

beforeAll(async () => {
  secret = await register('gazette', { url: 'https://gazette.example' });
  hindi = await publish({
    id: 'hi',
    headline: 'नदी की सफाई शुरू',
    section: 'शहर',
    tags: ['नदी', 'a.b/c'],
    language: 'hi',
    authors: [{ name: 'शहर डेस्क' }],
    publishedAt: '2026-11-20T10:00:00Z',
    body: { format: 'html', content: '<p>काम आज शुरू हुआ।</p>' },
  });
  gone = await publish({ id: 'gone', section: 'City', language: 'en', publishedAt: '2026-11-19T10:00:00Z' });
  for (let n = 1; n <= 120; n += 1) {
    const publishedAt = new Date(Date.UTC(2026, 10, 1, 0, n)).toISOString();
    await publish({ id: `many-${n}`, headline: `Number ${n}`, section: 'Many', language: 'en', publishedAt });
  }
  await send(JSON.stringify({ type: 'article.withdrawn', data: { id: 'gone' } }), { secret });
  await settle();
});

const textOf = async (path: string, init?: RequestInit) => (await request(path, init)).text();

describe('an article', () => {
  test('has its address under whatever name the site has now', async () => {
    const ORIGIN = 'https://moved.example';
    const path = `/articles/${hindi}`;
    const before = (await (await request(path)).json()) as Article;
    const moved = await request(env.ORIGIN + path, {}, { bindings: { ORIGIN } });
    expect(await moved.json()).toEqual({ ...before, url: before.url.replace(env.ORIGIN, ORIGIN) });
  });

  test('is JSON with every field of the contract', async () => {
    const response = await request(`/articles/${hindi}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('Cache-Control')).toBe('public, max-age=30, stale-while-revalidate=60');
    expect(await response.json()).toMatchObject({
      id: hindi,
      publisher: 'gazette',
      sourceId: 'hi',
      version: 1,
      status: 'published',
      url: `${env.ORIGIN}/news/${hindi}/${encodeURIComponent('नदी-की-सफाई-शुरू')}`,
      language: 'hi',
      direction: 'ltr',
      publishedAt: '2026-11-20T10:00:00.000Z',
      body: [{ type: 'paragraph', content: [{ type: 'text', text: 'काम आज शुरू हुआ।' }] }],
    });
  });

  test('that was never received is 404, and not cached', async () => {
    for (const id of ['0000000000000000', 'not-an-id']) {
      const response = await request(`/articles/${id}`);
      expect(response.status).toBe(404);
      expect(response.headers.get('Cache-Control')).toBe('private, no-store');
      expect(await response.json()).toMatchObject({ type: 'urn:dateline:problem:not-found', status: 404 });
    }
  });

  test('withdrawn is 410, as JSON and as a page in its language', async () => {
    expect((await request(`/articles/${gone}`)).status).toBe(410);
    const page = await request(`/news/${gone}/whatever`);
    expect(page.status).toBe(410);
    expect(await page.text()).toContain('<html amp lang="en"');
  });
});

describe('a page', () => {
  test('of an article is AMP HTML in its own language', async () => {
    const page = await textOf(`/news/${hindi}/${encodeURIComponent('नदी-की-सफाई-शुरू')}`);
    expect(page).toContain('<html amp lang="hi" dir="ltr"');
    expect(page).toContain('काम आज शुरू हुआ।');
    expect(page).toContain('The Gazette');
  });

  test.each(['', '/', '/wrong', '/%FF'])('with the slug "%s" is sent to the right one', async (slug) => {
    const response = await request(`/news/${hindi}${slug}`);
    expect(response.status).toBe(301);
    expect(response.headers.get('Location')).toBe(
      `${env.ORIGIN}/news/${hindi}/${encodeURIComponent('नदी-की-सफाई-शुरू')}`,
    );
  });

  test.each([
    '/',
    '/sections/%E0%A4%B6%E0%A4%B9%E0%A4%B0',
    '/publishers/gazette',
    '/tags/a.b%2Fc',
    '/authors/%E0%A4%B6%E0%A4%B9%E0%A4%B0%20%E0%A4%A1%E0%A5%87%E0%A4%B8%E0%A5%8D%E0%A4%95',
  ])('lists what is in %s', async (path) => {
    const response = await request(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toContain('नदी की सफाई शुरू');
  });

  test('follows its cursor to the end', async () => {
    const seen = new Set<string>();
    let next: string | undefined = '/sections/Many';
    while (next) {
      const page: string = await textOf(next);
      for (const [, title = ''] of page.matchAll(/>(Number \d+)</g)) seen.add(title);
      const href: string | undefined = /<a[^>]+href="([^"]*before=[^"]*)"/.exec(page)?.[1];
      next = href?.replaceAll('&amp;', '&').replace(env.ORIGIN, '');
    }
    expect(seen.size).toBe(120);
  });

  test('of nothing is 404 for people', async () => {
    const response = await request('/sections/Nowhere');
    expect(response.status).toBe(404);
    expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
  });
});

describe('a feed', () => {
  test.each(['all', 'publishers/gazette', 'sections/Many', 'languages/en', 'languages/EN'])(
    '%s exists in every dialect, with its validators and links',
    async (scope) => {
      for (const [extension, type] of [
        ['rss', 'application/rss+xml; charset=utf-8'],
        ['json', 'application/feed+json; charset=utf-8'],
      ]) {
        const response = await request(`/feeds/${scope}.${extension}`);
        expect(response.status).toBe(200);
        expect(response.headers.get('Content-Type')).toBe(type);
        expect(response.headers.get('ETag')).toMatch(/^W\/"[\x21\x23-\x7e]+"$/);
        expect(response.headers.get('Last-Modified')).toMatch(/GMT$/);
        expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
        expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
        expect(response.headers.get('Cache-Tag')).toContain('feeds');
        expect(response.headers.get('Link')).toContain('rel="self"');
        expect(response.headers.get('X-Request-Id')).toBeTruthy();
      }
    },
  );

  test('takes names in any script, with dots and slashes', async () => {
    for (const path of [
      '/feeds/sections/शहर.json',
      '/feeds/tags/a.b%2Fc.json',
      '/feeds/authors/%E0%A4%B6%E0%A4%B9%E0%A4%B0%20%E0%A4%A1%E0%A5%87%E0%A4%B8%E0%A5%8D%E0%A4%95.json',
    ]) {
      const feed = (await (await request(path)).json()) as { items: { id: string }[] };
      expect(feed.items.map((item) => item.id)).toEqual([`urn:dateline:${hindi}`]);
    }
  });

  test('of a scope that nothing was ever in is 404; one that is empty now is not', async () => {
    expect((await request('/feeds/sections/Nowhere.rss')).status).toBe(404);
    expect((await request('/feeds/nonsense/x.rss')).status).toBe(404);
    expect((await request('/feeds/all.pdf')).status).toBe(404);
    const empty = await request('/feeds/sections/City.json');
    expect(empty.status).toBe(200);
    expect(await empty.json()).toMatchObject({ items: [] });
  });

  test.each(['x'.repeat(121), 'क'.repeat(400), '%E0%A4', '%00', '%ED%A0%80', '%20', '..%2F..'])(
    'of the impossible name %s is 404',
    async (name) => {
      for (const path of [
        `/feeds/sections/${name}.rss`,
        `/feeds/tags/${name}.json?before=1-0000000000000000`,
      ]) {
        expect((await request(path)).status).toBe(404);
      }
      expect((await request(`/sections/${name}`)).status).toBe(404);
      expect((await request(`/news/${name}/x`)).status).toBe(404);
      expect((await request(`/articles/${name}`)).status).toBe(404);
    },
  );

  test('never shows what was withdrawn among its items', async () => {
    const { items } = JSON.parse(await textOf('/feeds/all.json?limit=100')) as { items: { id: string }[] };
    expect(items.map(({ id }) => id)).not.toContain(`urn:dateline:${gone}`);
    expect(await textOf('/feeds/languages/en.rss?limit=100')).not.toContain(`>urn:dateline:${gone}<`);
  });

  test('shows what was acknowledged although KV misses its body', async () => {
    await env.KV.delete(`article:${hindi}`);
    for (const path of [
      '/feeds/sections/शहर.json',
      '/feeds/languages/hi.json?before=9999999999999-0000000000000000',
    ]) {
      expect(await textOf(path)).toContain('काम आज शुरू हुआ।');
    }
    expect((await request(`/articles/${hindi}`)).status).toBe(200);
  });

  test('is paged past the newest 100, each article once', async () => {
    const seen: string[] = [];
    let next: string | undefined = `${env.ORIGIN}/feeds/all.json?limit=30`;
    while (next) {
      const feed = (await (await request(next.replace(env.ORIGIN, ''))).json()) as {
        items: { id: string; content_html?: string }[];
        next_url?: string;
      };
      for (const item of feed.items) expect(item.content_html).toBeTruthy();
      seen.push(...feed.items.map((item) => item.id));
      next = feed.next_url;
    }
    expect(seen).toHaveLength(121);
    expect(new Set(seen).size).toBe(121);
  });

  test('in summary reads no bodies and carries none', async () => {
    const feed = (await (await request('/feeds/sections/Many.json?content=summary&limit=2')).json()) as {
      items: object[];
    };
    expect(feed.items).toHaveLength(2);
    expect(feed.items[0]).not.toHaveProperty('content_html');
  });

  test.each(['limit=0', 'limit=101', 'limit=x', 'content=all', 'before=x', 'before=1-x'])(
    'refuses %s',
    async (query) => {
      const response = await request(`/feeds/all.rss?${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ issues: [{ path: query.split('=')[0] }] });
    },
  );

  test('has a title of its own language and a lastBuildDate that is the newest change', async () => {
    const first = await textOf('/feeds/sections/शहर.rss');
    await scheduler.wait(1_100);
    expect(await textOf('/feeds/sections/शहर.rss')).toBe(first);
    expect(first).toContain('<language>hi</language>');
  });
});

describe('a conditional request', () => {
  const paths = () => [
    '/feeds/all.rss',
    '/feeds/all.json',
    `/articles/${hindi}`,
    '/articles',
    '/',
    `/news/${hindi}/${encodeURIComponent('नदी-की-सफाई-शुरू')}`,
  ];

  test('gets 304 for either validator, strong or weak, in a list or by *', async () => {
    for (const path of paths()) {
      const { headers } = await request(path);
      const etag = headers.get('ETag') ?? '';
      const conditions: Record<string, string>[] = [
        { 'If-None-Match': etag },
        { 'If-None-Match': etag.replace('W/', '') },
        { 'If-None-Match': `"other", ${etag}, W/"more"` },
        { 'If-None-Match': '*' },
        { 'If-Modified-Since': headers.get('Last-Modified') ?? '' },
      ];
      for (const condition of conditions) {
        const response = await request(path, { headers: condition });
        expect([path, condition, response.status]).toEqual([path, condition, 304]);
        expect(await response.text()).toBe('');
        expect(response.headers.get('ETag')).toBe(etag);
        expect(response.headers.get('Cache-Control')).toBe(headers.get('Cache-Control'));
      }
    }
  });

  test('gets 200 when nothing matches, and If-None-Match decides alone', async () => {
    const { headers } = await request('/feeds/all.rss');
    const since = headers.get('Last-Modified') ?? '';
    for (const condition of [
      { 'If-None-Match': '"other"' },
      { 'If-None-Match': '"other"', 'If-Modified-Since': since },
      { 'If-Modified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
      { 'If-Modified-Since': 'nonsense' },
    ]) {
      expect((await request('/feeds/all.rss', { headers: condition })).status).toBe(200);
    }
  });

  test('sees a change', async () => {
    const before = (await request('/feeds/sections/Changing.rss')).status;
    const id = await publish({ id: 'changing', section: 'Changing' });
    await settle();
    const etag = (await request('/feeds/sections/Changing.rss')).headers.get('ETag') ?? '';
    await publish(
      { id: 'changing', section: 'Changing', headline: 'Changed' },
      'article.updated',
      '2026-11-21T10:00:00Z',
    );
    await settle();
    const response = await request('/feeds/sections/Changing.rss', { headers: { 'If-None-Match': etag } });
    expect([before, response.status]).toEqual([404, 200]);
    expect(await response.text()).toContain('Changed');
    await asAdmin(`/admin/articles/${id}/withdraw`, 'POST');
  });
});

describe('every URL', () => {
  // What other tests published must not reach KV between two reads that are compared.
  beforeAll(settle);

  test('answers HEAD as GET, without a body', async () => {
    for (const path of [
      '/',
      '/feeds/all.rss',
      `/articles/${hindi}`,
      '/changes',
      '/health',
      '/robots.txt',
      '/articles/nothing',
    ]) {
      const [get, head] = [await request(path), await request(path, { method: 'HEAD' })];
      expect([path, head.status]).toEqual([path, get.status]);
      expect(head.headers.get('ETag')).toBe(get.headers.get('ETag'));
      expect(head.headers.get('Content-Type')).toBe(get.headers.get('Content-Type'));
      expect(await head.text()).toBe('');
    }
  });

  test('answers other methods with 405 and Allow', async () => {
    for (const [path, method, allow] of [
      ['/', 'POST', 'GET, HEAD'],
      ['/feeds/all.rss', 'DELETE', 'GET, HEAD'],
      ['/articles', 'PUT', 'GET, HEAD'],
      ['/changes', 'PATCH', 'GET, HEAD'],
      ['/webhooks/gazette', 'GET', 'POST'],
      ['/health', 'POST', 'GET, HEAD'],
    ] as const) {
      const response = await request(path, { method });
      expect([path, response.status, response.headers.get('Allow')]).toEqual([path, 405, allow]);
      expect(response.headers.get('Content-Type')).toBe('application/problem+json; charset=utf-8');
    }
  });

  test('every response has a request id, and keeps the client’s', async () => {
    const paths = [
      '/',
      '/feeds/all.rss',
      '/feeds/all.pdf',
      `/articles/${hindi}`,
      `/articles/${gone}`,
      '/nowhere',
    ];
    for (const path of [
      ...paths,
      `/news/${gone}/x`,
      `/news/${hindi}/x`,
      '/admin/site',
      '/changes',
      '/health',
    ]) {
      const own = await request(path);
      expect([path, own.headers.get('X-Request-Id')]).toEqual([path, expect.stringMatching(/^[\w-]{36}$/)]);
      const given = await request(path, { headers: { 'X-Request-Id': 'trace-7' } });
      expect(given.headers.get('X-Request-Id')).toBe('trace-7');
    }
    const webhook = await send(payload({ id: 'many-1' }), { secret });
    expect(webhook.headers.get('X-Request-Id')).toBeTruthy();
    expect(
      (await request('/webhooks/gazette', { method: 'POST', body: '{}' })).headers.get('X-Request-Id'),
    ).toBeTruthy();
  });

  test('that is none gets 404', async () => {
    const machine = await request('/nowhere');
    expect([machine.status, machine.headers.get('Content-Type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    const person = await request('/nowhere', { headers: { Accept: 'text/html' } });
    expect([person.status, person.headers.get('Content-Type')]).toEqual([404, 'text/html; charset=utf-8']);
  });
});

describe('/articles', () => {
  test('lists cards, without bodies', async () => {
    const { articles, next } = (await (await request('/articles?limit=3')).json()) as {
      articles: object[];
      next: string;
    };
    expect(articles).toHaveLength(3);
    expect(articles[0]).not.toHaveProperty('body');
    const more = (await (await request(`/articles?limit=3&before=${next}`)).json()) as {
      articles: { headline: string }[];
    };
    expect(more.articles).toHaveLength(3);
  });

  test('is filtered by each field and by several', async () => {
    const count = async (query: string) =>
      ((await (await request(`/articles?limit=100&${query}`)).json()) as { articles: object[] }).articles
        .length;
    expect(await count('section=Many')).toBe(100);
    expect(await count('language=hi')).toBe(1);
    expect(await count('language=hi&section=शहर&publisher=gazette')).toBe(1);
    expect(await count('language=hi&section=Many')).toBe(0);
    expect(await count('tag=nothing')).toBe(0);
  });
});

test('/changes follows every article from any cursor to the end', async () => {
  const seen = new Map<string, string>();
  let after = 0;
  for (;;) {
    const { changes, next } = (await (await request(`/changes?after=${after}&limit=50`)).json()) as {
      changes: { seq: number; id: string; kind: string }[];
      next: number | null;
    };
    for (const change of changes) seen.set(change.id, change.kind);
    if (next === null) break;
    after = next;
  }
  expect(seen.size).toBe(123);
  expect(seen.get(gone)).toBe('withdraw');
  expect((await request('/changes?after=x')).status).toBe(400);
});

test('/health and /robots.txt', async () => {
  expect(await (await request('/health')).json()).toEqual({ status: 'ok' });
  expect(await textOf('/robots.txt')).toContain('User-agent: *');
});
