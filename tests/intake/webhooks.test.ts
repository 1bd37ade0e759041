import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { BODY_LIMIT } from '../../src/intake/webhooks.ts';
import { asAdmin, payload, register, request, send } from '../client.ts';

let secret: string;

beforeEach(async () => {
  await reset();
  secret = await register();
});

const json = async (response: Response) => (await response.json()) as Record<string, never>;
const problemOf = async (response: Response) => {
  expect(response.headers.get('Content-Type')).toBe('application/problem+json; charset=utf-8');
  return (await response.json()) as {
    type: string;
    status: number;
    detail?: string;
    issues?: { path: string; message: string }[];
  };
};

describe('a signed article', () => {
  test('is accepted with its id, version and URL', async () => {
    const response = await send(payload({ headline: 'नदी साफ हुई' }), { secret });
    expect(response.status).toBe(202);
    const { status, article } = (await response.json()) as {
      status: string;
      article: { id: string; version: number; url: string };
    };
    expect(status).toBe('accepted');
    expect(article.id).toMatch(/^[0-9a-hjkmnp-tv-z]{16}$/);
    expect(article.version).toBe(1);
    expect(decodeURIComponent(article.url)).toBe(`${env.ORIGIN}/news/${article.id}/नदी-साफ-हुई`);
  });

  test('is served by its id at once, before KV has it', async () => {
    const { article } = (await (await send(payload(), { secret })).json()) as { article: { id: string } };
    const served = await request(`/articles/${article.id}`);
    expect(served.status).toBe(200);
    expect(await served.json()).toMatchObject({
      id: article.id,
      sourceId: '1',
      publisher: 'gazette',
      status: 'published',
    });
  });

  test('sent again is a duplicate, the same content unchanged, an older one stale', async () => {
    expect((await send(payload(), { secret, id: 'once' })).status).toBe(202);
    const again = await send(payload(), { secret, id: 'once' });
    expect([again.status, (await json(again)).status]).toEqual([200, 'duplicate']);
    const same = await send(payload({}, 'article.published', '2026-11-20T11:00:00Z'), { secret });
    expect([same.status, (await json(same)).status]).toEqual([200, 'unchanged']);
    const older = await send(payload({ headline: 'Old' }, 'article.updated', '2026-11-20T09:00:00Z'), {
      secret,
    });
    expect([older.status, (await json(older)).status]).toEqual([200, 'stale']);
  });

  test('an event that means nothing here is ignored', async () => {
    const response = await send(JSON.stringify({ type: 'member.added', data: {} }), { secret });
    expect([response.status, (await json(response)).status]).toEqual([200, 'ignored']);
  });

  test('a withdrawal needs only the id', async () => {
    await send(payload(), { secret });
    const response = await send(
      JSON.stringify({ type: 'article.withdrawn', timestamp: '2026-11-20T12:00:00Z', data: { id: '1' } }),
      { secret },
    );
    expect(response.status).toBe(202);
    const { article } = (await response.json()) as { article: { id: string; version: number } };
    expect(article.version).toBe(2);
    const served = await request(`/articles/${article.id}`);
    expect(served.status).toBe(410);
    expect(await problemOf(served)).toMatchObject({
      status: 410,
      tombstone: { id: article.id, status: 'withdrawn' },
    });
  });

  test('a publishedAt in the future is warned of', async () => {
    const response = await send(payload({ publishedAt: '2099-01-01T00:00:00Z' }), { secret });
    expect(await response.json()).toMatchObject({ warnings: [{ code: 'published-in-future' }] });
  });
});

describe('not authenticated, all alike', () => {
  const cases: [string, () => Promise<Response>][] = [
    ['unsigned', () => request('/webhooks/gazette', { method: 'POST', body: payload() })],
    [
      'wrongly signed',
      () => send(payload(), { secret, headers: { 'webhook-signature': `v1,${'A'.repeat(43)}=` } }),
    ],
    ['too old', () => send(payload(), { secret, at: new Date(Date.now() - 400_000) })],
    ['of an unknown publisher', () => send(payload(), { secret, publisher: 'nobody' })],
    ['of an impossible publisher', () => send(payload(), { secret, publisher: 'Nobody%20Here' })],
  ];
  test.each(cases)('%s', async (_what, sending) => {
    const response = await sending();
    expect(response.status).toBe(401);
    const reference = await request('/webhooks/gazette', { method: 'POST', body: 'x' });
    expect(await problemOf(response)).toEqual(await problemOf(reference));
  });

  test('a rotated secret is accepted beside the old one, which ends after its grace', async () => {
    const rotated = await asAdmin('/admin/publishers/gazette/secrets', 'POST');
    const fresh = ((await rotated.json()) as { secret: string }).secret;
    expect((await send(payload(), { secret })).status).toBe(202);
    expect((await send(payload({ id: '2' }), { secret: fresh })).status).toBe(202);
    await asAdmin('/admin/publishers/gazette/secrets?grace=0', 'POST');
    expect((await send(payload({ id: '3' }), { secret })).status).toBe(401);
  });

  test('a publisher that KV does not have yet is read from the Desk', async () => {
    await env.KV.delete('publisher:gazette');
    expect((await send(payload(), { secret })).status).toBe(202);
  });

  test('a deleted publisher is unknown', async () => {
    await asAdmin('/admin/publishers/gazette', 'DELETE');
    expect((await send(payload(), { secret })).status).toBe(401);
  });
});

