import { createExecutionContext, getQueueResult, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { endpointOwner, sealSecret, subscriptionOwner } from '../../src/access/secrets.ts';
import { createApp, openStore } from '../../src/app.ts';
import type { Bindings } from '../../src/bindings.ts';
import { encodeEtag } from '../../src/feeds/etag.ts';
import { Isolate } from '../../src/isolate.ts';
import { consume } from '../../src/push/consumer.ts';
import { RenderedTopics, renderedTopics, renderTopic } from '../../src/push/feed-delivery.ts';
import type { PushMessage, Render } from '../../src/push/messages.ts';
import { asAdmin, request } from '../client.ts';
import { batchOf, bindingsWith, intentTo, sqlOf, subscriptions, type TestQueue, withQueue } from './queue.ts';

const TOPIC = `${env.ORIGIN}/feeds/all.json`;
const CALLBACK = 'https://partner.example.com/hook?token=kept';

/** What the receiver got, and what it answers: it is somebody else's server, so nothing of ours is replaced. */
let received: Request[];
let answer: (request: Request) => Response;
let queue: TestQueue;

beforeEach(async () => {
  await reset();
  queue = await withQueue({ pauses: '10,60' });
  received = [];
  answer = ({ url }) => new Response(new URL(url).searchParams.get('hub.challenge'));
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const sent = new Request(input as RequestInfo, init as RequestInit);
    received.push(sent);
    return answer(sent);
  });
});

afterEach(() => void vi.restoreAllMocks());

const feed = (body: string, sequence = 1, status = 200): Render => {
  const headers = {
    ETag: encodeEtag({ sequence, versions: ['', TOPIC] }),
    Link: `<${TOPIC}>; rel="self"`,
    'Content-Type': 'text/x',
  };
  return async () => new Response(body, { status, headers });
};

/** Hands messages to the consumer. @returns which of them it took, and which it wants again after which pause */
async function take(
  bodies: PushMessage[],
  render: Render,
  attempts = 1,
  name = 'dateline-push',
  isolate = new Isolate(),
) {
  const batch = batchOf(bodies, { attempts, name });
  const bindings = bindingsWith(queue, '10,60');
  const retried: (number | undefined)[] = [];
  for (const message of batch.messages) {
    // The platform's account of a batch leaves out the pauses.
    const retry = message.retry.bind(message);
    Object.defineProperty(message, 'retry', {
      value: (options?: QueueRetryOptions) => {
        retried.push(options?.delaySeconds);
        retry(options);
      },
    });
  }
  const ctx = createExecutionContext();
  await consume(batch, bindings, { render, store: openStore(bindings, isolate), isolate }, ctx);
  const { explicitAcks } = await getQueueResult(batch, ctx);
  return { acked: explicitAcks, retried };
}

/** All that was queued since, taken off the queue. */
const queued = (): PushMessage[] => queue.taken.splice(0);

async function subscribe(secret?: string): Promise<void> {
  const sealed =
    secret === undefined
      ? null
      : await sealSecret(env.SECRETS_KEY, subscriptionOwner(TOPIC, CALLBACK), secret);
  await subscriptions().request(intentTo(TOPIC, CALLBACK, { secret: sealed }));
  await take(queued(), feed('first'));
  received.splice(0);
}

async function change(sequence: number, at = new Date()): Promise<PushMessage[]> {
  await take([{ kind: 'feed', path: '/feeds/all', sequence, at: at.toISOString() }], feed(''));
  return queued();
}

const list = async () => (await subscriptions().list('', 10)).subscriptions;

