import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { deskOf } from '../../src/bindings.ts';
import { isDefaultFeed } from '../../src/feeds/feed.ts';
import { FEED_FORMATS } from '../../src/formats/registry.ts';
import { Isolate } from '../../src/isolate.ts';
import { request } from '../client.ts';
import { countedKv } from '../counted-kv.ts';
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
  const putBack = await lists();
  await gazette.withdraw('2');
  await settle();
  await putBack();
});

/** Saves every list in KV. @returns puts them back, with their metadata */
async function lists(): Promise<() => Promise<void>> {
  const { keys } = await env.KV.list();
  const names = keys.map(({ name }) => name).filter((name) => /^(?:feed:|rendered:|trending)/.test(name));
  const before = await Promise.all(
    names.map(async (name) => ({ name, ...(await env.KV.getWithMetadata(name)) })),
  );
  return async () => {
    for (const { name, value, metadata } of before) await env.KV.put(name, value ?? '', { metadata });
  };
}

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

test('a feed with bodies reads the tombstones itself, if KV does not have it ready', async () => {
  const rendered = formats.filter((each) => !isDefaultFeed(each)).map((each) => `/feeds/all.${each}`);
  for (const path of [...rendered, '/feeds/all.rss?limit=50', '/feeds/sections/City.rss']) {
    expect(await (await request(path)).text(), path).not.toContain('Takendown');
  }
});

test('the lists were from before, so that the tests mean something', async () => {
  for (const path of [
    ...['/', '/articles', '/trending', '/feeds/all.rss?content=summary', '/feeds/all.rss', '/feeds/all.json'],
  ]) {
    expect(await (await request(path)).text(), path).toContain('Takendown');
  }
});

test('a tombstone shows readers nothing but what it is', async () => {
  const response = await request(`/articles/${withdrawn}`);
  expect(response.status).toBe(410);
  const text = await response.text();
  expect(text).toContain(withdrawn);
  expect(text).not.toContain('sequence');
});

test('a tombstone of an earlier release, which has no sequence number, is read as before', async () => {
  const key = `article:${withdrawn}`;
  const { sequence, ...earlier } = JSON.parse((await env.KV.get(key)) ?? '{}');
  expect(sequence).toBeGreaterThan(0);
  await env.KV.put(key, JSON.stringify(earlier));
  const isolate = new Isolate();
  expect((await request(`/articles/${withdrawn}`, {}, { isolate })).status).toBe(410);
  for (const path of ['/feeds/all.atom', '/articles', '/'])
    expect(await (await request(path, {}, { isolate })).text(), path).not.toContain('Takendown');
  await env.KV.put(key, JSON.stringify({ ...earlier, sequence }));
});

describe('once KV has the default feeds from after the withdrawal', () => {
  test('they are streamed again: one KV operation, in an isolate that has read tombstones', async () => {
    const gazette = await newsroom('later');
    // A withdrawal of what was never listed changes no feed, and must not make the feeds seem old.
    await gazette.publish({ id: '1', headline: 'Later' });
    await gazette.withdraw('never seen');
    const gone = await gazette.publish({ id: '2', headline: 'Gone' });
    await settle();
    await deskOf(env).withdraw(gone);
    await gazette.withdraw('2');
    await settle();
    const isolate = new Isolate();
    for (const id of [withdrawn, gone])
      expect((await request(`/articles/${id}`, {}, { isolate })).status).toBe(410);
    const { state, KV } = countedKv();
    const response = await request('/feeds/all.rss', {}, { isolate, bindings: { KV } });
    expect(await response.text()).toContain('Later');
    expect(state.operations).toBe(1);
  });
});

describe('an article that is put under embargo again', () => {
  test('is in no list any more once the isolate was told so, and is again when it is released', async () => {
    const gazette = await newsroom('embargo');
    const data = {
      id: '1',
      headline: 'Tooearly',
      section: 'Embargo',
      tags: ['t'],
      authors: [{ name: 'Eve' }],
    };
    const id = await gazette.publish(data);
    await gazette.publish({ id: '2', headline: 'Besides', section: 'Embargo', tags: ['t'] });
    await settle();
    const putBack = await lists();
    const embargoUntil = new Date(Date.now() + 3_600_000).toISOString();
    await gazette.publish({ ...data, embargoUntil }, '2026-11-20T11:00:00Z');
    await settle();
    await putBack();
    const isolate = new Isolate();
    expect((await request(`/articles/${id}`, {}, { isolate })).status).toBe(404);
    const paths = [
      ...formats.map((each) => `/feeds/all.${each}`),
      ...['/feeds/tags/t.rss', '/feeds/tags/t.json?content=summary', '/articles', '/tags/t', '/'],
    ];
    for (const path of paths) {
      const text = await (await request(path, {}, { isolate })).text();
      expect(text, path).not.toContain('Tooearly');
      expect(text, path).toContain('Besides');
    }
    // What shows bodies finds out itself, also when KV has only the body of before.
    for (const path of ['/feeds/all.atom', '/feeds/tags/t.rss'])
      expect(await (await request(path)).text(), path).not.toContain('Tooearly');
    await gazette.publish({ ...data, headline: 'Intime' }, '2026-11-20T12:00:00Z');
    await settle();
    await env.KV.delete(`article:${id}`);
    for (const path of paths.filter((each) => each !== '/feeds/all.rss' && each !== '/feeds/all.json'))
      expect(await (await request(path, {}, { isolate: new Isolate() })).text(), path).toContain('Intime');
    // Without the isolate's cache of KV, which has the list of before for some seconds.
    const bindings = { MEMORY_SECONDS: '0' };
    for (const path of ['/feeds/tags/t.rss?limit=9', '/articles?tag=t', '/tags/t'])
      expect(await (await request(path, {}, { isolate, bindings })).text(), path).toContain('Intime');
  });
});
