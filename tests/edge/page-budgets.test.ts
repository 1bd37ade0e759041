import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Bindings } from '../../src/bindings.ts';
import { Isolate } from '../../src/isolate.ts';
import { request } from '../client.ts';
import { newsroom, partnerWith, settle } from './newsroom.ts';

let token: string;
let id: string;

beforeAll(async () => {
  // Each refusal is logged.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const gazette = await newsroom();
  for (const number of [1, 2, 3]) {
    id = await gazette.publish({
      id: `${number}`,
      headline: `Number ${number}`,
      section: 'City',
      tags: ['x'],
    });
  }
  token = await partnerWith('mirror');
  await settle();
});

afterAll(() => void vi.restoreAllMocks());

/** A Desk whose pages are of some size, and which counts how often it is asked for one. */
function costly(examined: number) {
  const state = { asked: 0 };
  const DESK = new Proxy(env.DESK, {
    get: () => (name: string) =>
      new Proxy(env.DESK.getByName(name), {
        get(desk, member) {
          return async (...given: unknown[]) => {
            const answer: object = await Reflect.apply(Reflect.get(desk, member), desk, given);
            if (member !== 'page') return answer;
            state.asked += 1;
            return { ...answer, examined };
          };
        },
      }),
  }) as Bindings['DESK'];
  return { state, DESK };
}

describe('pages that only the Desk can put together, for anybody', () => {
  test('are served until an isolate has spent its budget, then 503 with Retry-After; nothing else is', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const isolate = new Isolate();
      const { state, DESK } = costly(2_000);
      const ask = async (path: string, init: RequestInit = {}) =>
        request(path, init, { isolate, bindings: { DESK } });
      const statuses: number[] = [];
      for (let number = 0; number < 40; number += 1) {
        statuses.push((await ask(`/articles?exclude-tag=no-${number}`)).status);
      }
      // A hundred tokens: each of these pages costs nine.
      expect(state.asked).toBe(12);
      expect(statuses).toEqual([...Array(12).fill(200), ...Array(28).fill(503)]);
      for (const path of [
        '/changes',
        '/sitemap.xml',
        '/news-sitemap.xml',
        '/feeds.opml',
        '/?before=1-0000000000000000',
      ]) {
        const response = await ask(path);
        expect(response.status, path).toBe(503);
        expect(response.headers.get('Retry-After'), path).toBe('5');
      }
      // What KV has is served, and a partner’s feed has a budget of its own.
      for (const path of ['/feeds/all.rss', '/', '/sections/City', `/articles/${id}`]) {
        expect((await ask(path)).status, path).toBe(200);
      }
      const headers = { Authorization: `Bearer ${token}` };
      expect((await ask('/partners/mirror/feed.rss', { headers })).status).toBe(200);
      // It fills again: what was overdrawn, then a token for each page.
      vi.advanceTimersByTime(1_000);
      expect((await ask('/changes')).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });
});

test('an old response does not stand in for one that the budget refuses: it may show what was withdrawn', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const isolate = new Isolate();
    const { DESK } = costly(250_000);
    const ask = async (path: string) =>
      (await request(path, {}, { isolate, bindings: { DESK, MEMORY_SECONDS: '2' } })).status;
    expect(await ask('/articles?tag=x&exclude-tag=y')).toBe(200);
    vi.advanceTimersByTime(1_000);
    // Still fresh in the isolate's memory.
    expect(await ask('/articles?tag=x&exclude-tag=y')).toBe(200);
    vi.advanceTimersByTime(1_500);
    expect(await ask('/articles?tag=x&exclude-tag=z')).toBe(503);
    expect(await ask('/articles?tag=x&exclude-tag=y')).toBe(503);
  } finally {
    vi.useRealTimers();
  }
});

test('a list in which nothing matches for long has an empty page with a next one', async () => {
  const { DESK } = costly(0);
  const cut = new Proxy(DESK, {
    get: (target, member) => (name: string) => {
      const desk = Reflect.get(target, member)(name);
      return new Proxy(desk, {
        get: (_desk, method) => async (filters: unknown, before: unknown, limit: unknown) => {
          const page = await Reflect.get(desk, method)(filters, before, limit);
          // As where the bounds of a selection ended it.
          return method === 'page' && before === undefined
            ? {
                ...page,
                items: [],
                next: { publishedAt: '2999-01-01T00:00:00.000Z', id: '0000000000000000' },
              }
            : page;
        },
      });
    },
  }) as Bindings['DESK'];
  const bindings = { DESK: cut };
  for (const format of ['rss', 'atom', 'json', 'ninjs']) {
    const response = await request(`/feeds/all.${format}?tag=x&exclude-tag=y`, {}, { bindings });
    expect(response.status).toBe(200);
    expect(response.headers.get('Link')).toContain('rel="next"');
  }
  const first = (await (await request('/articles?exclude-tag=y', {}, { bindings })).json()) as {
    articles: object[];
    next: string;
  };
  expect(first.articles).toEqual([]);
  const rest = (await (
    await request(`/articles?exclude-tag=y&before=${first.next}`, {}, { bindings })
  ).json()) as { articles: object[]; next: string | null };
  expect(rest.articles).toHaveLength(3);
  expect(rest.next).toBeNull();
});
