import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asAdmin, request } from '../client.ts';
import { newsroom, settle } from './newsroom.ts';

let gazette: Awaited<ReturnType<typeof newsroom>>;

interface JsonFeed {
  title: string;
  feed_url: string;
  items: { id: string; title: string; date_published: string; date_modified: string }[];
  next_url?: string;
  _dateline?: { withdrawn?: { id: string; at: string }[] };
}

const feed = async (path: string, headers: Record<string, string> = {}): Promise<JsonFeed> =>
  (await request(path, { headers })).json();

const titles = async (path: string): Promise<string[]> => (await feed(path)).items.map(({ title }) => title);

const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T10:00:00.000Z`;

describe('a combination of lists', () => {
  beforeAll(async () => {
    await reset();
    gazette = await newsroom();
    const articles: [string, string, string[], string][] = [
      ['A', 'City', ['rain', 'river'], 'hi'],
      ['B', 'City', ['rain'], 'en'],
      ['C', 'State', ['rain'], 'hi'],
      ['D', 'State', [], 'en-IN'],
      ['E', 'Sport', ['river'], 'en'],
    ];
    for (const [index, [headline, section, tags, language]] of articles.entries()) {
      const authors = [{ name: index % 2 === 0 ? 'City Desk' : 'State Desk' }];
      await gazette.publish({
        id: headline,
        headline,
        section,
        tags,
        language,
        authors,
        publishedAt: at(index + 1),
      });
    }
    await settle();
  });

  test.each([
    ['section=City', 'BA'],
    ['section=City&section=State', 'DCBA'],
    ['section=City&tag=river', 'A'],
    ['tag=rain&language=hi', 'CA'],
    ['language=en', 'EDB'],
    ['exclude-section=City', 'EDC'],
    ['exclude-section=City&exclude-tag=river', 'DC'],
    ['tag=rain&exclude-language=hi', 'B'],
    ['author=City%20Desk&exclude-section=State&publisher=gazette', 'EA'],
    ['section=Nowhere', ''],
    ['section=City&section=Nowhere', 'BA'],
    ['section=City&exclude-section=City', ''],
    ['publisher=gazette&limit=2', 'ED'],
  ])('%s: %s', async (query, expected) => {
    expect((await titles(`/feeds/all.json?${query}`)).join('')).toBe(expected);
    const { articles } = (await (await request(`/articles?${query}`)).json()) as {
      articles: { headline: string }[];
    };
    expect(articles.map(({ headline }) => headline).join('')).toBe(expected);
  });

  test('has one canonical URL, whatever the order of its parameters', async () => {
    const one = await feed('/feeds/all.json?limit=5&tag=river&exclude-tag=x&tag=rain&section=City');
    const other = await feed(
      '/feeds/all.json?section=City&tag=rain&tag=river&tag=rain&exclude-tag=x&limit=5',
    );
    expect(one.feed_url).toBe(
      `${env.ORIGIN}/feeds/all.json?section=City&tag=rain&tag=river&exclude-tag=x&limit=5`,
    );
    expect(other).toEqual(one);
  });

  test('is paged both ways', async () => {
    const all = await titles('/feeds/all.json?exclude-section=Sport');
    const first = await request('/feeds/all.atom?exclude-section=Sport&limit=2');
    const relations = (response: Response) =>
      Object.fromEntries(
        [...(response.headers.get('Link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(([, url, rel]) => [
          rel,
          url,
        ]),
      );
    expect(Object.keys(relations(first))).toEqual(['self', 'hub', 'first', 'next']);
    const second = await request(relations(first).next?.replace(env.ORIGIN, '') ?? '');
    expect(relations(second).previous).toBe(relations(first).self);
    expect(relations(second).first).toBe(relations(first).self);
    expect(all).toHaveLength(4);
  });

  test('on a scope other than all is refused', async () => {
    const response = await request('/feeds/sections/City.json?tag=rain');
    expect(response.status).toBe(400);
  });

  test.each([
    ['section=', 'section'],
    ['exclude-language=not%20a%20tag', 'exclude-language'],
    [`tag=${'x'.repeat(5_000)}`, 'tag'],
    [Array.from({ length: 31 }, (_each, n) => `tag=${n}`).join('&'), 'query'],
    ['limit=101', 'limit'],
    ['content=all', 'content'],
  ])('names what is wrong with %s', async (query, path) => {
    const response = await request(`/feeds/all.rss?${query}`);
    expect(response.status).toBe(400);
    const { issues } = (await response.json()) as { issues: { path: string }[] };
    expect(issues.map((issue) => issue.path)).toContain(path);
  });
});

test('the page before a page in the middle ends where that one begins', async () => {
  await reset();
  gazette = await newsroom();
  for (let n = 1; n <= 9; n += 1) await gazette.publish({ id: `${n}`, headline: `${n}`, publishedAt: at(n) });
  await settle();
  const walk = async (path: string) => {
    const response = await request(path);
    const link = response.headers.get('Link') ?? '';
    const found = (rel: string) =>
      new RegExp(`<([^>]+)>; rel="${rel}"`).exec(link)?.[1]?.replace(env.ORIGIN, '');
    const { items } = (await response.json()) as JsonFeed;
    return {
      titles: items.map(({ title }) => title).join(''),
      next: found('next'),
      previous: found('previous'),
    };
  };
  const first = await walk('/feeds/all.json?limit=2');
  const second = await walk(first.next ?? '');
  const third = await walk(second.next ?? '');
  expect([first.titles, second.titles, third.titles]).toEqual(['98', '76', '54']);
  expect((await walk(third.previous ?? '')).titles).toBe('76');
  expect((await walk(second.previous ?? '')).titles).toBe('98');
  expect(first.previous).toBeUndefined();
});

describe('a withdrawal', () => {
  beforeEach(async () => {
    await reset();
    gazette = await newsroom();
  });

  test('is listed in every format, on the first page of every feed it was in, and never as an item', async () => {
    const id = await gazette.publish({
      id: '1',
      headline: 'Taken back',
      section: 'City',
      tags: ['x'],
      language: 'en',
    });
    await gazette.publish({ id: '2', headline: 'Stays', section: 'City' });
    await settle();
    await gazette.withdraw('1');
    await settle();
    for (const scope of ['all', 'sections/City', 'tags/x', 'languages/en', 'publishers/gazette']) {
      const json = await feed(`/feeds/${scope}.json`);
      expect(json._dateline?.withdrawn).toEqual([{ id: `urn:dateline:${id}`, at: expect.any(String) }]);
      expect(json.items.map(({ title }) => title)).not.toContain('Taken back');
      for (const dialect of ['rss', 'atom']) {
        expect(await (await request(`/feeds/${scope}.${dialect}`)).text()).toContain(
          `<at:deleted-entry ref="urn:dateline:${id}"`,
        );
      }
      const ninjs = await (await request(`/feeds/${scope}.ninjs`)).text();
      expect(ninjs).toContain('"canceled"');
    }
    expect((await feed('/feeds/all.json?section=City&tag=x'))._dateline?.withdrawn).toHaveLength(1);
    expect((await feed('/feeds/all.json?section=City&exclude-tag=x'))._dateline?.withdrawn ?? []).toEqual([]);
    for (const path of [
      '/sitemap.xml',
      '/news-sitemap.xml',
      `/sitemaps/${new Date().toISOString().slice(0, 10)}.xml`,
    ]) {
      expect(await (await request(path)).text()).not.toContain(id);
    }
  });

  test('is no longer said once it is published again', async () => {
    const id = await gazette.publish({ id: '1' }, '2026-11-20T10:00:00Z');
    await settle();
    await gazette.withdraw('1');
    await gazette.publish({ id: '1', headline: 'Back' }, new Date(Date.now() + 60_000).toISOString());
    await settle();
    const json = await feed('/feeds/all.json');
    expect(json.items.map((item) => item.id)).toEqual([`urn:dateline:${id}`]);
    expect(json._dateline?.withdrawn ?? []).toEqual([]);
  });
});

describe('a feed’s changes (RFC 3229, A-IM: feed)', () => {
  beforeEach(async () => {
    await reset();
    gazette = await newsroom();
    for (const n of [1, 2, 3])
      await gazette.publish({ id: `${n}`, headline: `Number ${n}`, publishedAt: at(n) });
    await settle();
  });

  const ask = (path: string, etag: string, headers: Record<string, string> = {}) =>
    request(path, { headers: { 'A-IM': 'feed', 'If-None-Match': etag, ...headers } });

  test.each(['json', 'rss', 'atom', 'ninjs'])(
    'are a whole document of only what is new: %s',
    async (dialect) => {
      const held = await request(`/feeds/all.${dialect}`);
      const etag = held.headers.get('ETag') ?? '';
      await gazette.publish({ id: '4', headline: 'Number 4', publishedAt: at(4) });
      await gazette.publish(
        { id: '2', headline: 'Number 2, mended', publishedAt: at(2) },
        '2026-11-20T12:00:00Z',
      );
      await gazette.withdraw('3');
      await settle();
      const response = await ask(`/feeds/all.${dialect}`, etag);
      expect(response.status).toBe(226);
      expect(response.headers.get('IM')).toBe('feed');
      expect(response.headers.get('Cache-Control')).toBe('private, no-store');
      expect(response.headers.get('Content-Type')).toBe(held.headers.get('Content-Type'));
      const text = await response.text();
      expect(text).toContain('Number 4');
      expect(text).toContain('Number 2, mended');
      expect(text).not.toContain('Number 1');
      const full = await request(`/feeds/all.${dialect}`);
      expect(response.headers.get('ETag')).toBe(full.headers.get('ETag'));
      expect((await ask(`/feeds/all.${dialect}`, full.headers.get('ETag') ?? '')).status).toBe(304);
    },
  );

  test('contain the withdrawals since', async () => {
    const etag = (await request('/feeds/all.json')).headers.get('ETag') ?? '';
    await gazette.withdraw('3');
    await settle();
    const json = (await (await ask('/feeds/all.json', etag)).json()) as JsonFeed;
    expect(json.items).toEqual([]);
    expect(json._dateline?.withdrawn).toHaveLength(1);
  });

  test('are not sent to clients that did not request them or have another representation', async () => {
    const etag = (await request('/feeds/all.json')).headers.get('ETag') ?? '';
    await gazette.publish({ id: '4', publishedAt: at(4) });
    await settle();
    const asked: [string, Record<string, string>][] = [
      ['/feeds/all.json', { 'If-None-Match': etag }],
      ['/feeds/all.json', { 'If-None-Match': etag, 'A-IM': 'vcdiff, gzip' }],
      ['/feeds/all.json', { 'If-None-Match': etag, 'A-IM': 'feed;q=0' }],
      ['/feeds/all.json?limit=2', { 'If-None-Match': etag, 'A-IM': 'feed' }],
      ['/feeds/all.rss', { 'If-None-Match': etag, 'A-IM': 'feed' }],
      ['/feeds/all.json', { 'If-None-Match': '"1.9.x"', 'A-IM': 'feed' }],
      ['/feeds/all.json', { 'A-IM': 'feed' }],
    ];
    for (const [path, headers] of asked) expect((await request(path, { headers })).status).toBe(200);
  });

  test('go by the newest of several copies', async () => {
    const first = (await request('/feeds/all.json')).headers.get('ETag') ?? '';
    await gazette.publish({ id: '4', headline: 'Number 4', publishedAt: at(4) });
    await settle();
    const second = (await request('/feeds/all.json')).headers.get('ETag') ?? '';
    await gazette.publish({ id: '5', headline: 'Number 5', publishedAt: at(5) });
    await settle();
    const json = (await (await ask('/feeds/all.json', `${first}, ${second}`)).json()) as JsonFeed;
    expect(json.items.map(({ title }) => title)).toEqual(['Number 5']);
  });
});

test('a correction keeps the name and the publication time, and moves the rest', async () => {
  await reset();
  gazette = await newsroom();
  await gazette.publish({ id: '1', headline: 'One', publishedAt: at(1) });
  await settle();
  const before = (await feed('/feeds/all.json')).items[0];
  const corrections = [{ at: at(2), note: 'The river was misnamed.' }];
  await gazette.publish(
    { id: '1', headline: 'One', publishedAt: at(1), corrections },
    '2026-11-21T10:00:00Z',
  );
  await settle();
  const after = (await feed('/feeds/all.json')).items[0];
  expect(after?.id).toBe(before?.id);
  expect(after?.date_published).toBe(before?.date_published);
  expect(after?.date_modified).not.toBe(before?.date_modified);
  for (const dialect of ['rss', 'atom', 'json', 'ninjs']) {
    expect(await (await request(`/feeds/all.${dialect}`)).text()).toContain('The river was misnamed.');
  }
});

test('a publisher’s new name is a new version of what names it', async () => {
  await reset();
  gazette = await newsroom();
  await gazette.publish({ id: '1' });
  await settle();
  const etag = (await request('/feeds/all.rss')).headers.get('ETag') ?? '';
  await asAdmin('/admin/publishers/gazette', 'PUT', { name: 'The New Gazette' });
  await settle();
  const response = await request('/feeds/all.rss', { headers: { 'If-None-Match': etag } });
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('<dc:publisher>The New Gazette</dc:publisher>');
});

test('a publisher that is deleted, and one that is created again, is a new version of what named it', async () => {
  await reset();
  gazette = await newsroom();
  await gazette.publish({ id: '1' });
  await settle();
  const paths = [
    '/feeds/all.rss',
    '/feeds/all.json',
    '/feeds/all.atom',
    '/feeds/publishers/gazette.rss',
    '/',
  ];
  const NAME = 'The Gazette';
  for (const [method, isNamed] of [
    ['DELETE', false],
    ['PUT', true],
  ] as const) {
    const etags = new Map<string, string>();
    for (const path of paths) etags.set(path, (await request(path)).headers.get('ETag') ?? '');
    await asAdmin('/admin/publishers/gazette', method, isNamed ? { name: NAME } : undefined);
    await settle();
    for (const path of paths) {
      const response = await request(path, { headers: { 'If-None-Match': etags.get(path) ?? '' } });
      expect(response.status, `${method} ${path}`).toBe(200);
      expect((await response.text()).includes(NAME), `${method} ${path}`).toBe(
        isNamed && !path.endsWith('.json'),
      );
    }
  }
});

describe('beside the feeds', () => {
  let id: string;
  const today = new Date().toISOString();

  beforeAll(async () => {
    await reset();
    gazette = await newsroom();
    id = await gazette.publish({
      id: '1',
      headline: 'नदी & घाट',
      section: 'शहर',
      language: 'hi',
      publishedAt: today,
    });
    await gazette.publish({
      id: '2',
      headline: 'Long ago',
      language: 'en',
      publishedAt: '2020-02-29T10:00:00Z',
    });
    await settle();
  });

  const text = async (path: string) => (await request(path)).text();

  test('the news sitemap lists the last two days', async () => {
    const document = await text('/news-sitemap.xml');
    expect(document).toContain(`/news/${id}/`);
    expect(document).toContain('<news:title>नदी &amp; घाट</news:title>');
    expect(document).toContain('<news:language>hi</news:language>');
    expect(document).not.toContain('Long ago');
  });

  test('the sitemap index leads to every article', async () => {
    const index = await text('/sitemap.xml');
    const addresses = [...index.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, url = '']) => url);
    expect(addresses).toEqual([
      `${env.ORIGIN}/sitemaps/${today.slice(0, 10)}.xml`,
      `${env.ORIGIN}/sitemaps/2020-02-29.xml`,
    ]);
    const pages = await Promise.all(addresses.map((url) => text(url.replace(env.ORIGIN, ''))));
    expect(pages.join('').match(/<url>/g)).toHaveLength(2);
    for (const path of ['/sitemaps/2020-02-30.xml', '/sitemaps/2021-01-01.xml', '/sitemaps/x.xml']) {
      expect((await request(path)).status).toBe(404);
    }
  });

  test('OPML lists the feeds there are', async () => {
    const document = await text('/feeds.opml');
    expect(document).toContain(`xmlUrl="${env.ORIGIN}/feeds/sections/${encodeURIComponent('शहर')}.rss"`);
    expect(document).toContain('text="The Gazette"');
  });

  test('robots.txt names the sitemaps', async () => {
    expect(await text('/robots.txt')).toContain(`Sitemap: ${env.ORIGIN}/sitemap.xml`);
  });

  test('a style sheet makes RSS and Atom readable', async () => {
    const response = await request('/feeds.css');
    expect(response.headers.get('Content-Type')).toBe('text/css; charset=utf-8');
    const looked = await request('/feeds/all.rss', { headers: { 'Sec-Fetch-Dest': 'document' } });
    expect(await looked.text()).toContain('<?xml-stylesheet');
    expect(looked.headers.get('Content-Type')).toBe('application/xml; charset=utf-8');
    expect(looked.headers.get('Cache-Control')).toContain('private');
    expect((await request('/feeds/all.rss')).headers.get('Content-Type')).toBe(
      'application/rss+xml; charset=utf-8',
    );
  });
});
