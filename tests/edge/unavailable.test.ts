import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { deskOf } from '../../src/bindings.ts';
import { Isolate } from '../../src/isolate.ts';
import { request } from '../client.ts';
import { newsroom, settle } from './newsroom.ts';

/** Articles that are listed, and of which the Desk cannot make the value, or was asked too early. */

const sql = (query: string, ...bindings: SqlStorageValue[]) =>
  runInDurableObject(deskOf(env), (_desk, { storage }) => storage.sql.exec(query, ...bindings).toArray());

const article = (name: string) => ({
  ...{ id: name, headline: `Headline ${name}`, section: 'City', tags: ['x'] },
  body: { format: 'html', content: `<p>Words of ${name}.</p>` },
});

const FEEDS = ['/feeds/sections/City.json', '/feeds/all.json', '/feeds/all.json?tag=x&section=City'];

async function loseKv(prefix = ''): Promise<void> {
  await evictDurableObject(deskOf(env));
  for (const { name } of (await env.KV.list({ prefix })).keys) await env.KV.delete(name);
}

beforeEach(async () => {
  await reset();
  await settle();
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

test('what the Desk denied before the publication hides the article from no list', async () => {
  const gazette = await newsroom();
  await gazette.publish(article('first'));
  const id = await gazette.publish(article('later'));
  await reset();
  await settle();
  const again = await newsroom();
  await again.publish(article('first'));
  await settle();
  const isolate = new Isolate();
  expect((await request(`/articles/${id}`, {}, { isolate })).status).toBe(404);
  expect(await again.publish(article('later'))).toBe(id);
  await settle();
  // As KV is for 60 s where it has served a miss.
  await env.KV.delete(`article:${id}`);
  for (const path of FEEDS) {
    const response = await request(path, {}, { isolate });
    expect(response.status, path).toBe(200);
    expect(await response.text(), path).toContain('Words of later.');
  }
});

describe.each([
  ['is damaged', "UPDATE bodies SET gzip = x'00112233' WHERE article_id = ?"],
  ['is missing', 'DELETE FROM bodies WHERE article_id = ?'],
])('an article whose body %s', (_what, break_) => {
  test('is 503 when KV has lost it; feeds show its summary, and all others are as they were', async () => {
    const gazette = await newsroom();
    const [good, bad] = [await gazette.publish(article('good')), await gazette.publish(article('bad'))];
    await settle();
    await sql(break_, bad);
    await loseKv();
    for (const path of [`/articles/${bad}`, `/news/${bad}/headline-bad`]) {
      const response = await request(path);
      expect([path, response.status, response.headers.get('Retry-After')]).toEqual([path, 503, '5']);
    }
    expect((await request(`/articles/${good}`)).status).toBe(200);
    for (const path of FEEDS) {
      const response = await request(path);
      expect(response.status, path).toBe(200);
      const text = await response.text();
      expect(text, path).toContain('Words of good.');
      expect(text, path).toContain('Headline bad');
      expect(text, path).not.toContain('Words of bad.');
    }
    // The good ones of the batch are queued to be written again.
    for (let round = 0; round < 20; round += 1) {
      await deskOf(env).backlog();
      if ((await env.KV.get(`article:${good}`)) !== null) break;
      await scheduler.wait(50);
    }
    expect(await env.KV.get(`article:${good}`)).toContain('Words of good.');
  });

  test('comes back when its publisher sends it again', async () => {
    const gazette = await newsroom();
    const bad = await gazette.publish(article('bad'));
    await settle();
    await sql(break_, bad);
    await loseKv('article:');
    expect((await request(`/articles/${bad}`)).status).toBe(503);
    await gazette.publish(article('bad'));
    await settle();
    expect(await (await request(`/articles/${bad}`)).text()).toContain('Words of bad.');
    expect(await env.KV.get(`article:${bad}`)).toContain('Words of bad.');
  });
});
