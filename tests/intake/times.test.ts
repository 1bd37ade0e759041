import { reset } from 'cloudflare:test';
import { beforeEach, describe, expect, test } from 'vitest';
import { payload, request, send } from '../client.ts';
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
