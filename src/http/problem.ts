import { type Reason, Refusal } from '../domain/refusal.ts';
import { isPlatformFailure } from '../store/failures.ts';

/** Headers of a response that no cache may store. */
export const NO_STORE = { 'Cache-Control': 'private, no-store' } as const;

/** The status and title of every reason. */
export const PROBLEMS = {
  malformed: { status: 400, title: 'The request is malformed' },
  'invalid-parameters': { status: 400, title: 'A query parameter is invalid' },
  'invalid-hub-request': { status: 400, title: 'The hub request is invalid' },
  'invalid-callback': { status: 400, title: 'The URL is not allowed' },
  unauthorized: { status: 401, title: 'The request is not authenticated' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'request-timeout': { status: 408, title: 'The body did not arrive in time' },
  conflict: { status: 409, title: 'The request conflicts with the current state' },
  withdrawn: { status: 410, title: 'The article was withdrawn' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  invalid: { status: 422, title: 'The content is invalid' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Internal error' },
  'not-implemented': { status: 501, title: 'Not available on this platform' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
} as const satisfies Record<Reason, { status: number; title: string }>;

/** A problem's `type`: stable, for programs. */
export const problemType = (reason: Reason): string => `urn:dateline:problem:${reason}`;

/** A refusal as `application/problem+json` (RFC 9457). Caches may store only the 410 of a tombstone. */
export function toProblemResponse({ reason, details }: Refusal): Response {
  const { status, title } = PROBLEMS[reason];
  const document = {
    type: problemType(reason),
    title,
    status,
    ...(details.detail !== undefined && { detail: details.detail }),
    ...(details.issues !== undefined && { issues: details.issues }),
    ...details.extension,
  };
  return new Response(JSON.stringify(document), {
    status,
    headers: {
      'Content-Type': 'application/problem+json; charset=utf-8',
      ...NO_STORE,
      ...details.headers,
    },
  });
}

/** The refusal for an error that was thrown: a platform failure asks for a retry, any other names only the request. */
export function refusalOf(error: Error, requestId: string): Refusal {
  return isPlatformFailure(error)
    ? new Refusal('unavailable', {
        detail: 'The service is temporarily unavailable; retry after 5 s.',
        headers: { 'Retry-After': '5' },
      })
    : new Refusal('internal', { detail: `Request ${requestId} failed.` });
}
