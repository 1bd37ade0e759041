import { signedHeaders } from '../scripts/signing.ts';
import type { Connection } from './connection.ts';
import { Failure, messageOf, Unreachable } from './report.ts';

/** The site's response to a request. */
export type Answer =
  | { kind: 'accepted'; body: unknown }
  /** The request is invalid; a retry would not help. */
  | { kind: 'refused'; reason: string }
  /** The site is overloaded (429) or failing (5xx); `retryAfter` in milliseconds, if present. */
  | { kind: 'busy'; reason: string; retryAfter?: number };

/** Dateline's limit for a delivery, in bytes; above it the connection may close before the response is read. */
const BODY_LIMIT = 1_048_576;
const TIMEOUT_MS = 60_000;
/** How far clocks may differ: Standard Webhooks allows five minutes. */
const TOLERANCE_MS = 300_000;

/** Sends signed requests to a site as one publisher. */
export class Client {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Delivers a native payload.
   * @throws Failure when the site cannot be reached, is not a Dateline, or rejects the signature
   */
  post(deliveryId: string, body: string): Promise<Answer> {
    return this.#send('POST', '', deliveryId, body);
  }

  /** Previews a payload; stores nothing. Throws like `post`. */
  preview(deliveryId: string, body: string): Promise<Answer> {
    return this.#send('POST', '/preview', deliveryId, body);
  }

  /** A page of the delivery log, newest first; `before` is the `next` of the previous page. Throws like `post`. */
  deliveries(limit: number, before?: string): Promise<Answer> {
    const query = new URLSearchParams({ limit: String(limit), ...(before !== undefined && { before }) });
    return this.#send('GET', `/deliveries?${query}`, `log_${Date.now()}`, '');
  }

  async #send(method: 'GET' | 'POST', path: string, deliveryId: string, body: string): Promise<Answer> {
    const { site, publisher, secret } = this.#connection;
    if (Buffer.byteLength(body) > BODY_LIMIT) {
      return { kind: 'refused', reason: 'must be at most 1 MiB' };
    }
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${site}/webhooks/${publisher}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...signedHeaders(secret, deliveryId, body) },
        ...(method === 'POST' && { body }),
        // A POST that follows a redirect may arrive as a GET.
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await response.text();
    } catch (error) {
      throw new Unreachable(
        `${site} is unreachable (${causeOf(error)}). To start a local site: npm start, or npm run demo`,
      );
    }
    return this.#toAnswer(response, text);
  }

  #toAnswer(response: Response, text: string): Answer {
    const { site, publisher } = this.#connection;
    const { status, headers } = response;
    const body = asJson(text);
    if (status >= 300 && status < 400) {
      throw new Failure(
        `${site} redirects. Try --site ${originOf(headers.get('location'), site) ?? 'with another URL'}`,
      );
    }
    if (status === 401) throw new Failure(unauthorized(publisher, site, headers.get('date')));
    if (status === 429 || status >= 500) {
      const retryAfter = retryAfterOf(headers.get('retry-after'));
      return {
        kind: 'busy',
        reason: `${status} ${problemIn(body)}`.trim(),
        ...(retryAfter !== undefined && { retryAfter }),
      };
    }
    if (status === 404 || body === undefined) {
      throw new Failure(`${site} is not a Dateline site (status ${status}). Check --site.`);
    }
    return response.ok ? { kind: 'accepted', body } : { kind: 'refused', reason: problemIn(body) };
  }
}

function unauthorized(publisher: string, site: string, date: string | null): string {
  const skew = date === null ? 0 : Date.now() - Date.parse(date);
  if (Math.abs(skew) > TOLERANCE_MS) {
    return `This machine’s clock differs from the site’s by ${Math.round(Math.abs(skew) / 60_000)} minutes; signatures are valid for 5. Set the clock.`;
  }
  return (
    `${site} rejects the signature of ${publisher}: the publisher is unknown, or the secret is wrong.\n` +
    'The operator can create a new secret with POST /admin/publishers/{id}/secrets. Save it with: npm run dateline -- login'
  );
}

/** All reasons in a problem document (RFC 9457), in one line. */
export function problemIn(body: unknown): string {
  const { issues, detail, title } = (body ?? {}) as {
    issues?: { path: string; message: string }[];
    detail?: string;
    title?: string;
  };
  if (Array.isArray(issues) && issues.length > 0) {
    return issues.map(({ path, message }) => `${path} ${message}`.trim()).join('; ');
  }
  return String(detail ?? title ?? '');
}

/** The milliseconds of a `Retry-After`, which has seconds or a date (RFC 9110 section 10.2.3). */
export function retryAfterOf(value: string | null): number | undefined {
  if (value === null) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(wait, 0);
}

/** @returns undefined when the text is no JSON */
export function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const originOf = (location: string | null, base: string): string | undefined =>
  location !== null && URL.canParse(location, base) ? new URL(location, base).origin : undefined;

/** The reason why `fetch` failed, which is in the error's cause. */
export function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return code ?? messageOf(cause ?? error);
}
