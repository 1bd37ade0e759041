import { articleKey, feedKey, keyOf, publisherKey } from '../../src/store/records.ts';
import type { Handler } from './bindings.ts';

const bodies = new Map<string, Uint8Array>();

/** `/constant/{key}`: the same bytes from memory; only the first request reads KV. */
export const constant: Handler = async (_request, env, [key = '']) => {
  let body = bodies.get(key);
  if (body === undefined) {
    body = new Uint8Array((await env.KV.get(key, 'arrayBuffer')) ?? new ArrayBuffer());
    bodies.set(key, body);
  }
  return new Response(body, { headers: TYPE });
};

/** `/streamed/{key}`: one KV read, streamed to the client. */
export const streamed: Handler = async (_request, env, [key = '']) =>
  new Response(await env.KV.get(key, 'stream'), { headers: TYPE });

/** `/page-reads/{article}/{publisher}/{section}`: only the two KV reads of an article's page. */
export const pageReads: Handler = async (_request, env, [id = '', publisher = '', section = '']) => {
  await env.SITE.get(articleKey(id));
  const feed = feedKey({ kind: 'sections', name: decodeURIComponent(section) });
  await env.SITE.get([keyOf({ kind: 'site' }), publisherKey(publisher), feed, keyOf({ kind: 'trending' })]);
  return new Response('read', { headers: TYPE });
};

export const notModified: Handler = () => new Response(null, { status: 304 });

const TYPE = { 'Content-Type': 'text/plain; charset=utf-8' };
