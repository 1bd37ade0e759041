import type { Issue } from './draft.ts';

/** Why a request or a delivery is not answered as asked. `http/problem.ts` maps each reason to a status and a title. */
export type Reason =
  | 'malformed'
  | 'invalid-parameters'
  | 'invalid-hub-request'
  | 'invalid-callback'
  | 'unauthorized'
  | 'not-found'
  | 'method-not-allowed'
  | 'conflict'
  | 'withdrawn'
  | 'too-large'
  | 'unsupported-media-type'
  | 'invalid'
  | 'too-many-requests'
  | 'internal'
  | 'unavailable';

interface Details {
  /** What to mend, for a person. */
  detail?: string;
  issues?: readonly Issue[];
  /** Members of the document beyond RFC 9457's own. */
  extension?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** An error as a value: code returns it, `toProblemResponse` alone writes it to the wire. */
export class Refusal {
  readonly reason: Reason;
  readonly details: Details;

  constructor(reason: Reason, details: Details = {}) {
    this.reason = reason;
    this.details = details;
  }
}

/** A body has more than `limit` bytes. */
export const tooLarge = (limit: number): Refusal =>
  new Refusal('too-large', { detail: `The body may have at most ${limit} bytes.` });
