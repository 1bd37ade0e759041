import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { request } from '../client.ts';

const OPEN = [
  '/feeds/all.json',
  '/feeds/sections/x.rss',
  '/feeds.opml',
  '/articles',
  '/articles/0000000000000000',
  '/changes',
];

const ORIGIN = { Origin: 'https://mirror.example' };

describe('a script on a partner’s page', () => {
  test.each(OPEN)('may read what there is, or why there is nothing: %s', async (path) => {
    const { headers } = await request(path, { headers: ORIGIN });
    expect(headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(headers.get('Access-Control-Expose-Headers')?.split(', ')).toEqual(
      expect.arrayContaining(['ETag', 'Link', 'Last-Modified']),
    );
  });

  test.each(OPEN)('may ask with conditions: %s', async (path) => {
    const asked = { ...ORIGIN, 'Access-Control-Request-Method': 'GET' };
    const response = await request(path, { method: 'OPTIONS', headers: asked });
    expect(response.status).toBe(204);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(response.headers.get('Access-Control-Allow-Methods')).toBe('GET, HEAD');
    expect(response.headers.get('Access-Control-Allow-Headers')).toContain('If-None-Match');
  });

  test('learns of a failure what everybody does', async () => {
    const KV = new Proxy(env.KV, { get: () => () => Promise.reject(new Error('KV GET failed: 500')) });
    const response = await request('/feeds/all.json', { headers: ORIGIN }, { bindings: { KV } });
    expect(response.status).toBe(503);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
  });

  test.each(['/admin/site', '/partners/mirror/feed.json', '/webhooks/gazette', '/', '/articlesque'])(
    'may neither read nor write this: %s',
    async (path) => {
      const asked = { ...ORIGIN, 'Access-Control-Request-Method': 'POST' };
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await request(path, { method, headers: asked });
        expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
      }
    },
  );
});
