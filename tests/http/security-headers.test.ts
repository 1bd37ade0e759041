import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { setSecurityHeaders } from '../../src/http/security-headers.ts';
import { request } from '../client.ts';
import { newsroom, settle } from '../edge/newsroom.ts';

beforeEach(reset);

const FILM = '<p>Look:</p><iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe><p>Seen.</p>';
const HOSTILE =
  '<p>&lt;script async src="https://cdn.ampproject.org/v0.js"&gt;&lt;/script&gt; <b>said</b></p>';

async function pageOf(content: string, slug = 'headline'): Promise<Response> {
  const { publish } = await newsroom();
  const id = await publish({ id: '1', headline: 'Headline', body: { format: 'html', content } });
  await settle();
  return request(`/news/${id}/${slug}`, { redirect: 'manual' });
}

/** A policy's directives by name. */
const directives = (response: Response): Record<string, string> =>
  Object.fromEntries(
    (response.headers.get('Content-Security-Policy') ?? '').split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources.join(' ')];
    }),
  );

async function hashOf(style: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style));
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
}

const CLOSED = { 'default-src': "'none'", 'base-uri': "'none'", 'form-action': "'none'" };

describe('a page', () => {
  test('without components runs no script, and takes no style but its own', async () => {
    const page = await pageOf('<p>Some words.</p>');
    const [, style = ''] = /<style amp-custom>([^<]*)<\/style>/.exec(await page.clone().text()) ?? [];
    expect(style).toContain('body');
    expect(directives(page)).toEqual({
      ...CLOSED,
      'script-src': "'none'",
      'style-src': await hashOf(style),
      'img-src': "'self' https:",
      'frame-ancestors': "'self'",
    });
  });

  test('takes its own style when that contains `<`, as the rules for pictures do', async () => {
    const page = await pageOf(
      '<p>Words.</p><img src="https://media.example/a.jpg" alt="" width="4" height="3">',
    );
    const html = await page.clone().text();
    const style = html.slice(html.indexOf('<style amp-custom>') + 18, html.indexOf('</style>'));
    expect(style).toContain('type(<number>)');
    expect(directives(page)['style-src']).toBe(await hashOf(style));
  });

  test('with components runs the scripts of AMP and no other', async () => {
    const page = await pageOf(FILM);
    expect(await page.clone().text()).toContain('<amp-youtube');
    expect(directives(page)).toEqual({
      ...CLOSED,
      'script-src': 'https://cdn.ampproject.org',
      'style-src': "'unsafe-inline'",
      'img-src': "'self' https: data:",
      'media-src': 'https:',
      'frame-src': 'https:',
      'connect-src': 'https:',
      'frame-ancestors': "'self'",
    });
  });

  test('whose article talks about the runtime gets none', async () => {
    const page = await pageOf(HOSTILE);
    expect(await page.clone().text()).toContain('&lt;script async');
    expect(directives(page)['script-src']).toBe("'none'");
  });

  test.each(['/', '/trending', '/sections/none', '/news/0000000000000000/x'])(
    'has them all: %s',
    async (path) => {
      const page = await request(path, { headers: { Accept: 'text/html' } });
      expect(page.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
      expect(directives(page)['script-src']).toBe("'none'");
      expect(page.headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(page.headers.get('Referrer-Policy')).toBe('strict-origin-when-cross-origin');
      expect(page.headers.get('Permissions-Policy')).toContain('camera=(), microphone=(), geolocation=()');
    },
  );

  test('says the same to HEAD, and "not modified" leaves the stored copy its policy', async () => {
    const [whole, head] = [await request('/'), await request('/', { method: 'HEAD' })];
    expect(head.headers.get('Content-Security-Policy')).toBe(whole.headers.get('Content-Security-Policy'));
    const headers = { 'If-None-Match': whole.headers.get('ETag') ?? '' };
    const held = await request('/', { headers });
    expect(held.status).toBe(304);
    for (const policy of ['Content-Security-Policy', 'Permissions-Policy', 'Referrer-Policy']) {
      expect(whole.headers.has(policy)).toBe(true);
      expect(held.headers.has(policy)).toBe(false);
    }
    expect(held.headers.get('X-Content-Type-Options')).toBe('nosniff');
  });
});

test.each(['/articles', '/changes', '/health', '/robots.txt', '/nowhere', '/admin/site', '/feeds/all.json'])(
  'what is no page runs and loads nothing: %s',
  async (path) => {
    const response = await request(path);
    expect(directives(response)).toEqual({ 'default-src': "'none'", 'frame-ancestors': "'none'" });
  },
);

test.each(['/feeds/all.rss', '/feeds/all.atom', '/sitemap.xml', '/news-sitemap.xml'])(
  'a document that a browser may show takes our style sheet: %s',
  async (path) => {
    expect(directives(await request(path))['style-src']).toBe("'self' 'unsafe-inline'");
  },
);

test('a redirection has a referrer policy', async () => {
  const moved = await pageOf(HOSTILE, 'another-slug');
  expect(moved.status).toBe(301);
  expect(moved.headers.get('Referrer-Policy')).toBe('strict-origin-when-cross-origin');
});

test('only a secure connection gets HSTS', async () => {
  expect((await request('/')).headers.has('Strict-Transport-Security')).toBe(false);
  const secure = new Response('ok');
  setSecurityHeaders('https://news.example/', secure);
  expect(secure.headers.get('Strict-Transport-Security')).toBe('max-age=31536000');
  expect(env.ORIGIN).toMatch(/^http:/);
});

test('a policy of its own is kept', async () => {
  const own = { 'Content-Type': 'text/html', 'Content-Security-Policy': "default-src 'self'" };
  const response = new Response('<p>', { headers: own });
  setSecurityHeaders('https://news.example/', response);
  expect(response.headers.get('Content-Security-Policy')).toBe("default-src 'self'");
  expect(await response.text()).toBe('<p>');
});
