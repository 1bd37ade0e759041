import * as v from 'valibot';
import { publicCaching } from '../http/caching.ts';
import { json, operation } from '../http/operation.ts';
import { pageHeaders } from '../http/security-headers.ts';
import { FEEDS_TAG } from '../store/cache-tags.ts';
import { document, page } from './answers.ts';
import { docsPage, type OpenApi } from './docs-page.ts';

export const serveHealth = operation(
  {
    id: 'getHealth',
    tag: 'Service',
    summary: 'Check that the Worker runs',
    answers: { 200: json(v.strictObject({ status: v.literal('ok') }), 'The Worker runs.') },
  },
  () => Response.json({ status: 'ok' }, { headers: { 'Cache-Control': 'no-store' } }),
);

/** RFC 9309: everything may be crawled except what only machines use. */
export const serveRobots = operation(
  {
    id: 'getRobots',
    tag: 'Readers',
    summary: 'Get the rules for crawlers',
    answers: { 200: document('text/plain', 'robots.txt (RFC 9309).') },
  },
  (c) => {
    const lines = [
      'User-agent: *',
      ...['/admin/', '/webhooks/', '/partners/', '/changes', '/hub'].map((path) => `Disallow: ${path}`),
      '',
      ...['/sitemap.xml', '/news-sitemap.xml'].map((path) => `Sitemap: ${c.env.ORIGIN}${path}`),
      '',
    ];
    return new Response(lines.join('\n'), {
      headers: {
        'Content-Type': 'text/plain; charset=utf-8',
        'Cache-Control': publicCaching(c.env),
        'Cache-Tag': FEEDS_TAG,
      },
    });
  },
);

/** Loaded at first use: few requests need it, and a start should not wait for it. */
const loadDocument = async (): Promise<OpenApi> =>
  (await import('./openapi.json', { with: { type: 'json' } })).default as unknown as OpenApi;

/** Generated from the routes by `npm run openapi`. */
export const serveOpenApi = operation(
  {
    id: 'getOpenApi',
    tag: 'Service',
    summary: 'Get this document',
    answers: { 200: json(v.looseObject({ openapi: v.literal('3.1.0') }), 'The API as OpenAPI 3.1.') },
  },
  async (c) => Response.json(await loadDocument(), { headers: { 'Cache-Control': publicCaching(c.env) } }),
);

export const serveDocs = operation(
  {
    id: 'getDocs',
    tag: 'Service',
    summary: 'Browse this document',
    answers: { 200: page('A page without scripts.') },
  },
  async (c) => {
    const html = docsPage(await loadDocument());
    return new Response(html, {
      headers: { 'Cache-Control': publicCaching(c.env), ...(await pageHeaders(html)) },
    });
  },
);
