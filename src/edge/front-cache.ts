import type { Bindings } from '../bindings.ts';
import { wantsChanges } from '../http/conditional.ts';
import { requestIdOf } from '../http/request-id.ts';
import { setSecurityHeaders } from '../http/security-headers.ts';
import type { Isolate } from '../isolate.ts';
import { logFailure } from '../log.ts';
import { isNavigation } from './feed-response.ts';
import type { Serve } from './response-cache.ts';

/** The entrypoint of public reads, which may have a cache in front. */
export interface PublicReadsEntrypoint {
  fetch(request: Request): Promise<Response>;
  /** Whether it has a cache, as wrangler.toml configures. */
  isCached(): Promise<boolean>;
}

/**
 * Request headers that a public read may depend on besides its URL, which is the cache's only key. `Accept` only decides
 * the form of a 404, which no cache keeps. Nothing else of a request can influence a response that others receive.
 */
const FORWARDED_HEADERS = ['If-None-Match', 'If-Modified-Since', 'Accept'];

interface Gateway {
  isPublicRead(path: string): boolean;
  readsOf(context: ExecutionContext): PublicReadsEntrypoint;
}

/** Whether there is a cache; undefined until the first call of `isCached`. It is constant while an isolate lives. */
const frontCache = (): { exists: boolean | undefined } => ({ exists: undefined });

/**
 * Forwards public reads to the entrypoint behind the cache, if there is a cache. Serves all other requests itself: those
 * that need a token, and those whose response depends on more than the URL.
 */
export function withFrontCache(serve: Serve, isolate: Isolate, { isPublicRead, readsOf }: Gateway): Serve {
  const cache = isolate.get(frontCache);

  return (request, env, context) =>
    cache.exists === false || context === undefined || !isForEverybody(request)
      ? serve(request, env, context)
      : forward(request, env, context);

  async function forward(request: Request, env: Bindings, context: ExecutionContext): Promise<Response> {
    try {
      const reads = readsOf(context);
      cache.exists ??= await reads.isCached();
      if (cache.exists) return await read(request, reads);
    } catch (error) {
      logFailure('cache unavailable', error);
    }
    return serve(request, env, context);
  }

  function isForEverybody({ method, url, headers }: Request): boolean {
    const { pathname } = new URL(url);
    if ((method !== 'GET' && method !== 'HEAD') || !isPublicRead(pathname)) return false;
    return !pathname.startsWith('/feeds/') || !(wantsChanges(headers) || isNavigation(headers));
  }
}

async function read({ url, method, headers }: Request, reads: PublicReadsEntrypoint): Promise<Response> {
  const id = requestIdOf({ headers });
  const forwarded = new Headers({ 'X-Request-Id': id });
  for (const name of FORWARDED_HEADERS) {
    const value = headers.get(name);
    if (value !== null) forwarded.set(name, value);
  }
  const cached = await reads.fetch(new Request(url, { method, headers: forwarded, redirect: 'manual' }));
  const response = new Response(cached.body, cached);
  // The request that filled the cache may have come over plain HTTP, and had another id.
  setSecurityHeaders(url, response);
  response.headers.set('X-Request-Id', id);
  return response;
}
