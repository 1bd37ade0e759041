import type { Bindings } from '../bindings.ts';
import { wantsChanges } from '../http/conditional.ts';
import { requestIdOf } from '../http/request-id.ts';
import { protect } from '../http/security-headers.ts';
import { logFailure } from '../log.ts';
import { isNavigation } from './feed-response.ts';
import type { Serve } from './response-cache.ts';

/** The entrypoint in front of which a cache may stand. */
export interface CachedReads {
  fetch(request: Request): Promise<Response>;
  /** Whether one stands there: wrangler.toml decides. */
  isCached(): Promise<boolean>;
}

/**
 * What a public read may follow from besides its URL, by which the cache knows it. `Accept` only decides how a 404 is
 * told, and no cache keeps that. Nothing else of a request can find its way into an answer that others are given.
 */
const FORWARDED = ['If-None-Match', 'If-Modified-Since', 'Accept'];

/** What a request is sent on by, and what it is answered under. */
interface Gateway {
  isPublicRead(path: string): boolean;
  readsOf(context: ExecutionContext): CachedReads;
}

/**
 * Takes public reads to the entrypoint behind the cache, if there is one, and serves the rest: what others may not be
 * given, and what is answered otherwise than its URL says.
 */
export function throughCache(serve: Serve, { isPublicRead, readsOf }: Gateway): Serve {
  /** Once it is known; it stays as it is for as long as the isolate. */
  let isCached: boolean | undefined;

  return (request, env, context) =>
    isCached === false || context === undefined || !isForEverybody(request)
      ? serve(request, env, context)
      : ask(request, env, context);

  async function ask(request: Request, env: Bindings, context: ExecutionContext): Promise<Response> {
    try {
      const reads = readsOf(context);
      isCached ??= await reads.isCached();
      if (isCached) return await read(request, reads);
    } catch (error) {
      logFailure('cache not asked', error);
    }
    return serve(request, env, context);
  }

  function isForEverybody({ method, url, headers }: Request): boolean {
    const { pathname } = new URL(url);
    if ((method !== 'GET' && method !== 'HEAD') || !isPublicRead(pathname)) return false;
    return !pathname.startsWith('/feeds/') || !(wantsChanges(headers) || isNavigation(headers));
  }
}

async function read({ url, method, headers }: Request, reads: CachedReads): Promise<Response> {
  const id = requestIdOf({ headers });
  const forwarded = new Headers({ 'X-Request-Id': id });
  for (const name of FORWARDED) {
    const value = headers.get(name);
    if (value !== null) forwarded.set(name, value);
  }
  const kept = await reads.fetch(new Request(url, { method, headers: forwarded, redirect: 'manual' }));
  const answer = new Response(kept.body, kept);
  // Who filled the cache may have come over HTTP, and asked under another name.
  protect(url, answer);
  answer.headers.set('X-Request-Id', id);
  return answer;
}