describe('denial', () => {
  test('after acceptance: a topic that is no feed any more is denied with a reason and not verified', async () => {
    await subscriptions().request(intentTo(TOPIC, CALLBACK));
    await take(queued(), feed('', 1, 404));
    const [denied] = received.map(({ url }) => new URL(url));
    expect(received).toHaveLength(1);
    expect(denied?.search).toMatch(/^\?token=kept&hub\.mode=denied&/);
    expect(denied?.searchParams.get('hub.topic')).toBe(TOPIC);
    expect(denied?.searchParams.get('hub.reason')).toBeTruthy();
    expect(await list()).toEqual([]);
  });

  test('is not for a topic of which the site cannot tell for now: that is tried again', async () => {
    await subscriptions().request(intentTo(TOPIC, CALLBACK));
    const messages = queued();
    await take(messages, feed('', 1, 503));
    expect(received).toEqual([]);
    await take(messages, feed('first'));
    expect(await list()).toMatchObject([{ topic: TOPIC, state: 'active' }]);
  });

  test('ends a subscription whose feed is not public any more', async () => {
    await subscribe();
    await take(await change(2), feed('', 2, 401));
    expect(received.map(({ method, url }) => [method, new URL(url).searchParams.get('hub.mode')])).toEqual([
      ['GET', 'denied'],
    ]);
    expect(await list()).toEqual([]);
  });
});

describe('a delivery', () => {
  test('is rendered once for all subscribers of its topic in a batch', async () => {
    await subscribe();
    await sqlOf((sql) =>
      sql.exec(
        `INSERT INTO subscriptions SELECT 'other', kind, topic, path, callback || '2', host, secret, lease_until,
           state, created_at, NULL, NULL, NULL FROM subscriptions`,
      ),
    );
    const render = vi.fn(feed('second', 2));
    const { acked } = await take(await change(2), render);
    expect(acked).toHaveLength(2);
    expect(received).toHaveLength(2);
    expect(render).toHaveBeenCalledTimes(1);
  });

  test('of the very bytes that were accepted before is not made', async () => {
    await subscribe();
    await take(await change(2), feed('same', 2));
    await take(await change(3), feed('same', 3));
    expect(received).toHaveLength(1);
    expect(await list()).toMatchObject([{ waiting: 0 }]);
  });

  test('waits for KV without counting as an attempt, but not for ever', async () => {
    await subscribe();
    const messages = await change(7);
    const early = await take(messages, feed('old', 6));
    expect(early).toEqual({ acked: ['0'], retried: [] });
    expect(received).toEqual([]);
    expect(queue.delays.at(-1)).toBe(15);
    await take(queued(), feed('new', 7));
    expect(await received[0]?.text()).toBe('new');
    await take(await change(9, new Date(Date.now() - 200_000)), feed('newer than nothing', 8));
    expect(received).toHaveLength(2);
  });

  test('of a feed whose ETag cannot be decoded is not sent', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    await subscribe();
    let messages = await change(2);
    for (const etag of [undefined, '"2"', 'W/"1.2.x"']) {
      const headers = { Link: `<${TOPIC}>; rel="self"`, ...(etag !== undefined && { ETag: etag }) };
      const strange: Render = async () => new Response('new', { headers });
      expect(await take(messages, strange)).toEqual({ acked: ['0'], retried: [] });
      messages = queued();
      expect(messages).toHaveLength(1);
    }
    expect(received).toEqual([]);
    expect(queue.delays.slice(-3)).toEqual([10, 60, 60]);
    expect(logged).toHaveBeenCalledTimes(3);
    expect(await list()).toMatchObject([{ waiting: 1, problem: 'the feed has no valid ETag' }]);
    await take(messages, feed('new', 2));
    expect(await received[0]?.text()).toBe('new');
  });

  test('that fails is wanted again after pauses that grow', async () => {
    await subscribe();
    let messages = await change(2);
    answer = () => new Response(null, { status: 500 });
    for (const pause of [10, 60, 60]) {
      const name = pause === 10 ? 'dateline-push' : 'dateline-push-slow';
      expect(await take(messages, feed('new', 2), 1, name)).toEqual({ acked: ['0'], retried: [] });
      const earlier = messages;
      messages = queued();
      expect(messages).toHaveLength(1);
      expect(queue.delays.at(-1)).toBe(pause);
      // The message of an attempt that was made is outdated.
      expect(await take(earlier, feed('new', 2), 1, name)).toEqual({ acked: ['0'], retried: [] });
    }
    expect(received).toHaveLength(3);
    expect(await list()).toMatchObject([{ problem: 'responded with 500', attempts: 3 }]);
  });

  test('that fails eight times suspends the subscription', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    await subscribe();
    answer = () => new Response(null, { status: 500 });
    let messages = await change(2);
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      expect(messages).toHaveLength(1);
      await take(messages, feed('new', 2), 1, attempt === 1 ? 'dateline-push' : 'dateline-push-slow');
      messages = queued();
    }
    expect(messages).toEqual([]);
    expect(received).toHaveLength(8);
    expect(await list()).toMatchObject([{ state: 'suspended', attempts: 8, waiting: 1 }]);
  });

  test('that fails with an internal error is retried, too, and does not delay other messages', async () => {
    await subscribe();
    const failing: Render = async () => {
      throw new Error('KV GET failed: 500');
    };
    const announcement = { kind: 'article', id: 'x', version: 1, at: new Date().toISOString() } as const;
    const result = await take([...(await change(2)), announcement], failing);
    expect(result).toEqual({ acked: ['0', '1'], retried: [] });
    expect(queued()).toMatchObject([{ kind: 'deliver' }]);
    expect(queue.delays.at(-1)).toBe(10);
  });

  test('that ends in the dead-letter queue suspends the subscription', async () => {
    await subscribe();
    await take(await change(2), feed(''), 8, 'dateline-push-dead');
    expect(await list()).toMatchObject([{ state: 'suspended', waiting: 1 }]);
  });

  test('to a callback that the guard does not let through any more is not made', async () => {
    await subscribe();
    await sqlOf((sql) => sql.exec("UPDATE subscriptions SET callback = 'https://169.254.169.254/'"));
    await take(await change(2), feed('new', 2));
    expect(received).toEqual([]);
    expect((await list())[0]?.problem).toContain('must be a public address');
  });
});

