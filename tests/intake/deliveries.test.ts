import { reset } from 'cloudflare:test';
import { beforeEach, describe, expect, test } from 'vitest';
import { asAdmin, payload, register, request, send } from '../client.ts';

beforeEach(reset);

const SECRET = 'a-secret-of-the-publisher-0123456789';

interface Delivered {
  status: string;
  article?: { id: string; version: number; url?: string };
  articles?: Delivered[];
  issues?: { path: string; message: string }[];
}

const bytes = (text: string) => Uint8Array.from(new TextEncoder().encode(text));

async function hmac(secret: string, message: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes(secret), algorithm, false, ['sign']);
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(message)));
  return [...signature].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Posts with a token in the header of the scheme `token`. */
async function post(body: string | object, type = 'application/json', path = '', secret = SECRET) {
  const response = await request(`/webhooks/gazette${path}`, {
    method: 'POST',
    headers: { 'Content-Type': type, 'X-Webhook-Token': secret },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { code: response.status, ...((await response.json()) as Delivered) };
}

const log = async (query = '') => {
  const response = await asAdmin(`/webhooks/gazette/deliveries${query}`, 'GET');
  return ((await response.json()) as { deliveries: (Delivered & Record<string, unknown>)[] }).deliveries;
};

const token = { signature: { scheme: 'token' }, secret: SECRET };
const item = (id: number, title = `Title ${id}`) =>
  `<item><guid>${id}</guid><title>${title}</title><description>Words of ${id}.</description></item>`;
const rss = (...items: string[]) =>
  `<rss version="2.0"><channel><title>x</title>${items.join('')}</channel></rss>`;

describe('a delivery of several articles', () => {
  beforeEach(() => register('gazette', token));

  test('lists what became of each, and serves those that were accepted', async () => {
    const delivered = await post(rss(item(1), item(2, ''), item(3)), 'application/rss+xml');
    expect(delivered).toMatchObject({
      code: 202,
      status: 'accepted',
      articles: [
        { status: 'accepted', article: { version: 1 } },
        { status: 'refused', issues: [{ path: 'item.1.headline' }] },
        { status: 'accepted', article: { version: 1 } },
      ],
    });
    const served = await request(`/articles/${delivered.articles?.[2]?.article?.id}`);
    expect(await served.json()).toMatchObject({ headline: 'Title 3', sourceId: '3' });
  });

  test('sent again is a duplicate as a whole; with one article more, each has its own outcome', async () => {
    const first = await post(rss(item(1), item(2)), 'application/rss+xml');
    const again = await post(rss(item(1), item(2)), 'application/rss+xml');
    expect(again).toMatchObject({ code: 200, status: 'duplicate' });
    expect(again.articles?.map(({ status, article }) => [status, article?.id])).toEqual(
      first.articles?.map(({ article }) => ['duplicate', article?.id]),
    );
    const longer = await post(rss(item(1), item(2, 'Changed'), item(3)), 'application/rss+xml');
    expect(longer.articles?.map(({ status, article }) => [status, article?.version])).toEqual([
      ['unchanged', 1],
      ['accepted', 2],
      ['accepted', 1],
    ]);
  });

  test('all of them to be mended is 422 with the issues of all, and may be mended under the same bytes’ id', async () => {
    const refused = await post(rss(item(1, ''), item(2, '')), 'application/rss+xml');
    expect(refused.code).toBe(422);
    expect(refused.issues?.map(({ path }) => path)).toEqual(['item.0.headline', 'item.1.headline']);
  });

  test('none at all is ignored; more than a hundred are too many', async () => {
    expect(await post(rss(), 'application/rss+xml')).toMatchObject({ code: 200, status: 'ignored' });
    const many = rss(...Array.from({ length: 101 }, (_, index) => item(index)));
    expect(await post(many, 'application/rss+xml')).toMatchObject({ code: 422 });
    const most = rss(...Array.from({ length: 100 }, (_, index) => item(index)));
    const taken = await post(most, 'application/rss+xml');
    expect(taken.articles).toHaveLength(100);
    expect(new Set(taken.articles?.map(({ status }) => status))).toEqual(new Set(['accepted']));
  });

  test('is previewed article by article, and stores nothing', async () => {
    const { code, articles } = await post(rss(item(1), item(2, '')), 'application/rss+xml', '/preview');
    expect(code).toBe(200);
    expect(articles).toMatchObject([
      { article: { headline: 'Title 1', version: 1 }, warnings: [] },
      { issues: [{ path: 'item.1.headline' }] },
    ]);
    expect(await log()).toEqual([]);
  });

  test('is one row of the log', async () => {
    await post(rss(item(1), item(2, '')), 'application/rss+xml');
    expect(await log()).toMatchObject([
      {
        status: 'accepted',
        source: 'feed',
        signature: 'token',
        milliseconds: expect.any(Number),
        articles: [
          { status: 'accepted', article: { version: 1 } },
          { status: 'refused', issues: [{ path: 'item.1.headline' }] },
        ],
      },
    ]);
  });
});

describe('a publisher’s source', () => {
  const jsonFeedItem = { id: '1', title: 'One', content_html: '<p>Words</p>' };

  test('that is not named is detected from headers and shape, and is in the log', async () => {
    await register('gazette', token);
    await post(payload());
    await post({ ...jsonFeedItem, id: '2' });
    await post(
      '<html><head><link rel="canonical" href="https://a.example/3"><title>Three</title></head><body><h1>Three</h1><p>Words of a page that is long enough.</p></body></html>',
      'text/html',
    );
    await post(
      'hook=publish_post&ID=4&post_title=Four&post_content=Words',
      'application/x-www-form-urlencoded',
    );
    await post('{');
    const rows = await log();
    expect(rows.map(({ source, status }) => [source, status])).toEqual([
      [undefined, 'refused'],
      ['wordpress', 'accepted'],
      ['page', 'accepted'],
      ['json-feed', 'accepted'],
      ['native', 'accepted'],
    ]);
  });

  test('that is named is taken, whatever the shape', async () => {
    await register('gazette', { ...token, source: 'ghost' });
    expect(await post(jsonFeedItem)).toMatchObject({ code: 200, status: 'ignored' });
    expect((await post('<p>x</p>', 'text/html')).code).toBe(415);
    expect(await log()).toMatchObject([{ status: 'refused' }, { source: 'ghost', status: 'ignored' }]);
  });

  test('a draft takes back what was published, and of what never was is ignored', async () => {
    await register('gazette', { ...token, source: 'wordpress' });
    const wordpress = (id: number, status: string, minute: number) => ({
      ...{ id, status, type: 'post', title: { rendered: 'T' }, content: { rendered: '<p>x</p>' } },
      modified_gmt: `2026-11-20T10:0${minute}:00`,
    });
    expect(await post(wordpress(1, 'draft', 0))).toMatchObject({ code: 200, status: 'ignored' });
    const { article } = await post(wordpress(1, 'publish', 1));
    expect(await post(wordpress(1, 'draft', 2))).toMatchObject({ code: 202, article: { version: 2 } });
    expect((await request(`/articles/${article?.id}`)).status).toBe(410);
    expect(await post(wordpress(1, 'publish', 3))).toMatchObject({ code: 202, article: { version: 3 } });
    expect((await request(`/articles/${article?.id}`)).status).toBe(200);
  });
});

describe('Ghost, from its first post to its last', () => {
  const change = (current: object, previous: object) => JSON.stringify({ post: { current, previous } });
  const POST = {
    id: 'g1',
    title: 'Tide',
    status: 'published',
    html: '<p>Words</p>',
    updated_at: '2026-11-20T10:00:00.000Z',
  };
  let secret: string;
  const ghost = async (body: string, at = Date.now()) => {
    const response = await request('/webhooks/gazette', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-Ghost-Signature': `sha256=${await hmac(secret, `${body}${at}`)}, t=${at}`,
      },
      body,
    });
    return { code: response.status, ...((await response.json()) as Delivered) };
  };
  beforeEach(async () => {
    secret = await register('gazette', { source: 'ghost', signature: { scheme: 'ghost' } });
  });

  test('is published, edited, taken back and deleted by its own signatures', async () => {
    const published = await ghost(change(POST, { status: 'draft' }));
    expect(published).toMatchObject({ code: 202, status: 'accepted', article: { version: 1 } });
    const edited = { ...POST, title: 'High tide', updated_at: '2026-11-20T11:00:00.000Z' };
    expect(await ghost(change(edited, { title: 'Tide' }))).toMatchObject({ article: { version: 2 } });
    const unpublished = { ...edited, status: 'draft', updated_at: '2026-11-20T12:00:00.000Z' };
    expect(await ghost(change(unpublished, { status: 'published' }))).toMatchObject({
      article: { version: 3 },
    });
    expect((await request(`/articles/${published.article?.id}`)).status).toBe(410);
    const again = { ...edited, updated_at: '2026-11-20T13:00:00.000Z' };
    expect(await ghost(change(again, { status: 'draft' }))).toMatchObject({ article: { version: 4 } });
    expect(await ghost(change({}, again))).toMatchObject({ status: 'accepted', article: { version: 5 } });
    // A webhook that is answered 410 is deleted by Ghost.
    expect((await ghost(change({}, again))).code).toBe(200);
  });

  test('a replay is a duplicate, an old one is refused', async () => {
    const at = Date.now();
    await ghost(change(POST, {}), at);
    expect(await ghost(change(POST, {}), at)).toMatchObject({ code: 200, status: 'duplicate' });
    expect((await ghost(change(POST, {}), at - 301_000)).code).toBe(401);
  });
});

