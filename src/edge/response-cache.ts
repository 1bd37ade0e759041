import type { Bindings } from '../bindings.ts';
import { isCurrent, OF_CONTENT, wantsChanges } from '../http/conditional.ts';
import { requestIdOf } from '../http/request-id.ts';
import { logFailure } from '../log.ts';
import { type Freshness, LAST_RESORT_MS } from '../store/cache.ts';
import { LeastRecentlyUsed } from '../store/lru-cache.ts';
import { isNavigation } from './feed-response.ts';

export type Serve = (
  request: Request,
  env: Bindings,
  context?: ExecutionContext,
) => Response | Promise<Response>;

/** An answer as it was given to somebody else. */
interface Answer {
  /** Until when it may be given again, in milliseconds since the epoch. */
  until: number;
  headers: Headers;
  etag: string;
  modified: Date;
  /** Whether some are given another answer under the same URL: only what is new, or a document for a browser. */
  isFeed: boolean;
  /** Absent in a 304. */
  body?: Uint8Array;
}

const MAX_BYTES = 24 * 1_048_576;
const MAX_RESPONSES = 2_000;
/** A larger body would push out many that are asked for more often. */
const MAX_BODY_BYTES = 2 * 1_048_576;

/** What an answer takes besides its body: a dozen headers, a URL. */
const OVERHEAD = 2_048;

const memoryOf = () =>
  new LeastRecentlyUsed<Answer>({
    values: MAX_RESPONSES,
    bytes: MAX_BYTES,
    bytesOf: ({ body }) => OVERHEAD + (body?.byteLength ?? 0),
    milliseconds: LAST_RESORT_MS,
  });

/** By URL: whole representations, and what "not modified" says of them. Only finished answers, never promises. */
const whole = memoryOf();
const notModified = memoryOf();

/**
 * Gives what this isolate answered a moment ago again, before anything is routed, read or rendered: public reads that
 * are the same for everybody. What an answer was read from may be `MEMORY_SECONDS` old when it is given, not older;
 * but where there would be none for want of KV or the Desk, it may be `LAST_RESORT_MS` old (RFC 5861 section 4).
 */
export function remembering(serve: Serve): Serve {
  return (request, env, context) => {
    const seconds = Number(env.MEMORY_SECONDS);
    if (seconds === 0 || request.method !== 'GET') return serve(request, env, context);
    const { url } = request;
    return recall(url, request, Date.now()) ?? ask();

    async function ask(): Promise<Response> {
      const now = Date.now();
      const freshness: Freshness = { until: now + seconds * 1_000 };
      const response = await serve(request, { ...env, freshness }, context);
      if (response.status === 503) return recall(url, request, LONG_AGO) ?? response;
      if (GONE.has(response.status)) forget(url);
      if (!isForEverybody(response) || freshness.until <= now) return response;
      try {
        return await remember(url, response, freshness.until);
      } catch (error) {
        logFailure('an answer broke off', error, { path: new URL(url).pathname });
        // What is passed on as it comes may break off again, but is whole as often as not.
        return recall(url, request, LONG_AGO) ?? serve(request, env, context);
      }
    }
  };
}

/** A time at which everything that is held was fresh. */
const LONG_AGO = 0;

/**
 * What was answered and is still fresh at `now`. Each look at a request's headers costs as much as the look-up: none
 * is made that the answer does not hang on.
 */
function recall(url: string, request: Request, now: number): Response | undefined {
  const { headers } = request;
  const unchanged = fresh(notModified.get(url), now);
  if (unchanged !== undefined && isCurrent(headers, unchanged)) return again(request, unchanged);
  const answer = fresh(whole.get(url), now);
  if (answer === undefined) return undefined;
  if (isCurrent(headers, answer)) {
    const { body: _body, ...rest } = answer;
    const kept = { ...rest, headers: withoutContent(answer.headers) };
    notModified.set(url, kept);
    return again(request, kept);
  }
  if (answer.isFeed && (wantsChanges(headers) || isNavigation(headers))) return undefined;
  return again(request, answer);
}

const fresh = (answer: Answer | undefined, now: number): Answer | undefined =>
  answer !== undefined && now < answer.until ? answer : undefined;

function again(request: Request, { headers, body }: Answer): Response {
  // A response copies its headers: they are named for this request before that, which is cheaper than after it.
  headers.set('X-Request-Id', requestIdOf(request));
  return new Response(body ?? null, { status: body === undefined ? 304 : 200, headers });
}

async function remember(url: string, response: Response, until: number): Promise<Response> {
  const answer: Answer = {
    until,
    headers: new Headers(response.headers),
    etag: response.headers.get('ETag') ?? '',
    modified: new Date(response.headers.get('Last-Modified') ?? ''),
    isFeed: new URL(url).pathname.startsWith('/feeds/'),
  };
  // What is known of an older copy must not be the last resort.
  if (whole.get(url)?.etag !== answer.etag) forget(url);
  if (response.status === 304) {
    notModified.set(url, answer);
    return response;
  }
  const body = new Uint8Array(await response.arrayBuffer());
  if (body.byteLength <= MAX_BODY_BYTES) whole.set(url, { ...answer, body });
  return new Response(body, response);
}

/** What says that there is no such thing any more, or that it has moved. */
const GONE = new Set([301, 404, 410]);

function forget(url: string): void {
  whole.delete(url);
  notModified.delete(url);
}

/** Whether an answer follows from its URL alone, and can be told to be current. */
function isForEverybody({ status, headers }: Response): boolean {
  const isRead = status === 200 || status === 304;
  return isRead && headers.has('ETag') && (headers.get('Cache-Control') ?? '').startsWith('public');
}

function withoutContent(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of OF_CONTENT) kept.delete(name);
  return kept;
}
