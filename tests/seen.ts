import type { SeenAnswer } from './contract.ts';

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