describe('a secret', () => {
  test('is stored encrypted, bound to its topic and callback, and is in no log line', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    await subscribe('a secret of theirs');
    expect(
      JSON.stringify(await sqlOf((sql) => sql.exec('SELECT * FROM subscriptions').toArray())),
    ).not.toContain('a secret of theirs');
    await sqlOf((sql) => sql.exec("UPDATE subscriptions SET callback = 'https://thief.example.com/'"));
    const messages = await change(2);
    await take(messages, feed('new', 2));
    await take(messages, feed('new', 2), 8, 'dateline-push-dead');
    expect(received).toEqual([]);
    expect(logged).toHaveBeenCalled();
    expect(JSON.stringify(logged.mock.calls)).not.toContain('a secret of theirs');
  });
});

describe('rendering', () => {
  test('is once for a change, whatever the number of batches, and again for the next', async () => {
    const isolate = new Isolate();
    for (let n = 0; n < 3; n += 1) {
      const callback = `https://partner.example.com/${n}`;
      await subscriptions().request(intentTo(TOPIC, callback));
      await take(queued(), feed('first'));
    }
    received.splice(0);
    const render = vi.fn(feed('second', 2));
    for (const message of await change(2)) await take([message], render, 1, 'dateline-push', isolate);
    expect(received).toHaveLength(3);
    expect(render).toHaveBeenCalledTimes(1);
    const next = vi.fn(feed('third', 3));
    for (const message of await change(3)) await take([message], next, 1, 'dateline-push', isolate);
    expect(await Promise.all(received.slice(3).map((sent) => sent.text()))).toEqual([
      'third',
      'third',
      'third',
    ]);
    expect(next).toHaveBeenCalledTimes(1);
  });

  test('keeps no feed that does not show the change yet', async () => {
    const isolate = new Isolate();
    await subscribe();
    await take(await change(7), feed('old', 6), 1, 'dateline-push', isolate);
    await take(queued(), feed('new', 7), 1, 'dateline-push', isolate);
    expect(await received[0]?.text()).toBe('new');
  });

  test('keeps no more than 8 MiB', async () => {
    const topics = new RenderedTopics();
    const render = vi.fn(async () => ({
      status: 200,
      headers: new Headers({ ETag: encodeEtag({ sequence: 1, versions: ['', TOPIC] }) }),
      body: new Uint8Array(3_000_000),
      digest: '',
    }));
    const names = ['a', 'b', 'c', 'd'].map((name) => `${env.ORIGIN}/feeds/tags/${name}.json`);
    for (const topic of names) await topics.get({ topic, sequence: 1 }, render);
    expect(render).toHaveBeenCalledTimes(4);
    await topics.get({ topic: names[3] as string, sequence: 1 }, render);
    expect(render).toHaveBeenCalledTimes(4);
    await topics.get({ topic: names[0] as string, sequence: 1 }, render);
    expect(render).toHaveBeenCalledTimes(5);
  });

  test('is again after the tombstone of an article was read', async () => {
    const isolate = new Isolate();
    await subscribe();
    const messages = await change(2);
    const topics = isolate.get(renderedTopics);
    const rendered = { topic: TOPIC, sequence: 2 };
    const before = await renderTopic(TOPIC, env, feed('with the article', 2));
    await topics.get(rendered, async () => before);
    await subscriptions().saveEndpoint({
      partner: 'wire',
      url: 'https://wire.example.com/',
      sealedSecret: await sealSecret(env.SECRETS_KEY, endpointOwner('wire'), 'whsec_c2VjcmV0'),
    });
    await take([{ kind: 'article', id: 'x', version: 2, at: new Date().toISOString() }], feed(''));
    const tombstone: Render = async () =>
      Response.json(
        { tombstone: { id: 'x', version: 2, status: 'withdrawn', words: undefined } },
        { status: 410 },
      );
    await take(queued(), tombstone, 1, 'dateline-push', isolate);
    expect(await received[0]?.json()).toMatchObject({ type: 'article.withdrawn' });
    await take(messages, feed('without it', 2), 1, 'dateline-push', isolate);
    expect(await received[1]?.text()).toBe('without it');
  });

  test('of a feed that is too large is a failed attempt', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    await subscribe();
    await take(await change(2), feed('x'.repeat(13_000_000), 2));
    expect(received).toEqual([]);
    expect(await list()).toMatchObject([{ waiting: 1, attempts: 1 }]);
  });
});

