import type { AppContext } from '../bindings.ts';

/** What a response is a function of. Part of every ETag, so that a new way of rendering is a new representation. */
const RENDERER = 1;

export interface Representation {
  /** Everything the bytes follow from: versions, sequence numbers, parameters. Never "now", never the bytes. */
  versions: readonly (string | number | undefined)[];
  /** When the newest of what it shows last changed. */
  lastModified: string;
  headers: Record<string, string>;
  body: () => string | Promise<string>;
}

/**
 * Answers a read: 304 when the reader's copy is the current one, else the body, which is made only then. 304 carries
 * what 200 would (RFC 9110 section 15.4.5).
 */
export async function respond(c: AppContext, representation: Representation): Promise<Response> {
  const etag = weakTag([RENDERER, ...representation.versions]);
  const modified = new Date(representation.lastModified);
  const headers = { ...representation.headers, ETag: etag, 'Last-Modified': modified.toUTCString() };
  if (isCurrent(c.req.raw.headers, etag, modified)) {
    const { 'Content-Type': _type, ...kept } = headers as Record<string, string>;
    return new Response(null, { status: 304, headers: kept });
  }
  return new Response(await representation.body(), { headers });
}

/** A weak entity tag: equal versions mean an equally good copy, not equal bytes (RFC 9110 section 8.8.1). */
function weakTag(versions: readonly (string | number | undefined)[]): string {
  // Percent-encoding leaves nothing that RFC 9110's `etagc` forbids; `.` separates.
  return `W/"${versions.map((version) => encodeURIComponent(version ?? '').replaceAll('.', '%2E')).join('.')}"`;
}

/** RFC 9110 section 13.2.2: If-None-Match decides alone when it is there; If-Modified-Since only without it. */
function isCurrent(request: Headers, etag: string, modified: Date): boolean {
  const noneMatch = request.get('If-None-Match');
  if (noneMatch !== null) return noneMatch.trim() === '*' || opaqueTags(noneMatch).has(opaque(etag));
  const since = Date.parse(request.get('If-Modified-Since') ?? '');
  return !Number.isNaN(since) && Math.floor(modified.getTime() / 1_000) * 1_000 <= since;
}

/** The weak comparison of RFC 9110 section 8.8.3.2 looks at the opaque parts only. */
const opaque = (tag: string): string => tag.replace(/^W\//, '');

function opaqueTags(list: string): Set<string> {
  return new Set((list.match(/(?:W\/)?"[^"]*"/g) ?? []).map(opaque));
}
