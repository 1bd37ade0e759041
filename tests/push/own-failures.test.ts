import { createExecutionContext, getQueueResult, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { endpointOwner, sealSecret } from '../../src/access/secrets.ts';
import { createApp, openStore } from '../../src/app.ts';
import type { Bindings } from '../../src/bindings.ts';
import { Isolate } from '../../src/isolate.ts';
import { consume } from '../../src/push/consumer.ts';
import type { Render } from '../../src/push/messages.ts';
import { asAdmin, payload, register, request, send } from '../client.ts';
import { batchOf, bindingsWith, intentTo, sqlOf, subscriptions, type TestQueue, withQueue } from './queue.ts';

/** What the receivers got: they are other people's servers. */
let received: Request[];
let queue: TestQueue;
let isolate: Isolate;
let secret: string;

beforeEach(async () => {
  await reset();
  secret = await register();
  queue = await withQueue({ pauses: '10,60,300' });
  isolate = new Isolate();
  received = [];
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const sent = new Request(input as RequestInfo, init as RequestInit);
    received.push(sent);
    return new Response(new URL(sent.url).searchParams.get('hub.challenge'));
  });
});

afterEach(() => void vi.restoreAllMocks());

/** Handles what is queued, as the Worker does in this isolate. */
async function handle(render: Render = createApp(isolate).renderFor(env)): Promise<void> {
  const batch = batchOf(queue.taken.splice(0));
  const bindings = bindingsWith(queue, '10,60,300');
  const ctx = createExecutionContext();
  const site = { render, store: openStore(bindings, isolate, 'pages for push'), isolate };
  await consume(batch, bindings, site, ctx);
  await getQueueResult(batch, ctx);
}

/** Subscribes to topics, as confirmed, and takes the verifications off the queue. */
async function subscribe(topics: readonly string[], callback = 'https://good.partner.com/hook') {
  for (const topic of topics) {
    const url = new URL(topic);
    const path = url.pathname.replace(/\.[a-z]+$/, '');
    await subscriptions().request(intentTo(topic, callback, { path, leaseSeconds: 86_400 }));
    const message = queue.taken.splice(0).at(-1);
    if (message?.kind === 'verify') await subscriptions().confirm(message.intent);
  }
}

/** A topic that only the Desk can put together. */
const FILTERED = `${env.ORIGIN}/feeds/all.json?section=City&tag=x`;

/** Waits until so many deliveries are queued. */
async function queued(count: number): Promise<void> {
  for (let round = 0; round < 500 && queue.deliveries.length < count; round += 1) await scheduler.wait(5);
  expect(queue.deliveries).toHaveLength(count);
}

const announce = (sequence: number) =>
  subscriptions().announce([{ kind: 'feed', path: '/feeds/all', sequence, at: new Date().toISOString() }]);

const list = async () => (await subscriptions().list('', 100)).subscriptions;

const article = async (id: string, data: object = {}) => {
  const response = await send(payload({ id, section: 'City', tags: ['x'], ...data }), { secret });
  return ((await response.json()) as { article: { id: string } }).article.id;
};

describe('strangers that have spent the budgets of this isolate', () => {
  // The budgets do not fill again meanwhile.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  /** Asks for pages that the Desk must put together, until they are refused. */
  async function flood(path: (n: number) => string): Promise<void> {
    const statuses = [];
    for (let n = 0; n < 130; n += 1) statuses.push((await request(path(n), {}, { isolate })).status);
    expect(statuses.at(-1)).toBe(503);
  }

  test('do not keep a filtered feed from its subscribers', async () => {
    await article('a');
    await subscribe([FILTERED]);
    await flood((n) => `/articles?tag=x&section=Nothing%20${n}`);
    await announce(2);
    await handle();
    expect(received).toHaveLength(1);
    expect(await received[0]?.json()).toMatchObject({ items: [{ title: 'A headline' }] });
    expect(await list()).toMatchObject([{ state: 'active', waiting: 0 }]);
  });

  test('do not keep an article that KV lacks from partners', async () => {
    const id = await article('a');
    await asAdmin('/admin/partners/wire', 'PUT', { name: 'Wire' });
    await subscriptions().saveEndpoint({
      partner: 'wire',
      url: 'https://wire.partner.com/',
      sealedSecret: await sealSecret(env.SECRETS_KEY, endpointOwner('wire'), 'whsec_c2VjcmV0'),
    });
    for (const key of [`article:${id}`, 'partner:wire']) await env.KV.delete(key);
    await flood((n) => `/articles/0000000000000${100 + n}`);
    await subscriptions().announce([{ kind: 'article', id, version: 1, at: new Date().toISOString() }]);
    await handle();
    expect(await received[0]?.json()).toMatchObject({ type: 'article.published', data: { id } });
  });

  test('do not keep a subscriber from renewing', async () => {
    await article('a');
    const topic = FILTERED;
    await subscribe([topic]);
    await flood((n) => `/articles?tag=x&section=Nothing%20${n}`);
    const before = (await list())[0]?.leaseUntil ?? '';
    await subscriptions().request(
      intentTo(topic, 'https://good.partner.com/hook', { leaseSeconds: 2_000_000 }),
    );
    await handle();
    expect((await list())[0]?.leaseUntil?.localeCompare(before)).toBe(1);
  });
});

