import { type AppContext, deskOf } from '../bindings.ts';
import { Refusal } from '../domain/refusal.ts';
import { NO_STORE } from '../http/problem.ts';

const DEFAULT_LIMIT = '100';
const MAX_CHANGES = 1_000;

/**
 * `GET /changes`: every article's newest change after a sequence number, oldest first, from the Desk itself: a
 * mirror must not follow a copy that is a minute old.
 */
export async function listChanges(c: AppContext): Promise<Response | Refusal> {
  const { after = '0', limit = DEFAULT_LIMIT } = c.req.query();
  const issues = [
    ...(/^\d{1,15}$/.test(after)
      ? []
      : [{ path: 'after', message: 'must be a seq of an earlier answer, or 0' }]),
    ...(/^\d{1,4}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= MAX_CHANGES
      ? []
      : [{ path: 'limit', message: `must be a number from 1 to ${MAX_CHANGES}` }]),
  ];
  if (issues.length > 0) return new Refusal('invalid-parameters', { issues });
  const { changes, next } = await deskOf(c.env).changes(Number(after), Number(limit));
  return Response.json({ changes, next }, { headers: NO_STORE });
}
