import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Desk } from '../../src/desk/desk.ts';
import { Archive } from '../../src/desk/projection/archive.ts';
import { BodyReader } from '../../src/desk/projection/body-reader.ts';
import { Outbox } from '../../src/desk/projection/outbox.ts';
import { Projection } from '../../src/desk/projection/projection.ts';
import { openTables } from '../../src/desk/tables/tables.ts';
import { FEED_BYTES } from '../../src/domain/settings.ts';
import { MAX_FEED_BYTES, readStoredFeed } from '../../src/feeds/stored-feed.ts';
import { FEED_FORMATS } from '../../src/formats/registry.ts';
import type { Target } from '../../src/store/records.ts';
import { asAdmin, request } from '../client.ts';
import { deliverAll, desk, freshDesk, idOf, published, revisionOf, settle, withdrawn } from './desk.ts';

/** What earlier releases have stored: articles and cards above the bounds of today's intake. */

const MEGABYTE = 1_000_000;
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();
const bytesOf = async (response: Response) => (await response.arrayBuffer()).byteLength;
const urnOf = (name: string) => `urn:dateline:${idOf(name)}`;

/** The pages of a feed, by following `rel=next` from a path. */
async function pagesFrom(path: string): Promise<{ text: string; bytes: number }[]> {
  const pages: { text: string; bytes: number }[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const response = await request(next);
    expect(response.status).toBe(200);
    const text = await response.text();
    pages.push({ text, bytes: new TextEncoder().encode(text).length });
    const [, url] = /<([^>]+)>; rel="next"/.exec(response.headers.get('Link') ?? '') ?? [];
    next = url?.slice(env.ORIGIN.length);
  }
  return pages;
}

describe('twelve articles of a million ampersands, five million bytes each in a feed', () => {
  const names = Array.from({ length: 12 }, (_, index) => `heavy${index.toString(16)}`);

  beforeAll(async () => {
    await freshDesk();
    for (const [index, name] of names.entries()) {
      const content = { text: '&'.repeat(MEGABYTE), publishedAt: at(index), headline: `Large ${name}` };
      await published(name, at(index), { ...content, sourceId: name, section: 'City' });
    }
    await settle();
  });

  test.each(['rss', 'json'])('the default feed as %s is in KV, within its bound', async (extension) => {
    const { value, metadata } = await env.KV.getWithMetadata(`rendered:all.${extension}`);
    expect(value).toContain(urnOf('heavyb'));
    expect(new TextEncoder().encode(value ?? '').length).toBeLessThanOrEqual(FEED_BYTES.default);
    expect(JSON.stringify(metadata).length).toBeLessThan(600);
    expect(await desk().backlog()).toMatchObject({ pending: 0, failing: 0, writable: true });
  });

  test.each(FEED_FORMATS)(
    'every page of $extension is within its bound, and together they have all',
    async ({ extension }) => {
      for (const path of [
        `/feeds/all.${extension}`,
        `/feeds/sections/City.${extension}`,
        `/feeds/all.${extension}?limit=5`,
      ]) {
        const pages = await pagesFrom(path);
        for (const { bytes } of pages) expect(bytes, path).toBeLessThanOrEqual(FEED_BYTES.default);
        const text = pages.map((page) => page.text).join();
        for (const name of names) expect(text.split(urnOf(name)), path).toHaveLength(2);
      }
    },
  );

  test('each is its own JSON as it is stored, and a page with its summary and a note', async () => {
    const json = await request(`/articles/${idOf('heavy0')}`);
    expect(await bytesOf(json)).toBeGreaterThan(MEGABYTE);
    const { headers } = await request(`/news/${idOf('heavy0')}`, { redirect: 'manual' });
    const page = await request(headers.get('Location')?.slice(env.ORIGIN.length) ?? '');
    const html = await page.text();
    expect(html).toContain('<h1>Large heavy0</h1>');
    expect(html).toContain('Sorry, this cannot be shown on this page.');
    expect(html.length).toBeLessThan(200_000);
  });

  test.each([
    '/',
    '/sections/City',
    '/articles',
    '/sitemap.xml',
    '/news-sitemap.xml',
    '/feeds.opml',
    '/changes',
  ])('%s is small', async (path) => {
    const response = await request(path);
    expect(response.status).toBe(200);
    expect(await bytesOf(response)).toBeLessThan(100_000);
  });

  test('one that is withdrawn leaves the default feeds', async () => {
    await withdrawn('heavyb', at(30));
    await settle();
    for (const extension of ['rss', 'json']) {
      const text = await env.KV.get(`rendered:all.${extension}`);
      expect(text).not.toContain('Large heavyb');
      expect(text).toContain('Large heavya');
    }
    expect(await (await request('/feeds/all.rss')).text()).not.toContain('Large heavyb');
    expect(await desk().backlog()).toMatchObject({ pending: 0, failing: 0, writable: true });
  });
});

