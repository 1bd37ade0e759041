/** What a client may call its request: no more than this, and nothing that a log or a header would stumble over. */
const GIVEN = /^[\w=-]{1,255}$/;

/** The id under which a request is answered and logged: the client's own `X-Request-Id`, or a new one. */
export function requestIdOf({ headers }: Pick<Request, 'headers'>): string {
  const given = headers.get('X-Request-Id');
  return given !== null && GIVEN.test(given) ? given : crypto.randomUUID();
}