describe('a token', () => {
  test('as the last segment of the URL needs no header at all', async () => {
    const secret = await register('gazette', { signature: { scheme: 'token' } });
    const url = `/webhooks/gazette/${secret}`;
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: payload() };
    expect((await request(url, init)).status).toBe(202);
    expect((await request(url, init)).status).toBe(200);
    expect((await request(`${url}x`, init)).status).toBe(401);
    expect((await request(url)).status).toBe(405);
  });

  test('does not stand in the way of the preview and the log', async () => {
    await register('gazette', token);
    expect(await post(payload(), 'application/json', '/preview')).toMatchObject({ code: 200 });
    expect(
      (await request('/webhooks/gazette/deliveries', { headers: { 'X-Webhook-Token': SECRET } })).status,
    ).toBe(200);
    expect((await request('/webhooks/gazette/deliveries', { method: 'POST', body: 'x' })).status).toBe(405);
  });

  test('is refused when the publisher signs differently', async () => {
    const secret = await register();
    expect((await send(payload(), { secret })).status).toBe(202);
    expect(
      (await send(payload({ id: '2' }), { secret, path: `/${encodeURIComponent(secret)}` })).status,
    ).toBe(401);
    expect((await post(payload(), 'application/json', '', secret)).code).toBe(401);
  });
});

