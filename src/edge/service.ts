import * as v from 'valibot';
import type { AppContext } from '../bindings.ts';
import { publicCaching } from '../http/caching.ts';
import { isNotModified, OMITTED_FROM_304 } from '../http/conditional.ts';
import { json, operation } from '../http/operation.ts';
import { FEEDS_TAG } from '../store/cache-tags.ts';
import { document, page } from './response-schemas.ts';

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

/** Generated from the routes by `npm run openapi`. The files are loaded at first use, because few requests need them. */
export const serveOpenApi = operation(
  {
    id: 'getOpenApi',
    tag: 'Service',
    summary: 'Get this document',
    conditional: 'tag',
    answers: { 200: json(v.looseObject({ openapi: v.literal('3.1.0') }), 'The API as OpenAPI 3.1.') },
  },
  (c) => serveFile(c, 'openapi.json', () => import('./openapi.json')),
);

export const serveDocs = operation(
  {
    id: 'getDocs',
    tag: 'Service',
    summary: 'Browse this document',
    conditional: 'tag',
    answers: { 200: page('A page without scripts.') },
  },
  (c) => serveFile(c, 'docs.html', () => import('./docs.html')),
);

/** Serves a generated file as it is, or 304 to a client that has it. Its headers were generated with it. */
async function serveFile(
  c: AppContext,
  name: 'openapi.json' | 'docs.html',
  load: () => Promise<{ default: string }>,
): Promise<Response> {
  const { [name]: built } = (await import('./documents.json', { with: { type: 'json' } })).default;
  const headers: Record<string, string> = { ...built, 'Cache-Control': publicCaching(c.env) };
  if (!isNotModified(c.req.raw.headers, { etag: built.ETag })) {
    return new Response((await load()).default, { headers });
  }
  for (const name of OMITTED_FROM_304) delete headers[name];
  return new Response(null, { status: 304, headers });
}
