import type { Issue } from './draft.ts';

/** Why a request or a delivery is refused. `http/problem.ts` maps each reason to a status and a title. */
export type Reason =
  | 'malformed'
  | 'invalid-parameters'
  | 'invalid-hub-request'
  | 'invalid-callback'
  | 'unauthorized'
  | 'not-found'
  | 'method-not-allowed'
  | 'request-timeout'
  | 'conflict'
  | 'withdrawn'
  | 'too-large'
  | 'unsupported-media-type'
  | 'invalid'
  | 'too-many-requests'
  | 'internal'
  | 'not-implemented'
  | 'unavailable';

interface Details {
  /** What is wrong and how to correct it, for people. */
  detail?: string;
  issues?: readonly Issue[];
  /** Extension members of the problem document (RFC 9457 section 3.2). */
  extension?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** An error as a value: functions return it, and only `toProblemResponse` turns it into a response. */
export class Refusal {
  readonly reason: Reason;
  readonly details: Details;

  constructor(reason: Reason, details: Details = {}) {
    this.reason = reason;
    this.details = details;
  }
}

/** The refusal of a body of more than `limit` bytes. */
export const tooLarge = (limit: number): Refusal =>
  new Refusal('too-large', { detail: `The body must be at most ${limit} bytes.` });
