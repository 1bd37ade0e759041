import type { AppContext } from '../bindings.ts';
import { publicCaching } from '../http/caching.ts';
import { FEEDS_TAG } from '../store/cache-tags.ts';

/** `GET /health`: the Worker answers. */
export function serveHealth(_c: AppContext): Response {
  return Response.json({ status: 'ok' }, { headers: { 'Cache-Control': 'no-store' } });
}

/** `GET /robots.txt` (RFC 9309): all is open but what only machines with a key have use for. */
export function serveRobots(c: AppContext): Response {
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
}
