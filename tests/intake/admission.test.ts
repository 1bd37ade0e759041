import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { BytesInFlight } from '../../src/access/bytes-in-flight.ts';
import { DESK_BUDGETS } from '../../src/access/desk-budgets.ts';
import { TokenBucket } from '../../src/access/token-bucket.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import { deliveriesInFlight, ProcessingLimit, processing } from '../../src/intake/admission.ts';
import { Isolate } from '../../src/isolate.ts';
import { asAdmin, payload, register, request, send } from '../client.ts';

let secret: string;

beforeEach(async () => {
  await reset();
  secret = await register();
});

/** A body that sends these chunks and no end. */
function withheld(...chunks: Uint8Array[]) {
  const state = { pulled: 0, cancelled: false };
  const queue = chunks.values();
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const { done, value } = queue.next();
        if (done) return new Promise<void>(() => undefined);
        state.pulled += value.length;
        controller.enqueue(value);
        return undefined;
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, state };
}

const seconds = (from = 0) => String(Math.floor(Date.now() / 1_000) + from);

/** Headers of the default scheme that are well formed and sign nothing. */
const wellFormed = (headers: Record<string, string> = {}): Record<string, string> => ({
  'Content-Type': 'application/json',
  'webhook-id': 'message',
  'webhook-timestamp': seconds(),
  'webhook-signature': `v1,${btoa('x'.repeat(32))}`,
  ...headers,
});

/** Posts a body that never ends. */
async function post(path: string, headers: Record<string, string>, isolate = new Isolate()) {
  const { body, state } = withheld(new Uint8Array(100));
  const response = await request(path, { method: 'POST', headers, body }, { isolate });
  return { response, state };
}

const HEX = 'ab'.repeat(32);

describe('refused before a byte of the body is read', () => {
  const cases: [string, object, Record<string, string>][] = [
    ['unsigned', {}, {}],
    ['no id', {}, wellFormed({ 'webhook-id': '' })],
    ['an id of any length', {}, wellFormed({ 'webhook-id': 'x'.repeat(300) })],
    ['no time', {}, wellFormed({ 'webhook-timestamp': '' })],
    ['a time that is no number', {}, wellFormed({ 'webhook-timestamp': '1e9' })],
    ['a time in the past', {}, wellFormed({ 'webhook-timestamp': seconds(-310) })],
    ['a time in the future', {}, wellFormed({ 'webhook-timestamp': seconds(310) })],
    ['a signature that is not base64', {}, wellFormed({ 'webhook-signature': 'v1,%%%' })],
    ['a signature of the wrong length', {}, wellFormed({ 'webhook-signature': `v1,${btoa('short')}` })],
    [
      'a signature by a key pair of a publisher with a secret',
      {},
      wellFormed({ 'webhook-signature': `v1a,${btoa('x'.repeat(64))}` }),
    ],
    ['another scheme’s signature', {}, { 'X-Hub-Signature-256': `sha256=${HEX}` }],
    ['github: no digits', { signature: { scheme: 'github' } }, { 'X-Hub-Signature-256': 'sha256=abc' }],
    ['ghost: no time', { signature: { scheme: 'ghost' } }, { 'X-Ghost-Signature': `sha256=${HEX}` }],
    [
      'ghost: an old time',
      { signature: { scheme: 'ghost' } },
      { 'X-Ghost-Signature': `sha256=${HEX}, t=${Date.now() - 310_000}` },
    ],
    ['token: none', { signature: { scheme: 'token' } }, {}],
    ['token: a wrong one', { signature: { scheme: 'token' } }, { 'X-Webhook-Token': 'x'.repeat(40) }],
    [
      'token: a wrong password',
      { signature: { scheme: 'token' } },
      { Authorization: `Basic ${btoa(`a:${'x'.repeat(40)}`)}` },
    ],
    [
      'a header of the settings that is malformed',
      { signature: { scheme: 'github', header: 'X-Mine' } },
      { 'X-Mine': 'no' },
    ],
  ];

  test.each(cases)('%s', async (_what, settings, headers) => {
    await register('evening', settings);
    const known = await post('/webhooks/evening', headers);
    const unknown = await post('/webhooks/nobody', headers);
    const preview = await post('/webhooks/evening/preview', headers);
    for (const { response, state } of [known, unknown, preview]) {
      expect(response.status).toBe(401);
      expect(state).toEqual({ pulled: 0, cancelled: true });
    }
    // Nobody learns from the answer which of them it was.
    const [one, other] = await Promise.all([known.response.text(), unknown.response.text()]);
    expect(one).toBe(other);
    expect([...known.response.headers.keys()]).toEqual([...unknown.response.headers.keys()]);
  });

  test('a wrong token in the path', async () => {
    await register('evening', { signature: { scheme: 'token' } });
    for (const path of ['/webhooks/evening/', '/webhooks/nobody/', '/webhooks/gazette/']) {
      const { response, state } = await post(path + 'x'.repeat(40), {});
      expect([response.status, state.pulled]).toEqual([401, 0]);
    }
  });

  test('an unknown publisher, however well the request is formed', async () => {
    const { response, state } = await post('/webhooks/nobody', wellFormed());
    expect([response.status, state]).toEqual([401, { pulled: 0, cancelled: true }]);
  });
});

