import type { AppContext } from '../bindings.ts';
import { decodeEtag, type EntityTag, encodeEtag } from '../feeds/etag.ts';
import { NO_STORE } from './problem.ts';

/**
 * What a 304 does not say again: it names a copy that came with all of this. RFC 9110 section 15.4.5 has it repeat
 * what guides caches, and no more.
 */
export const OF_CONTENT = [
  'Content-Type',
  'Link',
  'Content-Security-Policy',
  'Permissions-Policy',
  'Referrer-Policy',
  'Access-Control-Expose-Headers',
] as const;

/** A representation, and what its bytes follow from. */
export interface Representation extends EntityTag {
  /** When the newest of what it shows last changed. */
  lastModified: string;
  headers: Record<string, string>;
  /** Makes the bytes, or has them ready. */
  body: (() => string | Promise<string>) | ReadableStream;
  /** Headers that follow from the bytes, for a body that is made. */
  headersOf?: (body: string) => Promise<Record<string, string>>;
  /** A document of only what changed after an earlier sequence number, for feeds (RFC 3229). */
  changes?: (since: number) => Promise<string>;
}

/**
 * Answers a read: 304 when the reader's copy is the current one; 226 with what is new to it, when it asks for that
 * with `A-IM: feed`; else the body, which is made only then.
 */
export async function respond(c: AppContext, representation: Representation): Promise<Response> {
  const { changes, body } = representation;
  const etag = encodeEtag(representation);
  const modified = new Date(representation.lastModified);
  const headers: Record<string, string> = {
    ...representation.headers,
    ETag: etag,
    'Last-Modified': modified.toUTCString(),
  };
  const request = c.req.raw.headers;
  if (isCurrent(request, { etag, modified })) {
    if (body instanceof ReadableStream) await body.cancel();
    for (const name of OF_CONTENT) delete headers[name];
    return new Response(null, { status: 304, headers });
  }
  const since = changes && wantsChanges(request) ? heldSequence(request, representation) : undefined;
  if (changes === undefined || since === undefined) {
    if (body instanceof ReadableStream) return new Response(body, { headers });
    const text = await body();
    return new Response(text, { headers: { ...headers, ...(await representation.headersOf?.(text)) } });
  }
  const { 'Cache-Tag': _tags, ...rest } = headers;
  return new Response(await changes(since), {
    status: 226,
    statusText: 'IM Used',
    // RFC 3229 section 10.4.1: only a cache that knows deltas may keep one, and none in front of us does.
    headers: { ...rest, IM: 'feed', Vary: 'A-IM, If-None-Match', ...NO_STORE },
  });
}

/** RFC 9110 section 13.2.2: If-None-Match decides alone when it is there; If-Modified-Since only without it. */
export function isCurrent(request: Headers, { etag, modified }: { etag: string; modified: Date }): boolean {
  const noneMatch = request.get('If-None-Match');
  if (noneMatch !== null) {
    // Most readers send back the very tag they were given.
    return noneMatch === etag || noneMatch.trim() === '*' || opaqueTags(noneMatch).has(opaque(etag));
  }
  const modifiedSince = request.get('If-Modified-Since');
  if (modifiedSince === null) return false;
  const since = Date.parse(modifiedSince);
  return !Number.isNaN(since) && Math.floor(modified.getTime() / 1_000) * 1_000 <= since;
}

/** Whether `feed` is among the instance manipulations a client accepts (RFC 3229 section 10.5.3). */
export function wantsChanges(request: Headers): boolean {
  const given = request.get('A-IM');
  if (given === null) return false;
  const accepted = given.toLowerCase().split(',');
  return accepted.some((each) => /^\s*feed\s*(?:;|$)/.test(each) && !/;\s*q\s*=\s*0(?:\.0*)?\s*$/.test(each));
}

/** The newest sequence number among the older copies that a client holds of this very representation. */
function heldSequence(request: Headers, { sequence, versions }: EntityTag): number | undefined {
  const held = [...opaqueTags(request.get('If-None-Match') ?? '')].flatMap((text) => {
    const tag = decodeEtag(text);
    const isOlder = tag !== undefined && tag.sequence < sequence;
    return isOlder && encodeEtag({ ...tag, versions }) === `W/${text}` ? [tag.sequence] : [];
  });
  return held.length === 0 ? undefined : Math.max(...held);
}

/** The weak comparison of RFC 9110 section 8.8.3.2 looks at the opaque parts only. */
const opaque = (tag: string): string => tag.replace(/^W\//, '');

function opaqueTags(list: string): Set<string> {
  return new Set((list.match(/(?:W\/)?"[^"]*"/g) ?? []).map(opaque));
}
