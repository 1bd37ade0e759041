import * as v from 'valibot';
import { outboundRules, subscriptionsOf } from '../bindings.ts';
import { Refusal } from '../domain/refusal.ts';
import { described, json, operation } from '../http/operation.ts';
import { NO_STORE } from '../http/problem.ts';
import { resumedSchema, subscriptionsSchema } from './response-schemas.ts';

const PAGE = 100;

export const listSubscriptions = operation(
  {
    id: 'listSubscriptions',
    tag: 'Operator',
    summary: 'List push subscriptions and their delivery errors',
    description: `${PAGE} per page, without their secrets.`,
    security: ['operator'],
    query: v.object({
      after: v.optional(described(v.string(), 'The `next` value of the previous page.'), ''),
    }),
    answers: { 200: json(subscriptionsSchema, 'A page of subscriptions, ordered by id.') },
  },
  async (c, { query }) => {
    const rules = outboundRules(c.env, c.req.url);
    return Response.json(await subscriptionsOf(c.env).list(query.after, PAGE, rules), { headers: NO_STORE });
  },
);

export const resumeSubscription = operation(
  {
    id: 'resumeSubscription',
    tag: 'Operator',
    summary: 'Resume a suspended subscription',
    description: 'Deliveries that were held back are sent.',
    security: ['operator'],
    path: v.object({ id: described(v.string(), 'The subscription’s id.') }),
    answers: { 200: json(resumedSchema, 'The subscription is active.') },
    problems: ['not-found'],
  },
  async (c, { path: { id } }) =>
    (await subscriptionsOf(c.env).resume(id))
      ? Response.json({ id, state: 'active' }, { headers: NO_STORE })
      : new Refusal('not-found', { detail: 'No subscription has this id.' }),
);
