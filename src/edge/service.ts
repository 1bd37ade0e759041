import * as v from 'valibot';
import { publicCaching } from '../http/caching.ts';
import { json, operation } from '../http/operation.ts';
import { FEEDS_TAG } from '../store/cache-tags.ts';
import { document } from './answers.ts';

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
    ignoresUnknown: true,
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
