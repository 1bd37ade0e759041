/** The parts of a response that the contract checks. */
export interface SeenAnswer {
  method: string;
  /** The requested path, with or without its query. */
  path: string;
  status: number;
  /** The whole `Content-Type`; null when absent. */
  type: string | null;
  /** The media type of the request's body, if it had one and named it. */
  sent?: string;
  /** The body's text; only for JSON. */
  body?: string;
}

/** Reads what the contract checks from a copy, so that the test can still read the response. */
export async function seen(init: RequestInit, path: string, response: Response): Promise<SeenAnswer> {
  const type = response.headers.get('Content-Type');
  const method = init.method ?? 'GET';
  const sent = sentBy(init);
  const answer = { method, path, status: response.status, type, ...(sent !== undefined && { sent }) };
  if (method === 'HEAD' || response.body === null || !/[/+]json\s*(?:;|$)/.test(type ?? '')) return answer;
  try {
    return { ...answer, body: await response.clone().text() };
  } catch {
    // Some tests abort a body; an incomplete one cannot be validated.
    return answer;
  }
}

function sentBy({ body, headers }: RequestInit): string | undefined {
  if (body === undefined || body === null || body === '') return undefined;
  // The platform names the type of a form; what it says of bare strings, text/plain, is nobody's claim.
  if (body instanceof URLSearchParams) return 'application/x-www-form-urlencoded';
  return new Headers(headers).get('Content-Type') ?? undefined;
}
