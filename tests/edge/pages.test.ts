import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { request } from '../client.ts';
import { newsroom, settle } from './newsroom.ts';

const article = async (id: string, init?: RequestInit) => {
  const short = await request(`/news/${id}`);
  return request((short.headers.get('Location') ?? '').replace(env.ORIGIN, ''), init);
};

/** The headlines in the box under an article. */
async function moreOn(id: string): Promise<string[]> {
  const [, box = ''] = /<section class="more"(.*?)<\/section>/s.exec(await (await article(id)).text()) ?? [];
  return [...box.matchAll(/<h3><a[^>]*>([^<]*)</g)].map(([, headline = '']) => headline);
}

let gazette: Awaited<ReturnType<typeof newsroom>>;
let harbour: string;
let lone: string;

const publish = (id: string, publishedAt: string, data: object = { section: 'Coast' }) =>
  gazette.publish({ id, headline: `About ${id}`, language: 'en', publishedAt, ...data });

beforeAll(async () => {
  gazette = await newsroom();
  harbour = await publish('harbour', '2026-11-20T10:00:00Z');
  for (let n = 1; n <= 8; n += 1) {
    await publish(`coast-${n}`, `2026-11-1${n}T10:00:00Z`);
  }
  lone = await publish('lone', '2026-11-01T10:00:00Z', {});
  await settle();
});

describe('under an article', () => {
  test('stand the newest others of its section, six at most', async () => {
    expect(await moreOn(harbour)).toEqual([8, 7, 6, 5, 4, 3].map((n) => `About coast-${n}`));
  });

  test('stand the newest of all where it has no section', async () => {
    expect(await moreOn(lone)).toEqual(['About harbour', ...[8, 7, 6, 5, 4].map((n) => `About coast-${n}`)]);
  });

  test('does not list a withdrawn article, and the page has another ETag then', async () => {
    const before = await article(harbour);
    const held = { 'If-None-Match': before.headers.get('ETag') ?? '' };
    expect((await article(harbour, { headers: held })).status).toBe(304);
    await scheduler.wait(1_100);
    await gazette.withdraw('coast-8');
    await settle();
    const after = await article(harbour, { headers: held });
    expect(after.status).toBe(200);
    expect(await after.text()).not.toContain('About coast-8');
    const since = { 'If-Modified-Since': before.headers.get('Last-Modified') ?? '' };
    expect((await article(harbour, { headers: since })).status).toBe(200);
  });
});