describe('bad input', () => {
  test('truncated JSON is 400', async () => {
    const response = await send(payload().slice(0, -9), { secret });
    expect(response.status).toBe(400);
    expect((await problemOf(response)).detail).toContain('not valid JSON');
  });

  test('bytes that are not UTF-8 are 400', async () => {
    const body = '{"type":"article.published","data":{"id":"\u00ff"}}';
    const response = await sendBytes(Uint8Array.from(body, (character) => character.charCodeAt(0)));
    expect(response.status).toBe(400);
  });

  test.each([
    ['text/csv', {}],
    ['application/json; charset=utf-16', {}],
    ['application/json', { 'Content-Encoding': 'gzip' }],
  ])('%s is 415', async (type, headers) => {
    const response = await send(payload(), { secret, headers: { 'Content-Type': type, ...headers } });
    expect(response.status).toBe(415);
    await problemOf(response);
  });

  test('a body over 1 MiB is 413 by its Content-Length, and by its bytes', async () => {
    const body = payload({ unknown: 'x'.repeat(BODY_LIMIT) });
    const response = await send(body, { secret });
    expect(response.status).toBe(413);
    await problemOf(response);
    const chunks = new ReadableStream({
      start(controller) {
        for (let sent = 0; sent <= BODY_LIMIT; sent += 65_536) controller.enqueue(new Uint8Array(65_536));
        controller.close();
      },
    });
    const streamed = await request('/webhooks/gazette', { method: 'POST', headers: signed(), body: chunks });
    expect(streamed.status).toBe(413);
  });

  test('every problem is reported at once, with its path', async () => {
    const response = await send(
      payload({
        id: null,
        headline: 7,
        url: 'javascript:alert(1)',
        tags: Array(10_000).fill('tag'),
        body: { format: 'pdf', content: '' },
      }),
      { secret },
    );
    expect(response.status).toBe(422);
    const paths = (await problemOf(response)).issues?.map((issue) => issue.path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'data.id',
        'data.headline',
        'data.url',
        'data.tags',
        'data.body.format',
        'data.body.content',
      ]),
    );
  });

  test('lone surrogates are 422 with what to mend', async () => {
    const response = await send(payload().replace('A headline', 'A \\ud83d headline'), { secret });
    expect(response.status).toBe(422);
    expect((await problemOf(response)).issues).toMatchObject([
      { path: 'data.headline', message: expect.stringContaining('surrogate') },
    ]);
  });

  test('JSON nested 100,000 deep is ignored in an unknown field and refused in a known one', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const unknown = await send(payload().replace('"headline"', `"unknown":${deep},"headline"`), { secret });
    expect(unknown.status).toBe(202);
    const known = await send(payload({ id: '2' }).replace('"headline":', `"summary":${deep},"headline":`), {
      secret,
    });
    expect(known.status).toBe(422);
    expect((await send(deep, { secret })).status).toBe(422);
  });

  test('50,000 unclosed elements are taken', async () => {
    const response = await send(
      payload({ body: { format: 'html', content: `${'<div><b>'.repeat(25_000)}words` } }),
      {
        secret,
      },
    );
    expect(response.status).toBe(202);
  });

  test('a body whose normalized JSON passes 1.5 MB is 422', async () => {
    const response = await send(payload({ body: { format: 'html', content: '<p>a</p>'.repeat(100_000) } }), {
      secret,
    });
    expect(response.status).toBe(422);
    expect((await problemOf(response)).issues).toMatchObject([{ path: 'data.body.content' }]);
  });

  test('an article that escaping makes larger than 2 MB is 422, and so is its preview', async () => {
    const large = payload({ body: { format: 'text', content: '&'.repeat(420_000) } });
    const issue = {
      path: 'data.body.content',
      message: expect.stringMatching(
        /^may have 21\d{5} bytes as .*the limit is 2000000 bytes\. Split the article/,
      ),
    };
    for (const path of ['', '/preview']) {
      const response = await send(large, { secret, path });
      expect(response.status, path).toBe(422);
      expect((await problemOf(response)).issues, path).toEqual([issue]);
    }
    const small = payload({ body: { format: 'text', content: '&'.repeat(350_000) } });
    expect((await send(small, { secret })).status).toBe(202);
  });

  test('each article of a delivery is judged by itself', async () => {
    const item = (id: number, content: string) => ({
      id: `https://a.example/${id}`,
      title: `Title ${id}`,
      content_text: content,
    });
    const feed = {
      version: 'https://jsonfeed.org/version/1.1',
      title: 'A feed',
      items: [item(1, 'Words.'), item(2, '&'.repeat(420_000)), item(3, 'More words.')],
    };
    const response = await send(JSON.stringify(feed), { secret });
    expect(response.status).toBe(202);
    const { articles } = (await response.json()) as {
      articles: { status: string; issues?: { message: string }[] }[];
    };
    expect(articles.map(({ status }) => status)).toEqual(['accepted', 'refused', 'accepted']);
    expect(articles[1]?.issues?.[0]?.message).toContain('the limit is 2000000 bytes');
  });

  test('after all this the service still works', async () => {
    expect((await send(payload(), { secret })).status).toBe(202);
  });

  async function sendBytes(body: Uint8Array<ArrayBuffer>): Promise<Response> {
    const key = await crypto.subtle.importKey(
      'raw',
      Uint8Array.from(atob(secret.slice(6)), (character) => character.charCodeAt(0)),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const head = new TextEncoder().encode(`bytes.${timestamp}.`);
    const signature = await crypto.subtle.sign('HMAC', key, new Uint8Array([...head, ...body]));
    return request('/webhooks/gazette', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'webhook-id': 'bytes',
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${btoa(String.fromCharCode(...new Uint8Array(signature)))}`,
      },
      body,
    });
  }
});

/** Headers that are well formed. They sign no body. */
const signed = (headers: Record<string, string> = {}): Record<string, string> => ({
  'webhook-id': 'message',
  'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
  'webhook-signature': `v1,${btoa('x'.repeat(32))}`,
  ...headers,
});

describe('preview', () => {
  test('shows the article and stores nothing', async () => {
    const response = await send(payload({ headline: 'Looked at' }), { secret, path: '/preview' });
    expect(response.status).toBe(200);
    const { article, warnings } = (await response.json()) as { article: { id: string }; warnings: unknown[] };
    expect(article).toMatchObject({
      headline: 'Looked at',
      version: 1,
      status: 'published',
      body: [{ type: 'paragraph' }],
    });
    expect(warnings).toEqual([]);
    expect((await request(`/articles/${article.id}`)).status).toBe(404);
    const log = await send('', { secret, path: '/deliveries', method: 'GET' });
    expect(await log.json()).toEqual({ deliveries: [], next: null });
  });

  test('makes the checks a delivery goes through', async () => {
    expect((await send(payload({ headline: '' }), { secret, path: '/preview' })).status).toBe(422);
    expect((await request('/webhooks/gazette/preview', { method: 'POST', body: payload() })).status).toBe(
      401,
    );
  });
});

describe('the delivery log', () => {
  test('lists deliveries newest first, with outcome, article and issues', async () => {
    await send(payload(), { secret, id: 'first' });
    await send(payload({ headline: '' }), { secret, id: 'second' });
    await send('{', { secret, id: 'third' });
    await send(payload(), { secret, id: 'first' });
    const log = await send('', { secret, path: '/deliveries', method: 'GET' });
    expect(log.status).toBe(200);
    const { deliveries } = (await log.json()) as { deliveries: { id: string; status: string }[] };
    expect(deliveries.map(({ id, status }) => [id, status])).toEqual([
      ['first', 'duplicate'],
      ['third', 'refused'],
      ['second', 'refused'],
      ['first', 'accepted'],
    ]);
    expect(deliveries[2]).toMatchObject({ issues: [{ path: 'data.headline' }] });
    expect(deliveries[3]).toMatchObject({ article: { version: 1 }, at: expect.stringMatching(/Z$/) });
  });

  test('is paged, and open only to the publisher and the operator', async () => {
    for (const id of ['1', '2', '3']) await send(payload({ id }), { secret, id });
    const first = (await (await asAdmin('/webhooks/gazette/deliveries?limit=2', 'GET')).json()) as {
      next: string;
    };
    expect(first).toMatchObject({ deliveries: [{ id: '3' }, { id: '2' }] });
    const second = await asAdmin(`/webhooks/gazette/deliveries?limit=2&before=${first.next}`, 'GET');
    expect(await second.json()).toMatchObject({ deliveries: [{ id: '1' }], next: null });
    expect((await request('/webhooks/gazette/deliveries')).status).toBe(401);
  });
});
