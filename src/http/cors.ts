/** Public reads that scripts on a partner's page use. Responses are the same for everybody, so any origin may read them. */
const OPEN_PATHS = /^\/(?:feeds\/|feeds\.opml$|articles(?:\/|$)|changes$|openapi\.json$)/;

/** Whether scripts of any origin may read this path. */
export const allowsAnyOrigin = (path: string): boolean => OPEN_PATHS.test(path);

/** Lets every origin read a response and those of its headers that a feed reader needs (Fetch, "CORS protocol"). */
export function setCorsHeaders({ headers, status }: Response): void {
  headers.set('Access-Control-Allow-Origin', '*');
  // With a 304, the client's copy keeps the headers it came with.
  if (status !== 304) {
    headers.set('Access-Control-Expose-Headers', 'ETag, IM, Link, Last-Modified, X-Request-Id');
  }
}

/** Responds to a preflight: the request that a browser sends before a script's conditional request. */
export const preflightResponse = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET, HEAD',
      'Access-Control-Allow-Headers': 'A-IM, If-None-Match, If-Modified-Since',
    },
  });