describe('a publisher’s own secret', () => {
  const put = (settings: object, query = '') =>
    asAdmin(`/admin/publishers/gazette${query}`, 'PUT', { name: 'The Gazette', ...settings });

  test('is shown on creation alone, and is replaced by another with a grace', async () => {
    const created = await put(token);
    expect([created.status, ((await created.json()) as { secret: string }).secret]).toEqual([201, SECRET]);
    const same = await put(token);
    const sameText = await same.text();
    expect(sameText).not.toContain(SECRET);
    expect(JSON.parse(sameText)).toMatchObject({ secrets: [{ createdAt: expect.any(String) }] });
    expect((JSON.parse(sameText) as { secrets: unknown[] }).secrets).toHaveLength(1);
    const other = 'another-secret-of-the-publisher';
    const changed = await put({ ...token, secret: other });
    const text = await changed.text();
    expect(text).not.toContain(other);
    expect(JSON.parse(text)).toMatchObject({
      signature: { scheme: 'token' },
      secrets: [{ createdAt: expect.any(String) }, { expiresAt: expect.any(String) }],
    });
    expect((await post(payload())).code).toBe(202);
    expect((await post(payload({ id: '2' }), 'application/json', '', other)).code).toBe(202);
    await put({ ...token, secret: 'a-third-secret-of-the-publisher' }, '?grace=0');
    expect((await post(payload({ id: '3' }), 'application/json', '', other)).code).toBe(401);
  });

  test('may be an ed25519 key pair’s: its public half is kept, and checks', async () => {
    const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
    const raw = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer);
    const pkcs8 = new Uint8Array((await crypto.subtle.exportKey('pkcs8', pair.privateKey)) as ArrayBuffer);
    const base64 = (...parts: Uint8Array[]) =>
      btoa(parts.map((part) => String.fromCharCode(...part)).join(''));
    const created = await put({ secret: `whsk_${base64(pkcs8.slice(-32), raw)}` });
    expect(await created.json()).toMatchObject({ secret: `whpk_${base64(raw)}` });
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = await crypto.subtle.sign(
      'Ed25519',
      pair.privateKey,
      bytes(`m1.${timestamp}.${payload()}`),
    );
    const response = await request('/webhooks/gazette', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'svix-id': 'm1',
        'svix-timestamp': timestamp,
        'svix-signature': `v1a,${base64(new Uint8Array(signature))}`,
      },
      body: payload(),
    });
    expect(response.status).toBe(202);
  });

  test.each([
    ['a short secret', { ...token, secret: 'x'.repeat(23) }, 'secret'],
    ['a secret with a space in it', { ...token, secret: `${SECRET} x` }, 'secret'],
    ['a secret that is no key', { secret: '*'.repeat(30) }, 'secret'],
    ['a key that is too short', { secret: `whsec_${btoa('a key of twenty bytes')}` }, 'secret'],
    ['half a private key', { secret: `whsk_${btoa('x'.repeat(32))}` }, 'secret'],
    ['an unknown source', { source: 'geocities' }, 'source'],
    ['an unknown scheme', { signature: { scheme: 'md5' } }, 'signature.scheme'],
    ['a header that is none', { signature: { scheme: 'token', header: 'x: y' } }, 'signature.header'],
  ])('%s is 422', async (_what, settings, path) => {
    const response = await put(settings);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ issues: [{ path }] });
  });
});

