import * as v from 'valibot';
import type { AppContext } from '../bindings.ts';
import { Refusal } from '../domain/refusal.ts';
import { publicCaching } from '../http/caching.ts';
import { described, json, operation } from '../http/operation.ts';
import { FEEDS_TAG } from '../store/cache-tags.ts';
import { document, page } from './answers.ts';

export const serveHealth = operation(
  {
    id: 'getHealth',
    tag: 'Service',
    summary: 'Say that the Worker runs',
    answers: { 200: json(v.strictObject({ status: v.literal('ok') }), 'It runs.') },
  },
  () => Response.json({ status: 'ok' }, { headers: { 'Cache-Control': 'no-store' } }),
);

/** RFC 9309: all is open but what only machines with a key have use for. */
export const serveRobots = operation(
  {
    id: 'getRobots',
    tag: 'Readers',
    summary: 'Tell crawlers where to go',
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

/** Not `public`: an isolate would keep a copy in its memory, and these lie as near as that. */
const ASSET_CACHING = 'max-age=300';

/**
 * Of the viewer: only its own script and style run, and it asks only this site. Swagger UI draws its icons as `data:`
 * pictures.
 */
const VIEWER_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A file of `public/`; 304 when the reader's copy is the current one. */
async function asset(c: AppContext, path: string, policy?: string): Promise<Response | Refusal> {
  const copy = c.req.header('If-None-Match');
  const request = new Request(new URL(path, c.env.ORIGIN), {
    headers: copy === undefined ? {} : { 'If-None-Match': copy },
  });
  const found = await c.env.ASSETS.fetch(request);
  if (found.status !== 200 && found.status !== 304) {
    await found.body?.cancel();
    return new Refusal('not-found');
  }
  const response = new Response(found.body, found);
  response.headers.delete('CF-Cache-Status');
  response.headers.set('Cache-Control', ASSET_CACHING);
  if (policy !== undefined && found.status === 200) response.headers.set('Content-Security-Policy', policy);
  return response;
}

/** Made from the routes when the code is changed (`npm run openapi`), and served as it is. */
export const serveOpenApi = operation(
  {
    id: 'getOpenApi',
    tag: 'Service',
    summary: 'Read this document',
    answers: {
      200: json(v.looseObject({ openapi: v.literal('3.1.0') }), 'The API as OpenAPI 3.1.'),
      304: { description: 'The copy is the current one.' },
    },
  },
  (c) => asset(c, '/openapi.json'),
);

export const serveDocs = operation(
  {
    id: 'getDocs',
    tag: 'Service',
    summary: 'Show this document to people',
    answers: { 200: page('A viewer.'), 304: { description: 'The copy is the current one.' } },
  },
  (c) => asset(c, '/docs/viewer.html', VIEWER_POLICY),
);

const VIEWER_FILES = ['viewer.js', 'swagger-ui.js', 'swagger-ui.css'];

export const serveDocsFile = operation(
  {
    id: 'getDocsFile',
    tag: 'Service',
    summary: 'Load a part of the viewer',
    path: v.object({ file: described(v.picklist(VIEWER_FILES), 'A script or a style sheet.', 'viewer.js') }),
    answers: {
      200: {
        description: 'The file.',
        content: { 'text/javascript': v.string(), 'text/css': v.string() },
      },
      304: { description: 'The copy is the current one.' },
    },
    problems: ['not-found'],
  },
  (c, { path }) => asset(c, `/docs/${path.file}`),
);
