import type { Env, Handler } from './bindings.ts';
import { constant, notModified, pageReads, streamed } from './floors.ts';
import { feedOf } from './peers.ts';
import { receive, receiveLimited } from './receiving.ts';
import { backlog, seed } from './seeding.ts';
import { start } from './starting.ts';

export { Inbox } from './inbox.ts';

const HANDLERS: Readonly<Record<string, Handler>> = {
  constant,
  'not-modified': notModified,
  streamed,
  'page-reads': pageReads,
  receive,
  'receive-limited': receiveLimited,
  peer: feedOf,
  seed,
  backlog,
  start,
  /** `PUT /kv/{key}`: stores what floors and peers serve. */
  kv: async (request, env, [key = '']) => {
    await env.KV.put(key, await request.text());
    return new Response(null, { status: 204 });
  },
};

/** Everything but Dateline: the floors and peers it is compared with, and the seeder of its Desk. */
export default {
  fetch(request: Request, env: Env): Response | Promise<Response> {
    const [, name = '', ...rest] = new URL(request.url).pathname.split('/');
    return HANDLERS[name]?.(request, env, rest) ?? new Response(null, { status: 404 });
  },
};
