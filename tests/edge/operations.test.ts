import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { Isolate } from '../../src/isolate.ts';
import { request } from '../client.ts';
import { newsroom, settle } from './newsroom.ts';

/** KV as it is, with every operation counted. */
function counting() {
  const operations: string[] = [];
  const KV = new Proxy(env.KV, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        operations.push(`${String(name)} ${String(given[0]).slice(0, 60)}`);
        return member.apply(target, given);
      };
    },
  });
  return { KV, operations };
}

let id: string;
let slug: string;

beforeAll(async () => {
  const gazette = await newsroom();
  for (let n = 1; n <= 60; n += 1) {
    const publishedAt = new Date(Date.UTC(2026, 10, 1, 0, n)).toISOString();
    id = await gazette.publish({
      id: `${n}`,
      headline: `Number ${n}`,
      section: 'City',
      tags: ['x'],
      publishedAt,
    });
  }
  slug = 'number-60';
  await settle();
});

async function operationsOf(path: string, init: RequestInit = {}, isolate = new Isolate()) {
  const { KV, operations } = counting();
  const response = await request(path, init, { isolate, bindings: { KV } });
  const text = await response.text();
  return { operations, response, text };
}

describe('KV operations of a read in a new isolate', () => {
  test.each([
    ['a default feed', '/feeds/all.rss', 1],
    ['another default feed', '/feeds/all.json', 1],
    ['an article’s JSON', () => `/articles/${id}`, 1],
    ['changes', '/changes', 0],
    ['a sitemap index', '/sitemap.xml', 0],
    ['a feed of a scope', '/feeds/sections/City.atom', 2],
    ['a feed of a publisher', '/feeds/publishers/gazette.rss?limit=20', 2],
    ['a list page', '/sections/City', 2],
    ['an article’s page', () => `/news/${id}/${slug}`, 2],
    // The site, what the Desk found, who published it.
    ['a further page', '/feeds/all.json?before=1793493000000-0000000000000000', 3],
    ['a combination', '/feeds/all.json?tag=x&exclude-section=State', 3],
  ] as const)('%s', async (_name, path, expected) => {
    const { operations, response } = await operationsOf(typeof path === 'string' ? path : path());
    expect(response.status).toBe(200);
    expect(operations).toHaveLength(expected);
  });

  test('a 304 of a feed reads no body of an article', async () => {
    const { response } = await operationsOf('/feeds/sections/City.rss');
    const headers = { 'If-None-Match': response.headers.get('ETag') ?? '' };
    const again = await operationsOf('/feeds/sections/City.rss', { headers });
    expect(again.response.status).toBe(304);
    expect(again.operations.filter((operation) => operation.includes('article:'))).toEqual([]);
  });
});

test.each(['/', '/sections/City', '/feeds/sections/City.rss', '/feeds/all.atom'])(
  'a second request reads nothing: %s',
  async (path) => {
    const isolate = new Isolate();
    const first = await operationsOf(path, {}, isolate);
    const second = await operationsOf(path, {}, isolate);
    expect(second.operations).toEqual([]);
    expect(second.text).toBe(first.text);
  },
);

test('a default feed is the same from KV as rendered for the request', async () => {
  for (const dialect of ['rss', 'json']) {
    const ready = await operationsOf(`/feeds/all.${dialect}`);
    const made = await operationsOf(`/feeds/all.${dialect}?limit=50`);
    expect(ready.operations[0]).toContain('rendered:');
    expect(made.operations.length).toBeGreaterThan(1);
    expect(ready.text).toBe(made.text);
    for (const name of ['ETag', 'Last-Modified', 'Link', 'Content-Type', 'Cache-Control', 'Cache-Tag']) {
      expect(ready.response.headers.get(name), name).toBe(made.response.headers.get(name));
    }
  }
});