describe('a secret that does not fit the signature scheme', () => {
  const put = (settings: object, query = '') =>
    asAdmin(`/admin/publishers/gazette${query}`, 'PUT', { name: 'The Gazette', ...settings });
  const KEY = btoa('p'.repeat(32));
  const PUBLIC_KEY = `whpk_${KEY}`;
  const schemes = ['ghost', 'github', 'token'];

  const issuesOf = async (response: Response) => {
    expect(response.status).toBe(422);
    return ((await response.json()) as { issues: { path: string; message: string }[] }).issues;
  };

  test.each(schemes)(
    '%s: a public key does not become a secret by a change of the scheme',
    async (scheme) => {
      expect((await put({ secret: PUBLIC_KEY })).status).toBe(201);
      const [issue] = await issuesOf(await put({ signature: { scheme } }));
      expect(issue).toMatchObject({ path: 'secret', message: expect.stringContaining(`must be sent`) });
      expect(issue?.message).toContain(scheme);
      // Nothing was changed.
      expect(await (await asAdmin('/admin/publishers/gazette', 'GET')).json()).not.toHaveProperty(
        'signature',
      );
      // By a rotation it is no secret either, nor in its grace.
      expect((await issuesOf(await put({ signature: { scheme }, secret: PUBLIC_KEY })))[0]?.path).toBe(
        'secret',
      );
      expect((await put({ signature: { scheme }, secret: SECRET })).status).toBe(200);
      const rotated = await asAdmin('/admin/publishers/gazette/secrets', 'POST');
      expect(rotated.status).toBe(201);
      for (const key of [PUBLIC_KEY, KEY]) {
        const init = { method: 'POST', body: payload() };
        const headers = { 'Content-Type': 'application/json', 'X-Webhook-Token': key };
        expect((await request('/webhooks/gazette', { ...init, headers })).status).toBe(401);
      }
    },
  );

  test('a token that is no base64 is no key of Standard Webhooks', async () => {
    expect((await put(token)).status).toBe(201);
    for (const settings of [{}, { signature: { scheme: 'standard-webhooks' } }]) {
      const [issue] = await issuesOf(await put(settings));
      expect(issue).toMatchObject({ path: 'secret', message: expect.stringContaining('whsec_') });
    }
    expect((await post(payload())).code).toBe(202);
    expect((await put({ secret: `whsec_${btoa('x'.repeat(32))}` })).status).toBe(200);
  });

  test('the secret that Dateline makes fits every scheme', async () => {
    const secret = await register();
    for (const scheme of schemes) expect((await put({ signature: { scheme } })).status).toBe(200);
    expect((await post(payload(), 'application/json', '', secret)).code).toBe(202);
    expect((await put({})).status).toBe(200);
  });

  test('a private key is no secret of any scheme, in whatever form', async () => {
    const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
    const base64 = (data: string | ArrayBuffer) =>
      btoa(typeof data === 'string' ? data : String.fromCharCode(...new Uint8Array(data)));
    const pkcs8 = base64((await crypto.subtle.exportKey('pkcs8', pair.privateKey)) as ArrayBuffer);
    const spki = base64((await crypto.subtle.exportKey('spki', pair.publicKey)) as ArrayBuffer);
    const { d, x } = (await crypto.subtle.exportKey('jwk', pair.privateKey)) as JsonWebKey;
    const jwk = JSON.stringify({ kty: 'OKP', crv: 'Ed25519', d, x });
    const openSsh = base64(`openssh-key-v1\0\0\0\0\u0004none${'x'.repeat(40)}`);
    const pem = `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----`;
    const keys = [
      ...[
        pem,
        pem.replace(/\s/g, ''),
        pem.replace(/\n/g, '\\n'),
        base64(pem),
        base64(pem).replace(/=+$/, ''),
      ],
      ...[`-----BEGIN OPENSSH PRIVATE KEY-----\n${openSsh}\n-----END OPENSSH PRIVATE KEY-----`, openSsh],
      ...[jwk, base64(jwk), jwk.replaceAll(':', ': '), JSON.stringify({ d, kty: 'OKP', crv: 'Ed25519' })],
      ...[pkcs8, pkcs8.replaceAll('+', '-').replaceAll('/', '_'), `whsec_${pkcs8}`, spki, `whsec_${spki}`],
      ...[
        `-----BEGIN-PUBLIC-KEY-----${spki}`,
        `WHSK_${btoa('x'.repeat(64))}`,
        `whsk_${btoa('x'.repeat(63))}`,
      ],
    ];
    for (const scheme of [...schemes, 'standard-webhooks']) {
      for (const secret of keys)
        expect([scheme, secret, (await put({ signature: { scheme }, secret })).status]).toEqual([
          scheme,
          secret,
          422,
        ]);
    }
    for (const scheme of schemes)
      expect((await put({ signature: { scheme }, secret: `whsk_${btoa('x'.repeat(64))}` })).status).toBe(422);
    expect((await asAdmin('/admin/publishers/gazette', 'GET')).status).toBe(404);
  });
});

