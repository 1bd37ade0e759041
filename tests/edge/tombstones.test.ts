import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { deskOf } from '../../src/bindings.ts';
import { FEED_FORMATS } from '../../src/formats/registry.ts';
import { Isolate } from '../../src/isolate.ts';
import { request } from '../client.ts';
import { newsroom, partnerWith, settle } from './newsroom.ts';

let withdrawn: string;
let other: string;
let token: string;

/** KV as it is for a reader: the tombstone is there, and every list still from before. */
beforeAll(async () => {
  const gazette = await newsroom();
  const article = (id: string, headline: string) =>
    gazette.publish({
      ...{ id, headline, section: 'City', tags: ['x'], language: 'en', authors: [{ name: 'Ada' }] },
      body: { format: 'html', content: `<p>The body of ${headline}.</p>` },
    });
  other = await article('1', 'Remaining');
  withdrawn = await article('2', 'Takendown');
  token = await partnerWith('mirror', { content: 'summary' });
  await deskOf(env).countViews([
    [withdrawn, 9],
    [other, 3],
  ]);
  await settle();
  const before = new Map<string, string>();
  for (const { name } of (await env.KV.list()).keys) {
    if (/^(?:feed:|trending)/.test(name)) before.set(name, (await env.KV.get(name)) ?? '');
  }
  await gazette.withdraw('2');
  await settle();
  for (const [key, value] of before) await env.KV.put(key, value);
  // Rendered for the request.
  for (const name of ['rendered:all.rss', 'rendered:all.json']) await env.KV.delete(name);
});

const formats = FEED_FORMATS.map(({ extension }) => extension);
const scopes = ['publishers/gazette', 'sections/City', 'tags/x', 'languages/en', 'authors/Ada'];

const renderers = () => [
  ...formats.flatMap((each) => [`/feeds/all.${each}`, `/feeds/all.${each}?content=summary`]),
  ...scopes.flatMap((scope) => [`/feeds/${scope}.rss`, `/feeds/${scope}.json?content=summary`]),
  ...['/articles', '/articles?section=City', '/articles?exclude-tag=y'],
  ...['/', '/sections/City', '/publishers/gazette', '/tags/x', '/authors/Ada', '/trending'],
  `/news/${other}/remaining`,
  '/partners/mirror/feed.json',
];

test('nothing is rendered with an article whose tombstone the isolate has read', async () => {
  const isolate = new Isolate();
  const headers = { Authorization: `Bearer ${token}` };
  expect((await request(`/articles/${withdrawn}`, {}, { isolate })).status).toBe(410);
  for (const path of renderers()) {
    const response = await request(path, { headers }, { isolate });
    expect(response.status, path).toBe(200);
    const text = await response.text();
    expect(text, path).not.toContain('Takendown');
    expect(text, path).toContain('Remaining');
  }
});

test('a feed with bodies reads the tombstones itself', async () => {
  for (const path of [...formats.map((each) => `/feeds/all.${each}`), '/feeds/sections/City.rss']) {
    expect(await (await request(path)).text(), path).not.toContain('Takendown');
  }
});

test('the lists were from before, so that the tests mean something', async () => {
  for (const path of ['/', '/articles', '/trending', '/feeds/all.rss?content=summary']) {
    expect(await (await request(path)).text(), path).toContain('Takendown');
  }
});