describe('a setting for the bytes of a feed', () => {
  beforeAll(async () => {
    await freshDesk();
    for (const index of [0, 1, 2, 3, 4, 5]) {
      const content = { text: '&'.repeat(40_000), publishedAt: at(index), headline: `News ${index}` };
      await published(`news${index}`, at(index), { ...content, sourceId: `${index}`, tags: ['x'] });
    }
    await settle();
  });

  const changes = async (path: string, etag: string | null) =>
    request(path, { headers: { 'A-IM': 'feed', 'If-None-Match': etag ?? '' } });

  test('bounds every feed, also as changes, and `next` in the document is that of the header', async () => {
    const before = await request('/feeds/tags/x.json?limit=9');
    expect(((await before.json()) as { items: unknown[] }).items).toHaveLength(6);
    expect((await asAdmin('/admin/site', 'PUT', { feedBytes: 499_999 })).status).toBe(422);
    expect((await asAdmin('/admin/site', 'PUT', { feedBytes: 8_000_001 })).status).toBe(422);
    expect((await asAdmin('/admin/site', 'PUT', { feedBytes: 500_000 })).status).toBe(200);
    await settle();
    for (const path of ['/feeds/all.json', '/feeds/tags/x.json?limit=9']) {
      const response = await request(path);
      const feed = (await response.clone().json()) as { items: { id: string }[]; next_url: string };
      expect(await bytesOf(response), path).toBeLessThanOrEqual(500_000);
      expect(feed.items, path).toHaveLength(2);
      expect(response.headers.get('Link'), path).toContain(`<${feed.next_url}>; rel="next"`);
      expect(response.headers.get('Link'), path).toContain('rel="first"');
      const again = await request(path, { headers: { 'If-None-Match': response.headers.get('ETag') ?? '' } });
      expect(again.status, path).toBe(304);
      expect((await pagesFrom(path)).length, path).toBe(3);
    }
    const etag = (await request('/feeds/tags/x.json?limit=9')).headers.get('ETag');
    for (const index of [0, 1, 2]) {
      const content = {
        text: `${index}${'&'.repeat(40_000)}`,
        publishedAt: at(index),
        headline: `Newer ${index}`,
      };
      await published(`news${index}`, at(40 + index), { ...content, sourceId: `${index}`, tags: ['x'] });
    }
    await settle();
    const response = await changes('/feeds/tags/x.json?limit=9', etag);
    expect(response.status).toBe(226);
    const delta = (await response.clone().json()) as { items: { title: string }[]; next_url: string };
    expect(await bytesOf(response)).toBeLessThanOrEqual(500_000);
    expect(delta.items.map(({ title }) => title)).toEqual(['Newer 2', 'Newer 1']);
    expect(response.headers.get('Link')).toContain(`<${delta.next_url}>; rel="next"`);
    const { items } = (await (await request(delta.next_url.slice(env.ORIGIN.length))).json()) as typeof delta;
    expect(items.map(({ title }) => title)).toEqual(['Newer 0']);
  });
});

