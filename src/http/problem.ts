import { type Reason, Refusal } from '../domain/refusal.ts';
import { isPlatformFailure } from '../store/failures.ts';

/** Headers of a response that no cache may keep. */
export const NO_STORE = { 'Cache-Control': 'private, no-store' } as const;

/** The status and title of every reason. */
export const PROBLEMS = {
  malformed: { status: 400, title: 'The request cannot be read' },
  'invalid-parameters': { status: 400, title: 'A query parameter is not one of those allowed' },
  'invalid-hub-request': { status: 400, title: 'The hub does not take this request' },
  'invalid-callback': { status: 400, title: 'A URL is not one that may be called' },
  unauthorized: { status: 401, title: 'The request is not authenticated' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'This method is not available here' },
  conflict: { status: 409, title: 'The state of things does not allow this' },
  withdrawn: { status: 410, title: 'The article was withdrawn' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'This kind of body is not understood here' },
  invalid: { status: 422, title: 'The content is not valid' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong here' },
  unavailable: { status: 503, title: 'Not available just now' },
} as const satisfies Record<Reason, { status: number; title: string }>;

/** A problem's `type`: stable, for programs. */
export const problemType = (reason: Reason): string => `urn:dateline:problem:${reason}`;

/** A refusal as `application/problem+json` (RFC 9457). Never stored by a cache, but for the tombstone's 410. */
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

/** The response to an error that was thrown: to try again when it is the platform's, else only the request's id. */
export function refusalOf(error: Error, requestId: string): Refusal {
  return isPlatformFailure(error)
    ? new Refusal('unavailable', {
        detail: 'Send the same request again in a moment.',
        headers: { 'Retry-After': '5' },
      })
    : new Refusal('internal', { detail: `Request ${requestId} failed.` });
}
