import {
  createExecutionContext,
  evictDurableObject,
  getQueueResult,
  runInDurableObject,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openStore } from '../../src/app.ts';
import { compressDetail, detailJson } from '../../src/desk/contract/detail.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { MAX_ARTICLE_BYTES } from '../../src/domain/article-size.ts';
import { FEED_BYTES } from '../../src/domain/settings.ts';
import { FEED_FORMATS } from '../../src/formats/registry.ts';
import { Isolate } from '../../src/isolate.ts';
import { consume } from '../../src/push/consumer.ts';
import type { PushMessage, Render } from '../../src/push/messages.ts';
import { asAdmin, request } from '../client.ts';
import { desk, freshDesk, idOf, published, settle } from '../desk/desk.ts';
import { batchOf, bindingsWith, intentTo, subscriptions, type TestQueue, withQueue } from './queue.ts';

/** What an earlier release stored above the bounds of today's intake is within 2 MB wherever it is sent. */

const AT = '2026-11-20T10:00:00.000Z';
const names = Array.from({ length: 12 }, (_, index) => `heavy${index.toString(16)}`);
let token: string;

beforeAll(async () => {
  await freshDesk();
  const created = await asAdmin('/admin/partners/mirror', 'PUT', { name: 'Mirror', limit: 100 });
  ({ token } = (await created.json()) as { token: string });
  for (const [index, name] of names.entries()) {
    const content = { text: '&'.repeat(1_000_000), headline: `Large ${name}`, sourceId: name };
    const at = new Date(Date.parse(AT) + index * 60_000).toISOString();
    await published(name, at, { ...content, publishedAt: at, section: 'City' });
  }
  // As JSON, this alone has more than 2 MB. The helper does not compress, so its body comes afterwards.
  await published('great', AT, { sourceId: 'great', section: 'Press' });
  const body = [
    { type: 'paragraph' as const, content: [{ type: 'text' as const, text: '"'.repeat(1_500_000) }] },
  ];
  const json = detailJson({ body, related: [], corrections: [], translations: [] });
  const gzip = await compressDetail(json);
  await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
    storage.sql.exec('UPDATE bodies SET gzip = ? WHERE article_id = ?', gzip, idOf('great'));
    storage.sql.exec('UPDATE articles SET bytes = ? WHERE id = ?', json.length, idOf('great'));
  });
  await evictDurableObject(desk());
  await desk().rebuild();
  do await settle();
  while ((await desk().rebuildProgress()).state !== 'done');
});

describe('a partner’s feed', () => {
  test.each(FEED_FORMATS)(
    'as $extension is within 2 MB on every page, and has everything',
    async (format) => {
      const pages: string[] = [];
      for (
        let next: string | undefined = `/partners/mirror/feed.${format.extension}`;
        next !== undefined && pages.length < 30;
      ) {
        const response = await request(next, { headers: { Authorization: `Bearer ${token}` } });
        expect(response.status).toBe(200);
        const bytes = new Uint8Array(await response.arrayBuffer());
        expect(bytes.byteLength).toBeLessThanOrEqual(FEED_BYTES.default);
        pages.push(new TextDecoder().decode(bytes));
        const [, url] = /<([^>]+)>; rel="next"/.exec(response.headers.get('Link') ?? '') ?? [];
        next = url?.slice(env.ORIGIN.length);
      }
      const text = pages.join();
      for (const name of [...names, 'great']) expect(text).toContain(idOf(name));
    },
  );
});

describe('push', () => {
  let queue: TestQueue;
  let received: { bytes: number; text: string }[];

  beforeEach(async () => {
    queue = await withQueue();
    received = [];
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const sent = new Request(input as RequestInfo, init as RequestInit);
      const bytes = new Uint8Array(await sent.arrayBuffer());
      received.push({ bytes: bytes.byteLength, text: new TextDecoder().decode(bytes) });
      return new Response(new URL(sent.url).searchParams.get('hub.challenge'));
    });
  });
  afterEach(() => void vi.restoreAllMocks());

  const isolate = new Isolate();
  const render: Render = (path) => request(path, {}, { isolate });

  /** Hands messages, and what they lead to, to the consumer. */
  async function deliver(...bodies: PushMessage[]): Promise<void> {
    for (let waiting = bodies; waiting.length > 0; waiting = queue.taken.splice(0)) {
      const batch = batchOf(waiting);
      const bindings = bindingsWith(queue);
      const ctx = createExecutionContext();
      await consume(batch, bindings, { render, store: openStore(bindings, isolate), isolate }, ctx);
      await getQueueResult(batch, ctx);
    }
  }

  test.each(['/feeds/all', '/feeds/sections/City', '/feeds/sections/Press'])(
    'of %s sends at most 2 MB in every format',
    async (path) => {
      for (const { extension } of FEED_FORMATS) {
        const topic = `${env.ORIGIN}${path}.${extension}`;
        await subscriptions().request(intentTo(topic, `https://reader.example.com/${extension}`, { path }));
      }
      await deliver(...queue.taken.splice(0));
      received.splice(0);
      await deliver({ kind: 'feed', path, sequence: 1, at: AT });
      expect(received).toHaveLength(FEED_FORMATS.length);
      for (const { bytes, text } of received) {
        expect(bytes).toBeLessThanOrEqual(FEED_BYTES.default);
        expect(text).toContain(idOf(path.endsWith('Press') ? 'great' : 'heavyb'));
      }
    },
  );

  test('of an article to a partner sends it in full up to 2 MB, and without its body above', async () => {
    const endpoint = await asAdmin('/admin/partners/mirror/webhook', 'PUT', {
      url: 'https://mirror.example.com/hook',
    });
    expect(endpoint.status).toBeLessThan(300);
    for (const name of ['heavy0', 'great'])
      await deliver({ kind: 'article', id: idOf(name), version: 1, at: AT });
    expect(received).toHaveLength(2);
    const [heavy, great] = received.map(({ text }) => JSON.parse(text));
    expect(heavy.data).toMatchObject({ id: idOf('heavy0'), headline: 'Large heavy0' });
    expect(heavy.data.body).toHaveLength(1);
    expect(great).toMatchObject({
      type: 'article.published',
      data: {
        id: idOf('great'),
        version: 1,
        status: 'published',
        url: expect.stringContaining(idOf('great')),
      },
    });
    expect(great.data).not.toHaveProperty('body');
    for (const { bytes } of received) expect(bytes).toBeLessThanOrEqual(MAX_ARTICLE_BYTES);
  });
});
