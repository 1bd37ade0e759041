import type { Issue } from '../domain/draft.ts';

/** Headers of an answer that no cache may keep. */
export const PRIVATE = { 'Cache-Control': 'private, no-store' } as const;

const PROBLEMS = {
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
} as const satisfies Record<string, { status: number; title: string }>;

export type Reason = keyof typeof PROBLEMS;

interface Details {
  /** What to mend, for a person. */
  detail?: string;
  issues?: readonly Issue[];
  /** Members of the document beyond RFC 9457's own. */
  extension?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** Why a request is not answered as asked. A value: handlers return it, `toProblem` alone writes it to the wire. */
export class Refusal {
  readonly reason: Reason;
  readonly details: Details;

  constructor(reason: Reason, details: Details = {}) {
    this.reason = reason;
    this.details = details;
  }
}

/** Of a body that has more than `limit` bytes. */
export const tooLarge = (limit: number): Refusal =>
  new Refusal('too-large', { detail: `The body may have at most ${limit} bytes.` });

/** A refusal as `application/problem+json` (RFC 9457). Never stored by a cache, but for the tombstone's 410. */
export function toProblem({ reason, details }: Refusal): Response {
  const { status, title } = PROBLEMS[reason];
  const document = {
    type: `urn:dateline:problem:${reason}`,
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
      ...PRIVATE,
      ...details.headers,
    },
  });
}
