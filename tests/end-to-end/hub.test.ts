import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, TestSite } from './site.ts';
import { type Callback, type Received, Subscriber } from './subscriber.ts';

let site: TestSite;
let subscriber: Subscriber;

beforeAll(async () => {
  // No pauses between attempts, and callbacks on this machine.
  site = await TestSite.start({ ALLOW_PRIVATE_CALLBACKS: 'true', PUSH_PAUSES: '0' });
  subscriber = await Subscriber.start();
  await site.register('gazette');
});

afterAll(async () => {
  await site?.end();
  subscriber?.end();
});

let clock = Date.parse('2026-11-20T10:00:00Z');

/** Publishes, or changes, an article in a section of a test's own. */
async function publish(section: string, id: string, data: object = {}): Promise<string> {
  clock += 1_000;
  const response = await site.post(
    'gazette',
    JSON.stringify({
      type: 'article.published',
      timestamp: new Date(clock).toISOString(),
      data: {
        id,
        section,
        headline: `Headline of ${id}`,
        language: 'en',
        body: { format: 'html', content: `<p>The words of ${id} at ${clock}.</p>` },
        ...data,
      },
    }),
  );
  const { article } = (await response.json()) as { article: { id: string } };
  return article.id;
}

const topicOf = (section: string): string => `${site.origin}/feeds/sections/${section}.json`;

const ask = (parameters: Record<string, string>): Promise<Response> =>
  site.fetch('/hub', { method: 'POST', body: new URLSearchParams(parameters) });

/** Asks for a subscription, or its end, as a subscriber does. */
const request = (
  mode: string,
  section: string,
  callback: Callback,
  more: Record<string, string> = {},
): Promise<Response> =>
  ask({ 'hub.mode': mode, 'hub.topic': topicOf(section), 'hub.callback': callback.url, ...more });

interface Listed {
  id: string;
  topic: string;
  callback: string;
  state: string;
  problem: string | null;
  attempts: number;
  waiting: number;
}

async function listed(section: string): Promise<Listed[]> {
  const { subscriptions } = (await (await site.asAdmin('/admin/subscriptions')).json()) as {
    subscriptions: Listed[];
  };
  return subscriptions.filter(({ topic }) => topic === topicOf(section));
}

/** Publishes a first article, without which the section has no feed, and subscribes to it. */
async function subscribed(section: string, more: Record<string, string> = {}): Promise<Callback> {
  const callback = subscriber.callback(section);
  await publish(section, `${section}-first`);
  await eventually(async () =>
    expect((await site.fetch(`/feeds/sections/${section}.json`)).status).toBe(200),
  );
  expect((await request('subscribe', section, callback, more)).status).toBe(202);
  await eventually(async () => expect(await listed(section)).toHaveLength(1));
  return callback;
}

const idsIn = ({ body }: Received): string[] =>
  (JSON.parse(body.toString()) as { items: { id: string }[] }).items.map(({ id }) => id);

const last = (callback: Callback): Received => callback.deliveries.at(-1) as Received;

/** Waits until the callback has accepted a feed with this article in it. */
const delivered = (callback: Callback, id: string): Promise<void> =>
  eventually(async () => {
    expect(callback.deliveries.length).toBeGreaterThan(0);
    expect(idsIn(last(callback))).toContain(`urn:dateline:${id}`);
  });