describe('the guard', () => {
  test('holds for verifications and denials, too', async () => {
    for (const render of [feed('first'), feed('', 1, 404)]) {
      await subscriptions().request(intentTo(TOPIC, CALLBACK, { leaseSeconds: 1 }));
      await sqlOf((sql) => sql.exec("UPDATE intents SET callback = 'https://10.0.0.1/' WHERE pending = 1"));
      await take(queued(), render);
    }
    expect(received).toEqual([]);
    expect(await list()).toEqual([]);
  });
});

describe('the hub', () => {
  const post = (isolate: Isolate, form: Record<string, string>) =>
    createApp(isolate).fetch(
      new Request(`${env.ORIGIN}/hub`, { method: 'POST', body: new URLSearchParams(form) }),
      env,
      createExecutionContext(),
    );
  const renewal = { 'hub.mode': 'subscribe', 'hub.topic': TOPIC, 'hub.callback': CALLBACK };

  test('renews although strangers send invalid requests, and although they use up the new ones', async () => {
    await subscribe();
    const isolate = new Isolate();
    for (let n = 0; n < 300; n += 1) expect((await post(isolate, {})).status).toBe(400);
    expect((await post(isolate, { ...renewal, 'hub.callback': 'https://new.example.com/' })).status).toBe(
      202,
    );
    let limited = 0;
    for (let n = 0; n < 80; n += 1) {
      const topic = `${env.ORIGIN}/feeds/tags/no-${n}.json`;
      const { status } = await post(isolate, { ...renewal, 'hub.topic': topic });
      if (status === 429) limited += 1;
    }
    expect(limited).toBeGreaterThan(0);
    expect((await post(isolate, renewal)).status).toBe(202);
  });

  const floods = {
    'subscribe with callbacks that nobody knows': {},
    'unsubscribe what does not exist': { 'hub.mode': 'unsubscribe' },
    'unsubscribe from what is no topic': { 'hub.mode': 'unsubscribe', 'hub.topic': 'x' },
  };
  for (const [flood, form] of Object.entries(floods)) {
    test(`renews although strangers ${flood}`, async () => {
      const isolate = new Isolate();
      const callbacks = Array.from({ length: 40 }, (_, n) => `https://good${n}.partner.com/hook`);
      for (const callback of callbacks) {
        await subscriptions().request(intentTo(TOPIC, callback, { leaseSeconds: 86_400 }));
        const message = queued().at(-1);
        if (message?.kind === 'verify') await subscriptions().confirm(message.intent);
      }
      let stranger = 0;
      const strangers = async (count: number) => {
        for (let n = 0; n < count; n += 1) {
          stranger += 1;
          await post(isolate, { ...renewal, ...form, 'hub.callback': `https://h${stranger}.evil.com/x` });
        }
      };
      await strangers(500);
      const statuses = [];
      for (const callback of callbacks) {
        await strangers(8);
        statuses.push((await post(isolate, { ...renewal, 'hub.callback': callback })).status);
      }
      expect(statuses).toEqual(Array(40).fill(202));
    });
  }

  test('asks Subscriptions about few of a flood of strangers, at once or one by one', async () => {
    const isolate = new Isolate();
    let asked = 0;
    const SUBSCRIPTIONS = new Proxy(env.SUBSCRIPTIONS, {
      get: () => (name: string) =>
        new Proxy(env.SUBSCRIPTIONS.getByName(name), {
          get:
            (stub, member) =>
            (...given: unknown[]) => {
              asked += 1;
              return Reflect.apply(Reflect.get(stub, member), stub, given);
            },
        }),
    }) as Bindings['SUBSCRIPTIONS'];
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      await Promise.all(
        Array.from({ length: 600 }, (_, n) =>
          createApp(isolate).fetch(
            new Request(`${env.ORIGIN}/hub`, {
              method: 'POST',
              body: new URLSearchParams({ ...renewal, 'hub.callback': `https://h${n}.evil.com/x` }),
            }),
            { ...env, SUBSCRIPTIONS },
            createExecutionContext(),
          ),
        ),
      );
    } finally {
      vi.useRealTimers();
    }
    // 200 that it may ask about, 50 new ones, and once for all others.
    expect(asked).toBeLessThanOrEqual(251);
  });

  test('names the feed’s own URL when a topic is another spelling of it', async () => {
    const topic = `${env.ORIGIN}/feeds/all.json?limit=50&content=full`;
    const response = await post(new Isolate(), { ...renewal, 'hub.topic': topic });
    expect(response.status).toBe(400);
    const { issues } = (await response.json()) as { issues: { message: string }[] };
    expect(issues[0]?.message).toContain(`which is ${TOPIC}`);
  });
});