describe('a failure of this site', () => {
  const failing = {
    'a status of 503': async () => new Response(null, { status: 503 }),
    'a status of 500': async () => new Response(null, { status: 500 }),
    'an exception': async () => {
      throw new Error('Network connection lost.');
    },
  } as const satisfies Record<string, Render>;

  for (const [failure, render] of Object.entries(failing)) {
    test(`(${failure}) is no attempt, however often it happens`, async () => {
      await article('a');
      await subscribe([FILTERED]);
      await announce(1);
      for (let round = 0; round < 12; round += 1) {
        await handle(render);
        await queued(1);
        expect(queue.delays.at(-1)).toBe(10);
      }
      expect(received).toEqual([]);
      const [listed] = await list();
      expect(listed).toMatchObject({ state: 'active', waiting: 1, attempts: 0 });
      expect(listed?.problem).toBeTruthy();
      expect((await subscriptions().list('', 1)).counts.slow).toBe(0);
      await handle();
      expect(received).toHaveLength(1);
      expect(await list()).toMatchObject([{ waiting: 0, problem: null }]);
    });
  }

  test('makes a delivery that has waited for long wait a minute at most', async () => {
    await subscribe([`${env.ORIGIN}/feeds/all.json`]);
    const at = new Date(Date.now() - 86_400_000).toISOString();
    await subscriptions().announce([{ kind: 'feed', path: '/feeds/all', sequence: 1, at }]);
    await handle(failing['a status of 503']);
    await queued(1);
    expect(queue.delays.at(-1)).toBe(60);
  });

  test('does not happen for ever to topics that cost more than the budget holds at once', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      await article('a');
      const topics = Array.from(
        { length: 20 },
        (_, n) => `${env.ORIGIN}/feeds/all.json?limit=${n + 1}&section=City&tag=x`,
      );
      await subscribe(topics);
      const DESK = new Proxy(env.DESK, {
        get: () => (name: string) =>
          new Proxy(env.DESK.getByName(name), {
            get:
              (desk, member) =>
              async (...given: unknown[]) => {
                const answer: object = await Reflect.apply(Reflect.get(desk, member), desk, given);
                return member === 'page' ? { ...answer, examined: 2_500 } : answer;
              },
          }),
      }) as Bindings['DESK'];
      await announce(2);
      const render = createApp(isolate).renderFor({ ...env, DESK });
      await handle(render);
      // A hundred tokens, eleven for each.
      expect(received).toHaveLength(10);
      expect((await list()).every(({ attempts }) => attempts === 0)).toBe(true);
      await queued(10);
      vi.advanceTimersByTime(20_000);
      await handle(render);
      expect(received).toHaveLength(20);
    } finally {
      vi.useRealTimers();
    }
  });

  test('is told from a secret that cannot be opened: that only somebody can mend, so it counts', async () => {
    await article('a');
    await subscribe([FILTERED]);
    await sqlOf((sql) => sql.exec("UPDATE subscriptions SET secret = 'c2VjcmV0'"));
    await announce(1);
    await handle();
    expect(await list()).toMatchObject([{ attempts: 1, problem: 'its secret cannot be decrypted' }]);
  });
});

test('a withdrawal that many partners are told of has each topic rendered once more, not once for each', async () => {
  const id = await article('a');
  await article('b');
  const sealed = (partner: string) => sealSecret(env.SECRETS_KEY, endpointOwner(partner), 'whsec_c2VjcmV0');
  const partners = Array.from({ length: 12 }, (_, n) => `p${n}`);
  for (const partner of partners) {
    await asAdmin(`/admin/partners/${partner}`, 'PUT', { name: partner });
    const url = `https://${partner}.partner.com/`;
    await subscriptions().saveEndpoint({ partner, url, sealedSecret: await sealed(partner) });
  }
  for (const partner of partners)
    await subscribe([`${env.ORIGIN}/feeds/all.json`], `https://${partner}.reader.com/`);
  await asAdmin(`/admin/articles/${id}/withdraw`, 'POST', {});
  const at = '2026-11-20T10:00:00.000Z';
  await subscriptions().announce([
    { kind: 'article', id, version: 2, at },
    { kind: 'feed', path: '/feeds/all', sequence: 3, at },
  ]);
  const deliveries = queue.taken.splice(0);
  queue.taken.push(
    ...deliveries.slice(0, 12).flatMap((each, n) => [each, ...deliveries.slice(12 + n, 13 + n)]),
  );
  const renderPath = createApp(isolate).renderFor(env);
  const rendered: string[] = [];
  await handle(async (path) => {
    rendered.push(path);
    return renderPath(path);
  });
  expect(received).toHaveLength(24);
  const feeds = rendered.filter((path) => path.startsWith('/feeds/'));
  expect(feeds.length).toBeLessThanOrEqual(2);
});