describe('strangers that use up the budget for asking the Desk', () => {
  const spent = () => {
    const isolate = new Isolate();
    isolate.set(DESK_BUDGETS['lookups of publishers'], new TokenBucket(0, 0));
    return isolate;
  };

  const sign = (body: string, key: string) =>
    wellFormed({ 'webhook-signature': new Webhook(key).sign('message', new Date(), body) });

  test('get 503 as well as everybody else whom the Desk would have to know', async () => {
    const isolate = spent();
    const { response, state } = await post('/webhooks/nobody', wellFormed(), isolate);
    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '5']);
    expect(state).toEqual({ pulled: 0, cancelled: true });
  });

  test('do not make a publisher unauthorized whose record KV has lost', async () => {
    await env.KV.delete('publisher:gazette');
    const [body, isolate] = [payload(), spent()];
    const init = { method: 'POST', headers: sign(body, secret), body };
    expect((await request('/webhooks/gazette', init, { isolate })).status).toBe(503);
    expect((await request('/webhooks/gazette', init)).status).toBe(202);
  });

  test('do not make a publisher unauthorized whose secret KV does not have yet', async () => {
    const old = await env.KV.get('publisher:gazette', 'text');
    const rotated = (await (await asAdmin('/admin/publishers/gazette/secrets', 'POST')).json()) as {
      secret: string;
    };
    await env.KV.put('publisher:gazette', old ?? '');
    const [body, isolate] = [payload(), spent()];
    const init = { method: 'POST', headers: sign(body, rotated.secret), body };
    expect((await request('/webhooks/gazette', init, { isolate })).status).toBe(503);
    expect((await request('/webhooks/gazette', init)).status).toBe(202);
  });

  test('cannot use it up with requests that no publisher can have signed', async () => {
    const isolate = spent();
    for (const headers of [
      {},
      wellFormed({ 'webhook-timestamp': seconds(-310) }),
      { 'User-Agent': 'x'.repeat(40) },
    ]) {
      const { response } = await post('/webhooks/nobody', headers, isolate);
      expect(response.status).toBe(401);
    }
  });

  test('but a header of the settings’ own may be signed: the Desk is asked', async () => {
    await register('evening', { signature: { scheme: 'token', header: 'X-Mine' }, secret: 'x'.repeat(40) });
    await env.KV.delete('publisher:evening');
    const init = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Mine': 'x'.repeat(40) },
      body: payload(),
    };
    expect((await request('/webhooks/evening', init, { isolate: spent() })).status).toBe(503);
    expect((await request('/webhooks/evening', init)).status).toBe(202);
  });
});

