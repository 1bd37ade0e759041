import type { Bindings } from '../bindings.ts';
import { isNotModified, OMITTED_FROM_304, wantsChanges } from '../http/conditional.ts';
import { requestIdOf } from '../http/request-id.ts';
import type { Isolate } from '../isolate.ts';
import { logFailure } from '../log.ts';
import { STALE_IF_ERROR_MS } from '../store/kv-reader.ts';
import { LruCache } from '../store/lru-cache.ts';
import { isNavigation } from './feed-response.ts';

export type Serve = (
  request: Request,
  env: Bindings,
  context?: ExecutionContext,
) => Response | Promise<Response>;

interface CachedResponse {
  /** When it stops being fresh, in milliseconds since the epoch. */
  freshUntil: number;
  headers: Headers;
  etag: string;
  modified: Date;
  /** Whether some requests get another response for the same URL: only changes, or a document for a browser. */
  isFeed: boolean;
  /** Absent in a 304. */
  body?: Uint8Array;
}

const MAX_BYTES = 24 * 1_048_576;
const MAX_RESPONSES = 2_000;
/** A larger body would evict many that are requested more often. */
const MAX_BODY_BYTES = 2 * 1_048_576;

/** The size of a response without its body: a dozen headers and a URL. */
const OVERHEAD_BYTES = 2_048;

/** Statuses that mean that a URL no longer has content. */
const GONE = new Set([301, 404, 410]);

const responses = () =>
  new LruCache<CachedResponse>({
    values: MAX_RESPONSES,
    bytes: MAX_BYTES,
    bytesOf: ({ body }) => OVERHEAD_BYTES + (body?.byteLength ?? 0),
    milliseconds: STALE_IF_ERROR_MS,
  });

/**
 * Recent responses of this isolate by URL: 200s with their bodies, and 304s. Contains finished responses, never promises.
 */
class ResponseCache {
  readonly #complete = responses();
  readonly #notModified = responses();
  readonly #freshUntil = new WeakMap<Response, number>();
  readonly #final = new WeakSet<Response>();

  /** Forbids to send a stored response instead of this one, which is not due to a failure. */
  forbidStale(response: Response): void {
    this.#final.add(response);
  }

  /** The stored response to send instead of one that says that the service is unavailable, however old. */
  insteadOf(response: Response, request: Request): Response | undefined {
    return this.#final.has(response) ? undefined : this.lookupStale(request);
  }

  /** Limits how long a response may be stored as fresh, in milliseconds since the epoch. */
  limitFreshness(response: Response, until: number): void {
    this.#freshUntil.set(response, until);
  }

  /** When a response stops being fresh: `seconds` after `now`, or earlier if limited. */
  freshUntil(response: Response, now: number, seconds: number): number {
    return Math.min(now + seconds * 1_000, this.#freshUntil.get(response) ?? Number.POSITIVE_INFINITY);
  }

  /** The stored response to a request, if it is fresh at `now`. */
  lookup(request: Request, now: number): Response | undefined {
    // Reading a request's headers costs as much as the lookup, so they are read only if the response depends on them.
    const { url, headers } = request;
    const unchanged = fresh(this.#notModified.get(url), now);
    if (unchanged !== undefined && isNotModified(headers, unchanged)) return toResponse(request, unchanged);
    const cached = fresh(this.#complete.get(url), now);
    if (cached === undefined) return undefined;
    if (isNotModified(headers, cached)) {
      const { body: _body, ...rest } = cached;
      const notModified = { ...rest, headers: withoutContent(cached.headers) };
      this.#notModified.set(url, notModified);
      return toResponse(request, notModified);
    }
    if (cached.isFeed && (wantsChanges(headers) || isNavigation(headers))) return undefined;
    return toResponse(request, cached);
  }

  /** The stored response to a request, however old: for when no other is available. */
  lookupStale(request: Request): Response | undefined {
    return this.lookup(request, Number.NEGATIVE_INFINITY);
  }

  /** Stores a response. @returns the response to send instead; throws when its body ends early */
  async store(url: string, response: Response, freshUntil: number): Promise<Response> {
    const cached: CachedResponse = {
      freshUntil,
      headers: new Headers(response.headers),
      etag: response.headers.get('ETag') ?? '',
      modified: new Date(response.headers.get('Last-Modified') ?? ''),
      isFeed: new URL(url).pathname.startsWith('/feeds/'),
    };
    // A 304 for an older copy must not be served as stale.
    if (this.#complete.get(url)?.etag !== cached.etag) this.delete(url);
    if (response.status === 304) {
      this.#notModified.set(url, cached);
      return response;
    }
    const body = new Uint8Array(await response.arrayBuffer());
    if (body.byteLength <= MAX_BODY_BYTES) this.#complete.set(url, { ...cached, body });
    return new Response(body, response);
  }

  delete(url: string): void {
    this.#complete.delete(url);
    this.#notModified.delete(url);
  }
}

export const responseCache = () => new ResponseCache();

/**
 * Serves recent responses from isolate memory, before anything is routed, read or rendered: public reads that are the
 * same for everybody. Their data is at most `MEMORY_SECONDS` old. When KV or the Desk fails, the stored response may be
 * `STALE_IF_ERROR_MS` old (RFC 5861 section 4). Not so when a budget is spent: strangers could keep a withdrawn article
 * visible that way.
 */
export function withResponseCache(serve: Serve, isolate: Isolate): Serve {
  const cache = isolate.get(responseCache);

  return (request, env, context) => {
    const seconds = Number(env.MEMORY_SECONDS);
    if (seconds === 0 || request.method !== 'GET') return serve(request, env, context);
    return cache.lookup(request, Date.now()) ?? serveAndStore(request, env, context, seconds);
  };

  async function serveAndStore(
    request: Request,
    env: Bindings,
    context: ExecutionContext | undefined,
    seconds: number,
  ): Promise<Response> {
    const { url } = request;
    const now = Date.now();
    const response = await serve(request, env, context);
    if (response.status === 503) return cache.insteadOf(response, request) ?? response;
    if (GONE.has(response.status)) cache.delete(url);
    const freshUntil = cache.freshUntil(response, now, seconds);
    if (!isCacheable(response) || freshUntil <= now) return response;
    try {
      return await cache.store(url, response, freshUntil);
    } catch (error) {
      logFailure('response body ended early', error, { path: new URL(url).pathname });
      // The second attempt is streamed unbuffered: it may end early again, but often succeeds.
      return cache.lookupStale(request) ?? serve(request, env, context);
    }
  }
}

const fresh = (cached: CachedResponse | undefined, now: number): CachedResponse | undefined =>
  cached !== undefined && now < cached.freshUntil ? cached : undefined;

function toResponse(request: Request, { headers, body }: CachedResponse): Response {
  // A response copies its headers. Setting the id before the copy is cheaper than after it.
  headers.set('X-Request-Id', requestIdOf(request));
  return new Response(body ?? null, { status: body === undefined ? 304 : 200, headers });
}

/** Whether a response depends only on its URL, and has a validator. */
function isCacheable({ status, headers }: Response): boolean {
  const isRead = status === 200 || status === 304;
  return isRead && headers.has('ETag') && (headers.get('Cache-Control') ?? '').startsWith('public');
}

function withoutContent(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of OMITTED_FROM_304) kept.delete(name);
  return kept;
}
