import { describe, expect, test } from 'vitest';
import { request } from '../client.ts';

describe('the API’s document', () => {
  test('is served as it is, to any origin, and not again to who has it', async () => {
    const response = await request('/openapi.json');
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('application/json');
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(response.headers.get('Cache-Control')).toBe('max-age=300');
    expect(response.headers.get('X-Request-Id')).toBeTruthy();
    const { openapi, paths } = (await response.json()) as { openapi: string; paths: object };
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths).length).toBeGreaterThan(40);
    const etag = response.headers.get('ETag') ?? '';
    const again = await request('/openapi.json', { headers: { 'If-None-Match': etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });
});

describe('the viewer', () => {
  test('runs under a policy that lets it load its own script and style and nothing else', async () => {
    const response = await request('/docs');
    const html = await response.text();
    expect(response.headers.get('Content-Security-Policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    // Nothing in the page itself that this policy would keep from running, and nothing of another host.
    expect(html).not.toMatch(/<style|<script>|style=|https?:/);
    for (const [, path = ''] of html.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)) {
      const file = await request(path);
      expect(file.status).toBe(200);
      expect(file.headers.get('Content-Type')).toMatch(/^text\/(?:javascript|css)/);
      expect((await file.text()).length).toBeGreaterThan(100);
    }
  });

  test('has no other files', async () => {
    for (const path of [
      '/docs/viewer.html',
      '/docs/index.html',
      '/docs/../wrangler.toml',
      '/docs/%2e%2e%2fopenapi.json',
    ]) {
      expect((await request(path)).status).toBe(404);
    }
  });
});
