import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, inFlight, TestSite } from './site.ts';

let site: TestSite;

beforeAll(async () => {
  site = await TestSite.start();
  await site.register('gazette');
});

afterAll(() => site?.end());

const article = (id: string, data: object = {}): string =>
  JSON.stringify({
    type: 'article.published',
    timestamp: '2026-11-20T10:00:00Z',
    data: {
      id,
      headline: `Headline of ${id}`,
      language: 'en',
      section: 'Faults',
      body: { format: 'html', content: `<p>The words of ${id}.</p>` },
      ...data,
    },
  });

const acknowledged = async (response: Response): Promise<string | undefined> => {
  if (!response.ok) return undefined;
  return ((await response.json()) as { article: { id: string } }).article.id;
};

describe('many at once', () => {
  test('200 articles with 50 in flight: every acknowledged one is in the feed’s pages and in /changes', async () => {
    const names = Array.from({ length: 200 }, (_, n) => `burst-${n}`);
    const ids = await inFlight(names, 50, async (name) =>
      acknowledged(await site.post('gazette', article(name))),
    );
    expect(ids.filter(Boolean)).toHaveLength(200);
    await eventually(async () => {
      expect(new Set(await site.feedIds('/feeds/all.json?limit=100'))).toEqual(new Set(ids));
    });
    expect(new Set(await site.changedIds())).toEqual(new Set(ids));
    const feed = await site.feedIds('/feeds/sections/Faults.json?limit=37');
    expect(feed).toHaveLength(200);
  });

  test('one article posted 50 times at once under one delivery id is stored once', async () => {
    const body = article('once');
    const posts = Array.from({ length: 50 }, () => 'the-one-delivery');
    const answers = await inFlight(posts, 50, async (id) => {
      const response = await site.post('gazette', body, { id });
      return {
        http: response.status,
        ...((await response.json()) as { status: string; article: { version: number } }),
      };
    });
    expect(answers.filter((answer) => answer.http === 202 && answer.status === 'accepted')).toHaveLength(1);
    expect(answers.filter((answer) => answer.http === 200 && answer.status === 'duplicate')).toHaveLength(49);
    expect(new Set(answers.map((answer) => answer.article.version))).toEqual(new Set([1]));
  });

  test('one article updated 50 times at once ends with one version for each', async () => {
    const bodies = Array.from({ length: 50 }, (_, n) => article('contended', { headline: `Take ${n}` }));
    const answers = await inFlight(bodies, 50, async (body) => (await site.post('gazette', body)).json());
    const versions = answers.map((answer) => (answer as { article: { version: number } }).article.version);
    expect([...versions].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
  });
});

describe('bad input', () => {
  const MEBIBYTE = 1_048_576;
  const cases: [string, number, () => string][] = [
    ['truncated JSON', 400, () => article('bad').slice(0, -20)],
    ['wrong types', 422, () => article('bad', { headline: 1, tags: 'x', authors: {}, image: [] })],
    ['1 MiB and 1 byte', 413, () => article('bad').padEnd(MEBIBYTE + 1)],
    ['lone surrogates', 422, () => article('bad', { headline: 'x' }).replace('"x"', '"\\udc00"')],
    [
      '10,000 tags',
      422,
      () => article('bad', { tags: Array.from({ length: 10_000 }, (_, n) => `tag ${n}`) }),
    ],
    [
      'normalized JSON over 1.5 MB',
      422,
      () => article('bad', { body: { format: 'html', content: '<p>a</p>'.repeat(110_000) } }),
    ],
    [
      'JSON nested 100,000 deep',
      422,
      () => article('bad', { headline: 0 }).replace(':0', `:${'['.repeat(100_000)}${']'.repeat(100_000)}`),
    ],
  ];

  /**
   * Posts again when the connection was closed before the whole body was sent, which loses the response (RFC 9112 section
   * 9.6).
   */
  async function answered(body: string): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await site.post('gazette', body);
      } catch (error) {
        if (attempt === 10) throw error;
      }
    }
  }

  test.each(cases)('%s gets %i and a problem document', async (_what, status, body) => {
    const response = await answered(body());
    expect(response.status).toBe(status);
    expect(response.headers.get('Content-Type')).toBe('application/problem+json; charset=utf-8');
    const problem = (await response.json()) as {
      detail?: string;
      issues?: { path: string; message: string }[];
    };
    expect(problem.detail ?? problem.issues?.[0]?.message).toBeTruthy();
  });

  test('JSON nested 100,000 deep in an unknown field is ignored', async () => {
    const body = article('deep').replace(
      '"section"',
      `"unknown":${'['.repeat(100_000)}${']'.repeat(100_000)},"section"`,
    );
    expect((await site.post('gazette', body)).status).toBe(202);
  });

  test('50,000 unclosed elements are taken', async () => {
    const content = `${'<div><b>'.repeat(25_000)}words`;
    expect(
      (await site.post('gazette', article('unclosed', { body: { format: 'html', content } }))).status,
    ).toBe(202);
  });

  test('the service goes on', async () => {
    expect((await site.fetch('/health')).status).toBe(200);
    expect((await site.post('gazette', article('after'))).status).toBe(202);
  });
});

test('SIGKILL amid 300 webhooks: every article acknowledged with 2xx is served afterwards', async () => {
  const names = Array.from({ length: 300 }, (_, n) => `crash-${n}`);
  const ids: string[] = [];
  let killed: Promise<void> | undefined;
  await inFlight(names, 20, async (name) => {
    try {
      const id = await acknowledged(await site.post('gazette', article(name)));
      if (id !== undefined) ids.push(id);
      if (ids.length === 150) killed = site.kill();
    } catch {
      // The connection ended with the process: not acknowledged, so nothing is owed.
    }
  });
  await killed;
  expect(ids.length).toBeGreaterThanOrEqual(150);
  expect(ids.length).toBeLessThan(300);
  await site.restart();
  const served = await inFlight(ids, 20, async (id) => (await site.fetch(`/articles/${id}`)).status);
  expect(served.filter((status) => status !== 200)).toEqual([]);
  await eventually(async () => {
    const listed = new Set(await site.feedIds('/feeds/all.json?limit=100'));
    expect(ids.filter((id) => !listed.has(id))).toEqual([]);
  });
  const changed = new Set(await site.changedIds());
  expect(ids.filter((id) => !changed.has(id))).toEqual([]);
});
