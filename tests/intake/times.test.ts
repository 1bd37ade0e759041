import { reset } from 'cloudflare:test';
import { beforeEach, describe, expect, test } from 'vitest';
import { asAdmin, githubSignature, payload, register, request, send } from '../client.ts';
import { newsroom, settle } from '../edge/newsroom.ts';

beforeEach(reset);

interface Answered {
  status: string;
  article: { id: string; version: number };
  warnings?: { code: string; excerpt: string }[];
}

const FUTURE = '2062-05-06T07:08:09.000Z';

const now = () => new Date().toISOString();

describe('a time in the future', () => {
  const answered = async (response: Response) => (await response.json()) as Answered;

  test.each([
    ['updatedAt', { updatedAt: FUTURE }, now()],
    ['the envelope’s timestamp', {}, FUTURE],
    ['both', { updatedAt: FUTURE }, FUTURE],
  ])('%s locks no article, and no reader sees it', async (_what, data, timestamp) => {
    const { secret } = await newsroom();
    const first = await answered(await send(payload(data, 'article.published', timestamp), { secret }));
    expect(first).toMatchObject({
      status: 'accepted',
      warnings: [{ code: 'updated-in-future', excerpt: FUTURE }],
    });
    await settle();
    for (const path of [
      `/articles/${first.article.id}`,
      '/feeds/all.json',
      '/feeds/all.rss',
      '/feeds/all.atom',
    ]) {
      const response = await request(path);
      expect(Date.parse(response.headers.get('Last-Modified') ?? ''), path).toBeLessThanOrEqual(Date.now());
      expect(await response.text(), path).not.toContain('2062');
    }
    await scheduler.wait(2);
    const corrected = payload({ headline: 'Corrected', updatedAt: now() }, 'article.updated', now());
    expect(await answered(await send(corrected, { secret }))).toMatchObject({
      status: 'accepted',
      article: { version: 2 },
    });
    const withdrawal = JSON.stringify({ type: 'article.withdrawn', data: { id: '1' } });
    expect(await answered(await send(withdrawal, { secret }))).toMatchObject({
      status: 'accepted',
      article: { version: 3 },
    });
    await settle();
    expect((await request(`/articles/${first.article.id}`)).status).toBe(410);
  });

  test('is shown by the preview as it will be', async () => {
    const { secret } = await newsroom();
    const response = await send(payload({ updatedAt: FUTURE }), { secret, path: '/preview' });
    const { article, warnings } = (await response.json()) as {
      article: { updatedAt: string; publishedAt: string };
      warnings: object[];
    };
    expect(warnings).toEqual([{ code: 'updated-in-future', excerpt: FUTURE }]);
    expect(article.updatedAt <= now()).toBe(true);
    expect(article.updatedAt).toBe(article.publishedAt);
  });

  test('of a post in WordPress or Ghost locks neither its changes nor its removal', async () => {
    const { secret } = await newsroom();
    const sendJson = async (body: object) => answered(await send(JSON.stringify(body), { secret }));
    const wordpress = (status: string, title: string) => ({
      ...{ id: 7, type: 'post', status, link: 'https://gazette.example/7', title: { rendered: title } },
      ...{ content: { rendered: '<p>Some words.</p>' }, modified_gmt: '2062-05-06T07:08:09' },
    });
    const ghost = (current: object, previous: object) => ({ post: { current, previous } });
    const post = (title: string) => ({
      ...{ id: '8', title, html: '<p>Some words.</p>', status: 'published', visibility: 'public' },
      ...{ tags: [], authors: [], url: 'https://gazette.example/8', updated_at: FUTURE },
    });
    for (const [body, expected] of [
      [wordpress('publish', 'One'), 1],
      [wordpress('publish', 'Two'), 2],
      [wordpress('trash', 'Two'), 3],
      [ghost(post('One'), {}), 1],
      [ghost(post('Two'), { title: 'One' }), 2],
      [ghost({}, post('Two')), 3],
    ] as const) {
      expect(await sendJson(body), JSON.stringify(body)).toMatchObject({
        status: 'accepted',
        article: { version: expected },
      });
    }
  });
});

