/** An answer as it was seen. */
export interface SeenAnswer {
  method: string;
  /** The path that was asked for, with or without its query. */
  path: string;
  status: number;
  /** The whole `Content-Type`; null without one. */
  type: string | null;
  /** The body's text, of JSON only. */
  body?: string;
}

/** What the contract needs to know of an answer. The answer itself can still be read. */
export async function seen(method: string, path: string, response: Response): Promise<SeenAnswer> {
  const type = response.headers.get('Content-Type');
  const answer = { method, path, status: response.status, type };
  if (method === 'HEAD' || response.body === null || !/[/+]json\s*(?:;|$)/.test(type ?? '')) return answer;
  try {
    return { ...answer, body: await response.clone().text() };
  } catch {
    // A body that breaks off, as some tests have it, cannot be held against anything.
    return answer;
  }
}