test('a callback in a private network is refused by the hub at once', async () => {
  for (const callback of [
    'http://partner.example.com/',
    'https://127.0.0.1/',
    'https://[::ffff:10.0.0.1]/',
    env.ORIGIN,
  ]) {
    const body = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.topic': TOPIC,
      'hub.callback': callback,
    });
    const response = await request('/hub', { method: 'POST', body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ issues: [{ path: 'hub.callback' }] });
  }
});

describe('a callback that was stored before the guard refused it', () => {
  const REFUSED: [string, string][] = [
    ['https://partner.example.com:9443/hook?token=kept', 'must use port 443 or 8443'],
    ['https://intranet/hook', 'must have a public host name'],
    ['https://hooks.news.internal/', 'must not be a private network name'],
    ['https://10-0-0-1.nip.io/', 'must not be a name that spells an address'],
    ['https://dateline.account.workers.dev/', 'must not be this site'],
    ['https:/partner.example.com/hook', 'must begin with https:// and a host'],
  ];

  test.each(REFUSED)(
    '%s is shown to the operator with the reason, before anything is sent',
    async (callback, why) => {
      await subscribe();
      expect(await list()).toMatchObject([{ state: 'active', problem: null }]);
      await sqlOf((sql) => sql.exec('UPDATE subscriptions SET callback = ?', callback));
      const response = await asAdmin('/admin/subscriptions', 'GET');
      const { subscriptions: listed } = (await response.json()) as { subscriptions: object[] };
      expect(listed).toMatchObject([
        { state: 'active', problem: expect.stringContaining(`The callback ${why}`) },
      ]);
      expect(JSON.stringify(listed)).toContain('Subscribe with another URL');
      expect(JSON.stringify(listed)).not.toContain('kept');
    },
  );

  test.each(REFUSED)('%s is suspended by the first change, without an attempt', async (callback, why) => {
    const logged: string[] = [];
    vi.spyOn(console, 'error').mockImplementation((line: string) => void logged.push(line));
    await subscribe();
    await sqlOf((sql) => sql.exec('UPDATE subscriptions SET callback = ?', callback));
    await take(await change(2), feed('second', 2));
    expect(received).toEqual([]);
    expect(await list()).toMatchObject([
      { state: 'suspended', problem: expect.stringContaining(why), waiting: 1, attempts: 0 },
    ]);
    // Nothing is planned again, by a later change neither.
    expect(queued()).toEqual([]);
    expect(await change(3)).toEqual([]);
    expect(logged.join()).toContain('subscription suspended');
    expect(logged.join()).toContain(why);
    // The subscriber reads the reason when it renews.
    const body = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.topic': TOPIC,
      'hub.callback': callback,
    });
    const renewal = await request('/hub', { method: 'POST', body });
    expect(renewal.status).toBe(400);
    expect(await renewal.json()).toMatchObject({ issues: [{ path: 'hub.callback', message: why }] });
  });

  test('of a partner’s webhook is suspended as well, and works again once it is replaced', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    answer = () => new Response();
    await asAdmin('/admin/partners/wire', 'PUT', { name: 'Wire' });
    const endpoint = (url: string) => asAdmin('/admin/partners/wire/webhook', 'PUT', { url });
    expect((await endpoint('https://wire.example.com/')).status).toBeLessThan(300);
    await sqlOf((sql) => sql.exec("UPDATE subscriptions SET callback = 'https://wire.example.com:444/'"));
    const gone = { id: '0123456789abcdef', version: 2, status: 'withdrawn' };
    const render: Render = async () => Response.json({ tombstone: gone }, { status: 410 });
    await take([{ kind: 'article', id: gone.id, version: 2, at: new Date().toISOString() }], render);
    await take(queued(), render);
    expect(received).toEqual([]);
    expect(await list()).toMatchObject([
      { state: 'suspended', problem: expect.stringContaining('replace the partner’s webhook'), waiting: 1 },
    ]);
    expect((await endpoint('https://wire.example.com:8443/')).status).toBeLessThan(300);
    await take(queued(), render);
    expect(received).toHaveLength(1);
    expect(await list()).toMatchObject([{ state: 'active', problem: null, waiting: 0 }]);
  });
});

test('a partner whose record KV has lost gets its articles, not their withdrawal', async () => {
  await asAdmin('/admin/partners/wire', 'PUT', { name: 'Wire' });
  await env.KV.delete('partner:wire');
  await subscriptions().saveEndpoint({
    partner: 'wire',
    url: 'https://wire.example.com/',
    sealedSecret: await sealSecret(env.SECRETS_KEY, endpointOwner('wire'), 'whsec_c2VjcmV0'),
  });
  await take([{ kind: 'article', id: 'x', version: 1, at: new Date().toISOString() }], feed(''));
  const article = {
    ...{
      id: 'x',
      version: 1,
      status: 'published',
      publisher: 'gazette',
      tags: [],
      authors: [],
      language: 'en',
    },
    publishedAt: '2026-11-20T10:00:00.000Z',
  };
  await take(queued(), async () => Response.json(article));
  expect(received).toHaveLength(1);
  expect(await received[0]?.json()).toMatchObject({ type: 'article.published', data: { id: 'x' } });
});