describe('under a signature without a time', () => {
  const SECRET = 'a-secret-of-the-publisher-0123456789';
  type Post = (body: string, headers?: Record<string, string>) => Promise<Answered & { issues?: object[] }>;

  const post = async (body: string, headers: Record<string, string>) => {
    const response = await request('/webhooks/gazette', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
    });
    return (await response.json()) as Answered & { issues?: object[] };
  };

  const schemes: [string, object, Post][] = [
    [
      'github',
      { scheme: 'github' },
      async (body, headers) =>
        post(body, { 'X-Hub-Signature-256': await githubSignature(body, SECRET), ...headers }),
    ],
    ['token', { scheme: 'token' }, (body, headers) => post(body, { 'X-Webhook-Token': SECRET, ...headers })],
    [
      'ghost over the body alone',
      { scheme: 'ghost', bodyOnly: true },
      async (body, headers) =>
        post(body, {
          'X-Ghost-Signature': `${await githubSignature(body, SECRET)}, t=${Date.now()}`,
          ...headers,
        }),
    ],
  ];

  const timeless = (headline: string, space = '') =>
    JSON.stringify({
      type: 'article.published',
      data: { id: '1', headline, body: { format: 'html', content: '<p>Some words.</p>' } },
    }) + space;
  const withdrawal = JSON.stringify({ type: 'article.withdrawn', data: { id: '1' } });

  test.each(schemes)(
    '%s: a text that was corrected does not return, in whatever bytes',
    async (_name, signature, by) => {
      await register('gazette', { signature, secret: SECRET, source: 'native' });
      await by(timeless('Wrong'));
      await by(timeless('Right'));
      expect(await by(timeless('Wrong'))).toMatchObject({ status: 'duplicate' });
      const again = await by(timeless('Wrong', ' '), { 'webhook-id': 'another' });
      expect(again).toMatchObject({
        status: 'stale',
        article: { version: 2 },
        issues: [{ path: 'updatedAt' }],
      });
      await settle();
      const served = await request(`/articles/${again.article.id}`);
      expect(await served.json()).toMatchObject({ headline: 'Right', version: 2 });
    },
  );

  test.each(schemes)('%s: a withdrawal that was undone does not return', async (_name, signature, by) => {
    await register('gazette', { signature, secret: SECRET, source: 'native' });
    await by(timeless('First'));
    expect(await by(withdrawal, { 'webhook-id': 'one' })).toMatchObject({ status: 'accepted' });
    expect(await by(timeless('Second'))).toMatchObject({ status: 'accepted' });
    expect((await by(withdrawal, { 'webhook-id': 'two' })).status).toMatch(/^(stale|duplicate)$/);
    expect(await by(timeless('Third'))).toMatchObject({ status: 'accepted', article: { version: 4 } });
  });

  test.each(schemes)(
    '%s: with a time, an editor returns to an earlier text',
    async (_name, signature, by) => {
      await register('gazette', { signature, secret: SECRET, source: 'native' });
      const at = (headline: string, updatedAt: string) => payload({ headline, updatedAt });
      await by(at('Wrong', '2026-11-20T10:00:00Z'));
      await by(at('Right', '2026-11-20T11:00:00Z'));
      expect(await by(at('Wrong', '2026-11-20T12:00:00Z'))).toMatchObject({
        status: 'accepted',
        article: { version: 3 },
      });
    },
  );

  test('a duplicate sent many times is one row of the log', async () => {
    await register('gazette', { signature: { scheme: 'github' }, secret: SECRET });
    const [, , by] = schemes[0] ?? [];
    for (let time = 0; time < 15; time += 1) await by?.(timeless('Again'));
    const log = (await (await asAdmin('/webhooks/gazette/deliveries', 'GET')).json()) as {
      deliveries: { status: string }[];
    };
    expect(log.deliveries.map(({ status }) => status)).toEqual(['duplicate', 'accepted']);
  });
});

test('under a signature with a time, an editor returns to an earlier text without one', async () => {
  const { secret } = await newsroom();
  const statusOf = async (headline: string) => {
    const data = { id: '1', headline, body: { format: 'html', content: '<p>Some words.</p>' } };
    const response = await send(JSON.stringify({ type: 'article.published', data }), { secret });
    return ((await response.json()) as Answered).status;
  };
  expect([await statusOf('A'), await statusOf('B'), await statusOf('A')]).toEqual([
    'accepted',
    'accepted',
    'accepted',
  ]);
});
