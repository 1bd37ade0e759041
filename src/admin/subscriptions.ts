import { type AppContext, subscriptionsOf } from '../bindings.ts';
import { Refusal } from '../domain/refusal.ts';
import { NO_STORE } from '../http/problem.ts';

const PAGE = 100;

/** `GET /admin/subscriptions?after=`: who is pushed what, and what goes wrong with it. */
export async function listSubscriptions(c: AppContext): Promise<Response> {
  const page = await subscriptionsOf(c.env).list(c.req.query('after') ?? '', PAGE);
  return Response.json(page, { headers: NO_STORE });
}

/** `POST /admin/subscriptions/{id}/resume`: takes a suspended one up again, with what it was owed meanwhile. */
export async function resumeSubscription(c: AppContext): Promise<Response | Refusal> {
  const id = c.req.param('id') ?? '';
  if (await subscriptionsOf(c.env).resume(id))
    return Response.json({ id, state: 'active' }, { headers: NO_STORE });
  return new Refusal('not-found', { detail: 'There is no subscription with this id.' });
}
