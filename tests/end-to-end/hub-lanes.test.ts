import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { THOROUGH } from '../thorough.ts';
import { eventually, inFlight, TestSite } from './site.ts';
import { type Callback, Subscriber } from './subscriber.ts';

/** How many subscribers there are; of twenty, three are ill: one hangs, one is slow, and one fails. */
const SUBSCRIBERS = THOROUGH ? 500 : 80;

let site: TestSite;
let hosts: Subscriber;

beforeAll(async () => {
  site = await TestSite.start({ ALLOW_PRIVATE_CALLBACKS: 'true', PUSH_PAUSES: '30' });
  hosts = await Subscriber.start('0.0.0.0');
  await site.register('gazette');
});

afterAll(async () => {
  hosts?.end();
  await site?.end();
});

let articles = 0;

/** Publishes an article in a section. @returns its id */
async function publish(section: string): Promise<string> {
  articles += 1;
  const response = await site.post(
    'gazette',
    JSON.stringify({
      type: 'article.published',
      timestamp: new Date(Date.now()).toISOString(),
      data: {
        id: `article-${articles}`,
        section,
        headline: `Headline ${articles}`,
        language: 'en',
        body: { format: 'text', content: `The words of ${articles}.` },
      },
    }),
  );
  return ((await response.json()) as { article: { id: string } }).article.id;
}

async function countSubscriptions(): Promise<number> {
  const response = await site.asAdmin('/admin/subscriptions');
  return ((await response.json()) as { counts: { subscriptions: number } }).counts.subscriptions;
}

/**
 * Subscribes callbacks to a section's feed, as fast as the hub allows. Resolves when all are verified: none is owed a
 * change from before that. The article that makes the feed may still reach those that were verified early.
 */
async function subscribeAll(section: string, callbacks: readonly Callback[]): Promise<void> {
  const before = await countSubscriptions();
  await publish(section);
  const path = `/feeds/sections/${section}.json`;
  await eventually(async () => expect((await site.fetch(path)).status).toBe(200));
  await inFlight(callbacks, 4, async ({ url }) => {
    const body = { 'hub.mode': 'subscribe', 'hub.topic': site.origin + path, 'hub.callback': url };
    for (;;) {
      const { status } = await site.fetch('/hub', { method: 'POST', body: new URLSearchParams(body) });
      if (status === 202) return;
      expect(status).toBe(429);
      await sleep(200);
    }
  });
  await eventually(async () => expect(await countSubscriptions()).toBe(before + callbacks.length));
}

/** How many deliveries of the feed a callback got since an article was published. */
const countWith = (id: string, { deliveries }: Callback): number =>
  deliveries.filter(({ body }) => body.toString().includes(id)).length;

test('healthy subscribers get every change while others hang, are slow, or fail', async () => {
  const callbacks = Array.from({ length: SUBSCRIBERS }, (_, n) =>
    hosts.callback('hook', '', `127.1.${Math.floor(n / 250)}.${(n % 250) + 1}`),
  );
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const ill = callbacks.filter((_, n) => n % 20 < 3);
  const healthy = callbacks.filter((_, n) => n % 20 >= 3);
  let answered = 0;
  const hang = async () => {
    await released;
    answered += 1;
    return { status: 200 };
  };
  for (const [n, callback] of ill.entries()) {
    const behaviours = [hang, () => sleep(4_000, { status: 200 }), () => ({ status: 500 })];
    callback.receiving = behaviours[n % 3] ?? hang;
  }
  await subscribeAll('Lanes', callbacks);

  const ids: string[] = [];
  for (let change = 1; change <= 2; change += 1) {
    const id = await publish('Lanes');
    ids.push(id);
    const start = Date.now();
    await eventually(async () => {
      expect(healthy.filter((callback) => countWith(id, callback) > 0)).toHaveLength(healthy.length);
    });
    console.info(`change ${change}: ${healthy.length} healthy in ${Date.now() - start} ms`);
    // Each got each change once, and no server that hangs has answered.
    const [first = ''] = ids;
    expect(healthy.every((callback) => countWith(first, callback) === change)).toBe(true);
    expect(healthy.every((callback) => countWith(id, callback) === 1)).toBe(true);
    expect(answered).toBe(0);
  }
  const hanging = ill.filter((_, n) => n % 3 === 0);
  await eventually(async () => expect(hanging.every(({ deliveries }) => deliveries.length > 0)).toBe(true));
  release();
});

test('a server with many callbacks gets few requests at once', async () => {
  const callbacks = Array.from({ length: 40 }, (_, n) => hosts.callback(`hook-${n}`, '', '127.2.0.1'));
  let open = 0;
  let most = 0;
  for (const callback of callbacks) {
    callback.receiving = async () => {
      open += 1;
      most = Math.max(most, open);
      await sleep(30);
      open -= 1;
      return { status: 204 };
    };
  }
  await subscribeAll('Many', callbacks);
  const id = await publish('Many');
  await eventually(async () => expect(callbacks.every((callback) => countWith(id, callback) > 0)).toBe(true));
  expect(callbacks.every((callback) => countWith(id, callback) === 1)).toBe(true);
  expect(most).toBe(2);
});
