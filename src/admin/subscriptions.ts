import * as v from 'valibot';
import { subscriptionsOf } from '../bindings.ts';
import { Refusal } from '../domain/refusal.ts';
import { described, json, operation } from '../http/operation.ts';
import { NO_STORE } from '../http/problem.ts';
import { resumedSchema, subscriptionsSchema } from './answers.ts';

const PAGE = 100;

export const listSubscriptions = operation(
  {
    id: 'listSubscriptions',
    tag: 'Operator',
    summary: 'List who is pushed what, and what goes wrong with it',
    description: `${PAGE} on a page; never with a secret.`,
    security: ['operator'],
    query: v.object({
      after: v.optional(described(v.string(), 'The `next` of the page before.'), ''),
    }),
    answers: { 200: json(subscriptionsSchema, 'A page of subscriptions, in the order of their ids.') },
  },
  async (c, { query }) =>
    Response.json(await subscriptionsOf(c.env).list(query.after, PAGE), { headers: NO_STORE }),
);

export const resumeSubscription = operation(
  {
    id: 'resumeSubscription',
    tag: 'Operator',
    summary: 'Resume a suspended subscription',
    description: 'It is sent what it was owed meanwhile.',
    security: ['operator'],
    path: v.object({ id: described(v.string(), 'The subscription’s id.') }),
    answers: { 200: json(resumedSchema, 'The subscription is active.') },
    problems: ['not-found'],
  },
  async (c, { path: { id } }) =>
    (await subscriptionsOf(c.env).resume(id))
      ? Response.json({ id, state: 'active' }, { headers: NO_STORE })
      : new Refusal('not-found', { detail: 'There is no subscription with this id.' }),
);