describe('a hundred of the largest cards that the schemas allow', () => {
  const text = (length: number) => 'क'.repeat(length);
  const card = {
    headline: text(500),
    summary: text(5_000),
    dateline: text(120),
    credit: text(500),
    canonicalUrl: `https://a.example/${'a'.repeat(2_000)}`,
    image: {
      url: `https://a.example/${'a'.repeat(2_000)}`,
      alt: text(5_000),
      caption: text(5_000),
      credit: text(500),
    },
    rights: {
      copyright: text(500),
      licence: text(120),
      usageTerms: text(5_000),
      territories: Array.from({ length: 250 }, (_, index) => `${text(110)}${index}`),
      excludePartners: Array.from({ length: 250 }, (_, index) => `${text(110)}${index}`),
    },
  };
  const ids = Array.from({ length: 101 }, (_, index) => idOf(`card${String(index).padStart(3, '0')}`));

  beforeAll(async () => {
    await freshDesk();
    for (let start = 0; start < ids.length; start += 20) {
      await deliverAll(
        ids.slice(start, start + 20).map((id, index) => ({
          ...{ kind: 'published', id, revisedAt: at(0) },
          revision: revisionOf({ ...card, sourceId: id, publishedAt: at(start + index) }),
        })),
      );
    }
    await settle();
  });

  test('a feed’s value in KV stays far below 25 MiB, and the rest of the hundred follows', async () => {
    const value = (await env.KV.get('feed:all')) ?? '';
    const bytes = new TextEncoder().encode(value).length;
    expect(bytes).toBeLessThanOrEqual(MAX_FEED_BYTES + 50_000);
    expect(bytes).toBeGreaterThan(MEGABYTE);
    const [head = '', ...cards] = value.split('\n');
    expect(JSON.parse(head)).toMatchObject({ more: true });
    expect(cards.length).toBeLessThan(100);
  });

  test('each list stops at its bytes, and its pages together have all', async () => {
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const response = await request(`/articles?limit=100${next && `&before=${next}`}`);
      const bytes = await bytesOf(response.clone());
      expect(bytes).toBeLessThanOrEqual(2_000_100);
      const page = (await response.json()) as { articles: { id: string }[]; next: string | null };
      seen.push(...page.articles.map(({ id }) => id));
      next = page.next;
    }
    expect(seen).toEqual(ids.toReversed());
    const pages = await pagesFrom('/feeds/all.atom?content=summary&limit=100');
    for (const { bytes } of pages) expect(bytes).toBeLessThanOrEqual(FEED_BYTES.default);
    const all = pages.map((page) => page.text).join();
    for (const id of ids) expect(all.split(`urn:dateline:${id}`)).toHaveLength(2);
  });

  test('a page of cards stops at its bytes as well, and links to the older ones', async () => {
    const response = await request('/');
    const html = await response.text();
    expect(new TextEncoder().encode(html).length).toBeLessThan(3 * MEGABYTE);
    expect(html).toContain('<link rel="next"');
    expect(html.match(/<article class="card/g)?.length).toBeGreaterThan(10);
  });

  test('a card that cannot be read is left out, and the others stay in the feed', async () => {
    await runInDurableObject(desk(), (_instance, state) => {
      state.storage.sql.exec("UPDATE articles SET card = '{' WHERE id = ?", ids[100]);
    });
    await withdrawn('card099', at(200));
    await settle();
    const value = (await env.KV.get('feed:all')) ?? '';
    expect(value).toContain(`"id":"${ids[98]}"`);
    expect(value.split('\n').slice(1).join()).not.toContain(`"id":"${ids[100]}"`);
  });
});

test('what would be larger than KV takes is written without what makes it so, whatever the key', async () => {
  await freshDesk();
  for (let n = 0; n < 12; n += 1) {
    const content = { text: 'x'.repeat(9_000), summary: 'y'.repeat(900), publishedAt: at(n) };
    await published(`large${n}`, at(n), { ...content, sourceId: `large${n}`, section: 'City' });
  }
  await settle();
  await desk().countViews(Array.from({ length: 12 }, (_, n) => [idOf(`large${n}`), 9]));
  const limit = 7_000;
  const written = await runInDurableObject(desk(), async (_instance: Desk, { storage }) => {
    const tables = openTables(storage.sql);
    const earlier = { take: async () => {}, miss() {} };
    const bodies = new BodyReader(tables.bodies, new Archive(undefined, ''), earlier);
    const projection = new Projection(tables, bodies, earlier, env.ORIGIN);
    const texts = new Map<string, string>();
    const kv = {
      put: async (key: string, text: string) => void texts.set(key, text),
      delete: async () => {},
    };
    const source = {
      valueOf: (target: Target, maxBytes?: number) => projection.valueOf(target, maxBytes),
      written() {},
    };
    const outbox = new Outbox(storage.sql, kv, source, { maxValueBytes: limit });
    storage.sql.exec('DELETE FROM outbox');
    outbox.addAll(
      [
        { kind: 'feed', scope: { kind: 'sections', name: 'City' } },
        { kind: 'rendered', extension: 'rss' },
        { kind: 'rendered', extension: 'json' },
        { kind: 'trending' },
        { kind: 'article', id: idOf('large0') },
      ],
      0,
    );
    await outbox.drain();
    expect(outbox.backlog()).toMatchObject({ pending: 0, failing: 0 });
    return texts;
  });
  expect(written.size).toBe(5);
  for (const [key, text] of written) {
    expect(text.length, key).toBeLessThanOrEqual(limit);
    expect(text.length, key).toBeGreaterThan(1_000);
  }
  const feed = readStoredFeed(written.get('feed:sections:City') ?? '');
  expect(feed.more).toBe(true);
  expect(feed.cards(100).at(0)?.id).toBe(idOf('large11'));
  expect(JSON.parse(written.get(`article:${idOf('large0')}`) ?? '')).toMatchObject({
    id: idOf('large0'),
    summary: 'y'.repeat(900),
    body: [],
  });
});
