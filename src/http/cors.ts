/** Reads that a script on a partner's page may make: they are the same for everybody, so any origin may. */
const OPEN = /^\/(?:feeds\/|feeds\.opml$|articles(?:\/|$)|changes$)/;

export const isCrossOrigin = (path: string): boolean => OPEN.test(path);

/** Lets every origin read a response, and its headers that a reader needs (Fetch, "CORS protocol"). */
export function openToAll({ headers, status }: Response): void {
  headers.set('Access-Control-Allow-Origin', '*');
  // Who is told that nothing changed has these already.
  if (status !== 304) {
    headers.set('Access-Control-Expose-Headers', 'ETag, IM, Link, Last-Modified, X-Request-Id');
  }
}

/** What a browser asks before it sends a script's conditional request. */
export const preflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET, HEAD',
      'Access-Control-Allow-Headers': 'A-IM, If-None-Match, If-Modified-Since',
    },
  });