describe('a token in a header that the settings accept', () => {
  const SECRET = 'a-secret-of-the-publisher-012345';
  const names = [
    ...['X-GitHub-Token', 'X-Forwarded-Token', 'X-Vercel-Token', 'X-Amz-Token', 'CF-Token', 'Sec-Token'],
    ...['Content-Token', 'Authorization', 'X-Request-Id', 'Cookie', 'X-Hub-Signature', 'webhook-signature'],
    ...[
      'X-Ghost-Signature',
      'X-B3-Token',
      'If-Token',
      'Origin',
      'Referer',
      'From',
      'X-Mine',
      'X-Webhook-Token',
    ],
  ];

  test.each(names)('%s is asked of the Desk when KV has lost the publisher', async (header) => {
    await register('morning', { source: 'native', signature: { scheme: 'token', header }, secret: SECRET });
    try {
      await env.KV.delete('publisher:morning');
      const init = {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', [header]: SECRET },
        body: payload({ id: header }),
      };
      expect((await request('/webhooks/morning', init)).status).toBe(202);
    } finally {
      await asAdmin('/admin/publishers/morning', 'DELETE');
    }
  });

  test.each([
    ...['Content-Type', 'content-length', 'Host', 'User-Agent', 'CF-Connecting-IP', 'X-Forwarded-For'],
    ...['traceparent', 'webhook-id', 'Accept'],
  ])('which %s is not: the settings say so', async (header) => {
    const response = await asAdmin('/admin/publishers/morning', 'PUT', {
      name: 'The Morning',
      signature: { scheme: 'token', header },
    });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      issues: [{ path: 'signature.header', message: expect.stringContaining('name another') }],
    });
  });

  test('is told from what browsers, proxies and other services send', async () => {
    const isolate = new Isolate();
    isolate.set(DESK_BUDGETS['lookups of publishers'], new TokenBucket(0, 0));
    const { response } = await post(
      '/webhooks/nobody',
      {
        'Content-Type': 'application/x-www-form-urlencoded',
        Accept: 'application/vnd.something.else+json',
        'User-Agent': 'GitHub-Hookshot/0a1b2c3d4e5f6a7b',
        'CF-Connecting-IP': '2001:0db8:0000:0000:0000:0000:0000:0001',
        'X-Request-Id': '0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d',
        'X-GitHub-Delivery': '0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d',
        'X-Hub-Signature': `sha1=${'ab'.repeat(20)}`,
        traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`,
        Cookie: 'session=0123456789012345678901234567890',
        Origin: 'https://a-long-name.of.a.site.example.com',
      },
      isolate,
    );
    expect(response.status).toBe(401);
  });
});

describe('bodies in flight', () => {
  const LARGE = { total: 10_000_000, unverified: 10_000_000, minimum: 1, deadlineMs: 30_000 };

  const isolateWith = (bounds: Partial<typeof LARGE>) => {
    const isolate = new Isolate();
    const inFlight = new BytesInFlight({ ...LARGE, ...bounds });
    isolate.set(deliveriesInFlight, inFlight);
    return { isolate, inFlight };
  };

  test('a body over its deadline is 408, and holds nothing', async () => {
    const { isolate, inFlight } = isolateWith({ deadlineMs: 50 });
    for (const path of ['/webhooks/gazette', '/webhooks/gazette/preview']) {
      const { response, state } = await post(path, wellFormed(), isolate);
      expect(response.status).toBe(408);
      expect(await response.json()).toMatchObject({ type: 'urn:dateline:problem:request-timeout' });
      expect(state.cancelled).toBe(true);
      expect(inFlight.bytes).toBe(0);
    }
  });

  test('a body for which there is no room is 503 before it is read', async () => {
    const { isolate } = isolateWith({ total: 99 });
    const declared = await post('/webhooks/gazette', wellFormed({ 'Content-Length': '100' }), isolate);
    expect([declared.response.status, declared.state.pulled]).toEqual([503, 0]);
    expect(Number(declared.response.headers.get('Retry-After'))).toBeGreaterThan(0);
    const chunked = await post('/webhooks/gazette', wellFormed(), isolate);
    expect([chunked.response.status, chunked.state]).toEqual([503, { pulled: 100, cancelled: true }]);
  });

  test('count until the delivery is settled, and give their room back after it, whatever the outcome', async () => {
    const { isolate, inFlight } = isolateWith({});
    const seen: number[] = [];
    class Watched extends ProcessingLimit {
      override async run<Result>(bytes: number, work: () => Promise<Result>): Promise<Result | Refusal> {
        const result = await super.run(bytes, work);
        seen.push(inFlight.bytes);
        return result;
      }
    }
    isolate.set(processing, new Watched(1_000_000));
    const bodies = [payload(), payload({ headline: '' }), '{'];
    const statuses = [];
    for (const [index, body] of bodies.entries()) {
      const id = `message-${index}`;
      const signature = new Webhook(secret).sign(id, new Date(), body);
      const headers = wellFormed({ 'webhook-id': id, 'webhook-signature': signature });
      statuses.push(
        (await request('/webhooks/gazette', { method: 'POST', headers, body }, { isolate })).status,
      );
      expect(inFlight.bytes).toBe(0);
    }
    expect(statuses).toEqual([202, 422, 400]);
    expect(seen).toEqual(bodies.map((body) => body.length));
    const wrong = { method: 'POST', headers: wellFormed(), body: payload() };
    expect((await request('/webhooks/gazette', wrong, { isolate })).status).toBe(401);
    expect(inFlight.bytes).toBe(0);
  });

  test('a publisher’s name takes no room from another’s', async () => {
    const eveningSecret = await register('evening');
    const { isolate } = isolateWith({ total: 10_000, unverified: 5_000 });
    const stalled = Array.from({ length: 3 }, () =>
      post('/webhooks/gazette', wellFormed({ 'Content-Length': '2500' }), isolate),
    );
    const third = await Promise.race(stalled);
    expect(third.response.status).toBe(503);
    const body = payload();
    const headers = wellFormed({
      'webhook-signature': new Webhook(eveningSecret).sign('message', new Date(), body),
    });
    const other = await request('/webhooks/evening', { method: 'POST', headers, body }, { isolate });
    expect(other.status).toBe(202);
  });
});

describe('large bodies', () => {
  test('are worked on a few at a time, in whatever order there is room', async () => {
    const limit = new ProcessingLimit(100);
    let working = 0;
    let most = 0;
    const work = async (bytes: number) =>
      limit.run(bytes, async () => {
        working += bytes;
        most = Math.max(most, working);
        await new Promise((resolve) => setTimeout(resolve, 5));
        working -= bytes;
        return bytes;
      });
    const done = await Promise.all([50, 50, 50, 10, 10, 150, 50].map(work));
    expect(done).toEqual([50, 50, 50, 10, 10, 150, 50]);
    // One body larger than the limit is worked on alone.
    expect(most).toBeLessThanOrEqual(150);
  });

  test('one that waits is put off after its time, although the clock is set back by an hour', async () => {
    const limit = new ProcessingLimit(100);
    const { promise, resolve } = Promise.withResolvers<void>();
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const first = limit.run(100, () => promise);
      const waiting = limit.run(100, async () => 'worked on');
      vi.setSystemTime(Date.now() - 3_600_000);
      await scheduler.wait(50);
      // The first is not counted as dropped, either.
      expect(await Promise.race([waiting, 'waits'])).toBe('waits');
      vi.setSystemTime(Date.now() + 20_000);
      expect(await waiting).toMatchObject({ reason: 'unavailable' });
      resolve();
      await first;
    } finally {
      vi.useRealTimers();
    }
  });

  test('sixteen pages of 1 MiB at once: each is stored or put off, and few are worked on together', async () => {
    const isolate = new Isolate();
    let working = 0;
    let most = 0;
    class Watched extends ProcessingLimit {
      override run<Result>(bytes: number, work: () => Promise<Result>): Promise<Result | Refusal> {
        return super.run(bytes, async () => {
          working += bytes;
          most = Math.max(most, working);
          try {
            return await work();
          } finally {
            working -= bytes;
          }
        });
      }
    }
    isolate.set(processing, new Watched(3_145_728));
    const content = `<p>${'word '.repeat(180)}</p>`.repeat(1_140);
    const pages = Array.from({ length: 16 }, async (_none, index) => {
      const body = payload({ id: `page-${index}`, body: { format: 'html', content } });
      const id = `page-${index}`;
      const at = new Date();
      const headers = wellFormed({
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': new Webhook(secret).sign(id, at, body),
        'Content-Length': String(body.length),
      });
      const response = await request('/webhooks/gazette', { method: 'POST', headers, body }, { isolate });
      return [response.status, response.headers.has('Retry-After')];
    });
    const answered = await Promise.all(pages);
    expect(answered.filter(([status]) => status === 202).length).toBeGreaterThan(0);
    expect(answered.filter(([status, retry]) => status !== 202 && !(status === 503 && retry))).toEqual([]);
    expect(most).toBeLessThanOrEqual(3_145_728);
    expect(isolate.get(deliveriesInFlight).bytes).toBe(0);
  });
});

describe('the Desk checks who signed', () => {
  /** Sends by an isolate that still has the publisher's record of before the change. */
  async function sendAfter(
    change: () => Promise<Response>,
    settings: object = {},
    headers?: (key: string) => Record<string, string>,
  ) {
    const key = await register('evening', settings);
    const isolate = new Isolate();
    const old = await env.KV.get('publisher:evening', 'text');
    expect((await change()).ok).toBe(true);
    await env.KV.put('publisher:evening', old ?? '');
    const body = payload();
    const signedBy =
      headers?.(key) ??
      wellFormed({ 'webhook-signature': new Webhook(key).sign('message', new Date(), body) });
    const response = await request(
      '/webhooks/evening',
      { method: 'POST', headers: signedBy, body },
      { isolate },
    );
    const logged = await asAdmin('/webhooks/evening/deliveries', 'GET');
    return {
      status: response.status,
      text: await response.text(),
      logged: (await logged.json()) as object,
      key,
    };
  }

  test('a publisher that was removed publishes nothing more', async () => {
    const sent = await sendAfter(() => asAdmin('/admin/publishers/evening', 'DELETE'));
    expect(sent).toMatchObject({ status: 401, logged: { deliveries: [] } });
    const unsigned = await request('/webhooks/evening', { method: 'POST', body: 'x' });
    expect(sent.text).toBe(await unsigned.text());
    expect((await (await request('/feeds/all.json')).json()) as object).toMatchObject({ items: [] });
  });

  test('a secret that was rotated out without grace signs nothing more', async () => {
    expect(await sendAfter(() => asAdmin('/admin/publishers/evening/secrets?grace=0', 'POST'))).toMatchObject(
      {
        status: 401,
        logged: { deliveries: [] },
      },
    );
  });

  test('a secret in its grace still signs', async () => {
    expect(
      await sendAfter(() => asAdmin('/admin/publishers/evening/secrets?grace=60', 'POST')),
    ).toMatchObject({
      status: 202,
    });
  });

  test('a scheme that was changed verifies nothing more', async () => {
    const change = () =>
      asAdmin('/admin/publishers/evening', 'PUT', { name: 'E', signature: { scheme: 'github' } });
    const sent = await sendAfter(change, { signature: { scheme: 'token' } }, (key) => ({
      'X-Webhook-Token': key,
    }));
    expect(sent).toMatchObject({ status: 401, logged: { deliveries: [] } });
  });

  test('a change of other settings is no change of who signs', async () => {
    const change = () => asAdmin('/admin/publishers/evening', 'PUT', { name: 'New' });
    expect(await sendAfter(change)).toMatchObject({ status: 202 });
  });

  test('a publisher that was made anew with the same secret publishes, though KV has its old record', async () => {
    const own = { name: 'New', secret: `whsec_${btoa('an own secret of thirty-two byte')}` };
    const again = async () => {
      await asAdmin('/admin/publishers/evening', 'DELETE');
      return asAdmin('/admin/publishers/evening', 'PUT', own);
    };
    expect(await sendAfter(again, own)).toMatchObject({ status: 202 });
  });

  test('the delivery log is closed, too', async () => {
    const key = await register('evening');
    const old = await env.KV.get('publisher:evening', 'text');
    await asAdmin('/admin/publishers/evening/secrets?grace=0', 'POST');
    await env.KV.put('publisher:evening', old ?? '');
    const log = await send('', { publisher: 'evening', secret: key, path: '/deliveries', method: 'GET' });
    expect(log.status).toBe(401);
  });
});
