/** Ids that a client may choose: bounded, and without characters that would break a log line or a header. */
const VALID_ID = /^[\w=-]{1,255}$/;

/** The id of a request in its response and in the log: the client's own `X-Request-Id`, or a new one. */
export function requestIdOf({ headers }: Pick<Request, 'headers'>): string {
  const id = headers.get('X-Request-Id');
  return id !== null && VALID_ID.test(id) ? id : crypto.randomUUID();
}