test('a secret rotated while webhooks come in loses none of them', async () => {
  let secret = await register();
  const sent: Promise<Response>[] = [];
  for (let round = 0; round < 3; round += 1) {
    const before = secret;
    const rotating = asAdmin('/admin/publishers/gazette/secrets', 'POST');
    for (let each = 0; each < 8; each += 1) {
      sent.push(send(payload({ id: `${round}-before-${each}` }), { secret: before }));
    }
    secret = ((await (await rotating).json()) as { secret: string }).secret;
    for (let each = 0; each < 8; each += 1) {
      sent.push(
        send(payload({ id: `${round}-after-${each}` }), { secret: each % 2 === 0 ? secret : before }),
      );
    }
  }
  const codes = (await Promise.all(sent)).map(({ status }) => status);
  expect(codes).toEqual(Array(48).fill(202));
  expect(await log('?limit=100&status=accepted')).toHaveLength(48);
});

describe('the delivery log', () => {
  test('is filtered by status and time', async () => {
    await register('gazette', token);
    await post(payload({ id: '1' }));
    await post(payload({ id: '2', headline: '' }));
    const since = new Date(Date.now() + 1).toISOString();
    await scheduler.wait(5);
    await post(payload({ id: '3' }));
    const ids = async (query: string) => (await log(query)).map(({ status }) => status);
    expect(await ids('')).toEqual(['accepted', 'refused', 'accepted']);
    expect(await ids('?status=refused')).toEqual(['refused']);
    expect(await ids(`?since=${since}`)).toEqual(['accepted']);
    expect(await ids(`?since=${since}&status=refused`)).toEqual([]);
    expect(await ids('?since=2099-01-01T00:00:00Z')).toEqual([]);
    expect(await ids('?status=accepted&limit=1')).toEqual(['accepted']);
    for (const query of ['?status=lost', '?since=yesterday', '?limit=0', '?before=x']) {
      expect((await asAdmin(`/webhooks/gazette/deliveries${query}`, 'GET')).status).toBe(400);
    }
  });

  test('says why something was ignored', async () => {
    await register('gazette', { ...token, source: 'ghost' });
    await post({ page: { current: { id: '1' }, previous: {} } });
    expect(await log()).toMatchObject([
      { status: 'ignored', issues: [{ message: expect.stringContaining('not a post') }] },
    ]);
  });
});