const signature = ({ body }: Received, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

describe.concurrent('a subscription', () => {
  test('is verified with the callback’s own query kept, and brings the full feed, signed', async () => {
    const callback = subscriber.callback('Basics', '?token=a+b&x=%7E');
    await publish('Basics', 'basics-1');
    await eventually(async () => expect((await site.fetch('/feeds/sections/Basics.json')).status).toBe(200));
    const accepted = await request('subscribe', 'Basics', callback, {
      'hub.secret': 'a secret of ours',
      'hub.unknown': 'ignored',
    });
    expect(accepted.status).toBe(202);
    await eventually(async () => expect(await listed('Basics')).toHaveLength(1));
    const verification = callback.verifications[0] as Received;
    expect(verification.url.search).toMatch(/^\?token=a\+b&x=%7E&hub\.mode=subscribe&/);
    expect(verification.url.searchParams.get('hub.topic')).toBe(topicOf('Basics'));
    expect(verification.url.searchParams.get('hub.lease_seconds')).toBe('864000');
    expect(verification.url.searchParams.get('hub.challenge')).toMatch(/^[0-9a-f]{64}$/);

    const id = await publish('Basics', 'basics-2');
    await delivered(callback, id);
    const delivery = last(callback);
    const feed = await site.fetch('/feeds/sections/Basics.json');
    expect(delivery.url.search).toBe('?token=a+b&x=%7E');
    expect(delivery.headers['content-type']).toBe(feed.headers.get('Content-Type'));
    expect(delivery.body.toString()).toBe(await feed.text());
    expect(delivery.headers.link).toBe(`<${site.origin}/hub>; rel="hub", <${topicOf('Basics')}>; rel="self"`);
    expect(delivery.headers['x-hub-signature']).toBe(signature(delivery, 'a secret of ours'));

    const list = await (await site.asAdmin('/admin/subscriptions')).text();
    expect(list).not.toContain('a secret of ours');
    expect(list).not.toContain('token=');
  });

  test('without a secret is not signed; another dialect and its parameters are a topic of their own', async () => {
    const callback = await subscribed('Dialects');
    const rss = subscriber.callback('Dialects-rss');
    const topic = `${site.origin}/feeds/sections/Dialects.rss?limit=1`;
    await ask({ 'hub.mode': 'subscribe', 'hub.topic': topic, 'hub.callback': rss.url });
    await eventually(async () => expect(rss.verifications).toHaveLength(1));
    const id = await publish('Dialects', 'dialects-2');
    await delivered(callback, id);
    expect(callback.deliveries[0]?.headers).not.toHaveProperty('x-hub-signature');
    await eventually(async () => expect(rss.deliveries.length).toBeGreaterThan(0));
    expect(last(rss).headers['content-type']).toMatch(/^application\/rss\+xml/);
    expect(
      last(rss)
        .body.toString()
        .match(/<item>/g),
    ).toHaveLength(1);
  });

  test('brings nothing of other scopes', async () => {
    const callback = await subscribed('Quiet');
    const other = await subscribed('Loud');
    await delivered(other, await publish('Loud', 'loud-2'));
    expect(callback.deliveries).toEqual([]);
  });

  test('is renewed only by a verified request, which replaces secret and lease', async () => {
    const callback = await subscribed('Renewed', { 'hub.secret': 'first' });
    callback.verifying = () => ({ status: 404 });
    await request('subscribe', 'Renewed', callback, { 'hub.secret': 'forged' });
    await eventually(async () => expect(callback.verifications).toHaveLength(2));
    await delivered(callback, await publish('Renewed', 'renewed-2'));
    expect(last(callback).headers['x-hub-signature']).toBe(signature(last(callback), 'first'));

    callback.verifying = ({ url }) => ({ status: 202, body: url.searchParams.get('hub.challenge') ?? '' });
    await request('subscribe', 'Renewed', callback, {
      'hub.secret': 'second',
      'hub.lease_seconds': '99999999999',
    });
    await eventually(async () => expect(callback.verifications).toHaveLength(3));
    expect(callback.verifications[2]?.url.searchParams.get('hub.lease_seconds')).toBe('2592000');
    await sleep(500);
    await delivered(callback, await publish('Renewed', 'renewed-3'));
    expect(last(callback).headers['x-hub-signature']).toBe(signature(last(callback), 'second'));
    expect(await listed('Renewed')).toHaveLength(1);
  });

  test('ends only when its end is verified', async () => {
    const callback = await subscribed('Ended');
    callback.verifying = () => ({ status: 404 });
    await request('unsubscribe', 'Ended', callback);
    await eventually(async () => expect(callback.verifications).toHaveLength(2));
    expect(callback.verifications[1]?.url.searchParams.get('hub.mode')).toBe('unsubscribe');
    await delivered(callback, await publish('Ended', 'ended-2'));
    callback.verifying = ({ url }) => ({ status: 200, body: url.searchParams.get('hub.challenge') ?? '' });
    expect((await request('unsubscribe', 'Ended', callback)).status).toBe(202);
    await eventually(async () => expect(await listed('Ended')).toEqual([]));
  });

  test.each<[string, Callback['verifying']]>([
    ['a wrong challenge', () => ({ status: 200, body: 'something else' })],
    [
      'the challenge and more',
      ({ url }) => ({ status: 200, body: `${url.searchParams.get('hub.challenge')}\n` }),
    ],
    ['404', ({ url }) => ({ status: 404, body: url.searchParams.get('hub.challenge') ?? '' })],
    ['500', ({ url }) => ({ status: 500, body: url.searchParams.get('hub.challenge') ?? '' })],
    ['a redirect', ({ url }) => ({ status: 302, headers: { Location: `${url.pathname}-elsewhere` } })],
    ['megabytes', () => ({ status: 200, body: 'x'.repeat(3_000_000) })],
    ['nothing in time', () => sleep(12_000, { status: 200 })],
  ])('is not made when its verification gets %s', async (what, verifying) => {
    const section = `Unverified-${what.replaceAll(' ', '-')}`;
    const elsewhere = subscriber.callback(`${section}-elsewhere`);
    const callback = subscriber.callback(section);
    callback.verifying = verifying;
    await publish(section, section);
    await eventually(async () =>
      expect((await site.fetch(`/feeds/sections/${section}.json`)).status).toBe(200),
    );
    expect((await request('subscribe', section, callback)).status).toBe(202);
    await eventually(async () => expect(callback.verifications).toHaveLength(1));
    await sleep(what === 'nothing in time' ? 12_000 : 500);
    expect(await listed(section)).toEqual([]);
    expect(elsewhere.verifications).toEqual([]);
  });
});

describe.concurrent('a request that is refused at once', () => {
  const cases: [string, Record<string, string>][] = [
    ['hub.mode', { 'hub.mode': 'publish' }],
    ['hub.mode', { 'hub.mode': '' }],
    ['hub.topic', { 'hub.topic': '' }],
    ['hub.topic', { 'hub.topic': 'https://elsewhere.example/feeds/all.json' }],
    ['hub.topic', { 'hub.topic': '{origin}/feeds/all.pdf' }],
    ['hub.topic', { 'hub.topic': '{origin}/feeds/all.json?limit=50' }],
    ['hub.topic', { 'hub.topic': '{origin}/feeds/all.json?limit=1000' }],
    ['hub.topic', { 'hub.topic': '{origin}/feeds/sections/Never%20seen.json' }],
    ['hub.topic', { 'hub.topic': '{origin}/feeds/../admin/publishers.json' }],
    ['hub.topic', { 'hub.topic': '{origin}/feeds/all.json?before=1763800000000-0123456789abcdef' }],
    ['hub.callback', { 'hub.callback': '' }],
    ['hub.callback', { 'hub.callback': 'http://169.254.169.254/latest/meta-data/' }],
    ['hub.callback', { 'hub.callback': 'http://[::ffff:a9fe:a9fe]/' }],
    ['hub.callback', { 'hub.callback': 'http://user:word@127.0.0.1/' }],
    ['hub.secret', { 'hub.secret': 'é'.repeat(100) }],
    ['hub.lease_seconds', { 'hub.lease_seconds': '1e9' }],
  ];

  test.each(cases)('%s: %o', async (path, wrong) => {
    const parameters = {
      'hub.mode': 'subscribe',
      'hub.topic': '{origin}/feeds/all.json',
      'hub.callback': 'http://127.0.0.1:9/',
      ...wrong,
    };
    const response = await ask({
      ...parameters,
      'hub.topic': parameters['hub.topic'].replace('{origin}', site.origin),
    });
    expect(response.status).toBe(400);
    const { issues } = (await response.json()) as { issues: { path: string; message: string }[] };
    expect(issues.map((issue) => issue.path)).toEqual([path]);
  });

  test('is no form, too large, or not posted', async () => {
    const json = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' };
    expect((await site.fetch('/hub', json)).status).toBe(415);
    expect((await ask({ 'hub.secret': 'x'.repeat(20_000) })).status).toBe(413);
    const read = await site.fetch('/hub');
    expect(read.status).toBe(405);
    expect(read.headers.get('Allow')).toBe('POST');
  });
});

describe.concurrent('a delivery', () => {
  test('that got 410 ends the subscription', async () => {
    const callback = await subscribed('Gone');
    callback.receiving = () => ({ status: 410 });
    await publish('Gone', 'gone-2');
    await eventually(async () => expect(await listed('Gone')).toEqual([]));
    expect(callback.deliveries).toHaveLength(1);
  });

  test('is tried again after 500s and a redirect, with the same id, and no redirect is followed', async () => {
    const elsewhere = subscriber.callback('Shaky-elsewhere');
    const callback = await subscribed('Shaky', { 'hub.secret': 'kept' });
    callback.receiving = (_request, nth) => {
      if (nth === 3) return { status: 308, headers: { Location: elsewhere.url } };
      return { status: nth < 5 ? 500 : 200 };
    };
    await publish('Shaky', 'shaky-2');
    await eventually(async () => expect(callback.deliveries).toHaveLength(5));
    expect(new Set(callback.deliveries.map(({ headers }) => headers['x-delivery-id'])).size).toBe(1);
    for (const delivery of callback.deliveries) {
      expect(delivery.headers['x-hub-signature']).toBe(signature(delivery, 'kept'));
    }
    expect(elsewhere.deliveries).toEqual([]);
    await eventually(async () => {
      expect(await listed('Shaky')).toMatchObject([{ state: 'active', problem: null, waiting: 0 }]);
    });
    expect(callback.deliveries).toHaveLength(5);
  });

  test('that gets no answer in time is tried again', async () => {
    const callback = await subscribed('Slow');
    callback.receiving = (_request, nth) => (nth === 1 ? sleep(12_000, { status: 200 }) : { status: 200 });
    await publish('Slow', 'slow-2');
    await eventually(async () => expect(callback.deliveries).toHaveLength(2));
  });

  test('of what changed again while it was tried is one of the newest', async () => {
    const callback = await subscribed('Busy');
    let changedAgain: () => void = () => {};
    const changed = new Promise<void>((resolve) => {
      changedAgain = resolve;
    });
    callback.receiving = (_request, nth) =>
      nth === 1 ? changed.then(() => ({ status: 500 })) : { status: 200 };
    await publish('Busy', 'busy-2');
    await eventually(async () => expect(callback.deliveries).toHaveLength(1));
    const ids = [];
    for (const name of ['busy-3', 'busy-4', 'busy-5']) ids.push(await publish('Busy', name));
    await eventually(async () => expect(await site.feedIds('/feeds/sections/Busy.json')).toHaveLength(5));
    await sleep(3_000);
    changedAgain();
    await eventually(async () => expect(callback.deliveries).toHaveLength(2));
    await sleep(3_000);
    expect(callback.deliveries).toHaveLength(2);
    expect(idsIn(last(callback))).toEqual(expect.arrayContaining(ids.map((id) => `urn:dateline:${id}`)));
    expect(last(callback).headers['x-delivery-id']).not.toBe(
      callback.deliveries[0]?.headers['x-delivery-id'],
    );
  });

  test('that fails eight times suspends the subscription, until the operator resumes it', async () => {
    const callback = await subscribed('Broken');
    callback.receiving = () => ({ status: 503 });
    await publish('Broken', 'broken-2');
    await eventually(async () => expect(await listed('Broken')).toMatchObject([{ state: 'suspended' }]));
    expect(callback.deliveries).toHaveLength(8);
    expect(await listed('Broken')).toMatchObject([
      { problem: 'responded with 503', attempts: 8, waiting: 1 },
    ]);
    const id = await publish('Broken', 'broken-3');
    await sleep(3_000);
    expect(callback.deliveries).toHaveLength(8);

    callback.receiving = () => ({ status: 200 });
    const [subscription] = await listed('Broken');
    const resumed = await site.asAdmin(`/admin/subscriptions/${subscription?.id}/resume`, 'POST');
    expect(resumed.status).toBe(200);
    await delivered(callback, id);
    expect(callback.deliveries).toHaveLength(9);
    await eventually(async () => {
      expect(await listed('Broken')).toMatchObject([{ state: 'active', problem: null, waiting: 0 }]);
    });
    expect((await site.asAdmin('/admin/subscriptions/none/resume', 'POST')).status).toBe(404);
  });

  test('follows an update and a withdrawal, too', async () => {
    const callback = await subscribed('Taken');
    const id = await publish('Taken', 'taken-2');
    await delivered(callback, id);
    await publish('Taken', 'taken-2', { headline: 'Put right' });
    await eventually(async () => expect(last(callback).body.toString()).toContain('Put right'));
    await site.asAdmin(`/admin/articles/${id}/withdraw`, 'POST', { reason: 'Wrong' });
    await eventually(async () => expect(idsIn(last(callback))).not.toContain(`urn:dateline:${id}`));
  });
});
