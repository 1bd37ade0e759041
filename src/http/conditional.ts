import type { AppContext } from '../bindings.ts';
import { decodeEtag, type EntityTag, encodeEtag } from '../feeds/etag.ts';
import { NO_STORE } from './problem.ts';

/**
 * Headers that a 304 leaves out, because the client's copy came with them. RFC 9110 section 15.4.5: a 304 repeats only
 * the headers that guide caches.
 */
export const OMITTED_FROM_304 = [
  'Content-Type',
  'Link',
  'Content-Security-Policy',
  'Permissions-Policy',
  'Referrer-Policy',
  'Access-Control-Expose-Headers',
] as const;

/** A rendered body, with headers that are known only then. */
export interface RenderedBody {
  text: string;
  headers: Record<string, string>;
}

/** What a read responds with. */
export interface Representation extends EntityTag {
  /** When the newest part of its content last changed; a time in the future is sent as now. */
  lastModified: string;
  headers: Record<string, string>;
  /** The bytes, or a function that renders them, called only when they are sent. */
  body: (() => string | RenderedBody | Promise<string | RenderedBody>) | ReadableStream;
  /** Headers that depend on the bytes of a rendered body. */
  headersOf?: (body: string) => Promise<Record<string, string>>;
  /** Renders a feed of only the entries that changed after a sequence number (RFC 3229). */
  changes?: (since: number) => Promise<RenderedBody>;
}

/**
 * Responds to a read: 304 when the client's copy is current, 226 with the changes since its copy when it requests them
 * by `A-IM: feed`, else 200.
 */
export async function respond(c: AppContext, representation: Representation): Promise<Response> {
  const { changes, body } = representation;
  const etag = encodeEtag(representation);
  // RFC 9110 section 8.8.2.1: a server must not send a time later than its own clock's.
  const modified = new Date(Math.min(Date.parse(representation.lastModified), Date.now()));
  const headers: Record<string, string> = {
    ...representation.headers,
    ETag: etag,
    'Last-Modified': modified.toUTCString(),
  };
  const request = c.req.raw.headers;
  if (isNotModified(request, { etag, modified })) {
    if (body instanceof ReadableStream) await body.cancel();
    for (const name of OMITTED_FROM_304) delete headers[name];
    return new Response(null, { status: 304, headers });
  }
  const since = changes && wantsChanges(request) ? heldSequence(request, representation) : undefined;
  if (changes === undefined || since === undefined) {
    if (body instanceof ReadableStream) return new Response(body, { headers });
    const rendered = await body();
    const { text, headers: own } = typeof rendered === 'string' ? { text: rendered, headers: {} } : rendered;
    const computed = await representation.headersOf?.(text);
    return new Response(text, { headers: { ...headers, ...own, ...computed } });
  }
  const { 'Cache-Tag': _tags, ...rest } = headers;
  const { text, headers: own } = await changes(since);
  return new Response(text, {
    status: 226,
    statusText: 'IM Used',
    // RFC 3229 section 10.4.1: only a cache that supports deltas may keep one, and none in front of Dateline does.
    headers: { ...rest, ...own, IM: 'feed', Vary: 'A-IM, If-None-Match', ...NO_STORE },
  });
}

/**
 * Whether the client's copy is current. `modified` is absent when only the tag can tell. If-Modified-Since counts only
 * without If-None-Match (RFC 9110 section 13.2.2), and not if it is in the future: then it is from before the clock was
 * set back, and the content may have changed since (RFC 9110 section 8.8.2.1: no origin server sends such a time).
 */
export function isNotModified(
  request: Headers,
  { etag, modified }: { etag: string; modified?: Date },
): boolean {
  const noneMatch = request.get('If-None-Match');
  if (noneMatch !== null) {
    // The common case first: clients send back the tag they were given.
    return noneMatch === etag || noneMatch.trim() === '*' || opaqueTags(noneMatch).has(opaque(etag));
  }
  const modifiedSince = request.get('If-Modified-Since');
  if (modifiedSince === null || modified === undefined) return false;
  const since = Date.parse(modifiedSince);
  return since <= Date.now() && Math.floor(modified.getTime() / 1_000) * 1_000 <= since;
}

/** Whether `feed` is among the instance manipulations a client accepts (RFC 3229 section 10.5.3). */
export function wantsChanges(request: Headers): boolean {
  const given = request.get('A-IM');
  if (given === null) return false;
  const accepted = given.toLowerCase().split(',');
  return accepted.some((each) => /^\s*feed\s*(?:;|$)/.test(each) && !/;\s*q\s*=\s*0(?:\.0*)?\s*$/.test(each));
}

/** The newest sequence number among the older copies of this representation that a client holds. */
function heldSequence(request: Headers, { sequence, versions }: EntityTag): number | undefined {
  const held = [...opaqueTags(request.get('If-None-Match') ?? '')].flatMap((text) => {
    const tag = decodeEtag(text);
    const isOlder = tag !== undefined && tag.sequence < sequence;
    return isOlder && encodeEtag({ ...tag, versions }) === `W/${text}` ? [tag.sequence] : [];
  });
  return held.length === 0 ? undefined : Math.max(...held);
}

/** Weak comparison (RFC 9110 section 8.8.3.2) looks only at the opaque part of a tag. */
const opaque = (tag: string): string => tag.replace(/^W\//, '');

function opaqueTags(list: string): Set<string> {
  return new Set((list.match(/(?:W\/)?"[^"]*"/g) ?? []).map(opaque));
}