test('a publisher that exceeds its rate limit gets 429, and others do not', async () => {
  await register('gazette', token);
  await register('herald', token);
  const preview = (publisher: string) =>
    request(`/webhooks/${publisher}/preview`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Webhook-Token': SECRET },
      body: '[]',
    });
  // The limit of vitest.config.ts is 600 a minute: of 1,300 sent in two minutes, one of them has too many.
  let refused: Response | undefined;
  for (let sent = 0; sent < 1_300 && refused === undefined; sent += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => preview('gazette')));
    refused = answers.find(({ status }) => status === 429);
  }
  expect(refused?.headers.get('Retry-After')).toBe('60');
  expect(await refused?.json()).toMatchObject({ type: 'urn:dateline:problem:too-many-requests' });
  expect((await preview('herald')).status).toBe(422);
});

test('a token in the URL stays out of the log when a request fails', async () => {
  const logged: string[] = [];
  const print = console.error;
  console.error = (line: string) => logged.push(line);
  await register('gazette', token);
  const limit = async () => Promise.reject(new Error('broken'));
  const response = await request(
    `/webhooks/gazette/${SECRET}`,
    { method: 'POST', body: '{}' },
    { bindings: { DELIVERY_LIMIT: { limit } } },
  );
  console.error = print;
  expect(response.status).toBe(500);
  expect(logged.join()).toContain('/webhooks/gazette/…');
  expect(logged.join()).not.toContain(SECRET);
});
