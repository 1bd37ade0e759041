import * as v from 'valibot';
import { deskOf } from '../bindings.ts';
import type { Takedown } from '../desk/contract/messages.ts';
import { LIMITS, line, maybe } from '../domain/draft.ts';
import { Refusal } from '../domain/refusal.ts';
import { json, operation } from '../http/operation.ts';
import { knownId } from '../http/parameters.ts';
import { NO_STORE } from '../http/problem.ts';
import { takedownSchema } from './response-schemas.ts';

export const withdrawArticle = operation(
  {
    id: 'withdrawArticle',
    tag: 'Operator',
    summary: 'Withdraw an article',
    description: 'The article stays withdrawn, whatever its publisher sends, until the operator restores it.',
    security: ['operator'],
    path: v.object({ id: knownId }),
    body: v.object({ reason: maybe(line(LIMITS.headline)) }, 'must be an object'),
    answers: { 200: json(takedownSchema, 'The article is withdrawn.') },
    problems: ['not-found'],
  },
  async (c, { path, body }) => answer(await deskOf(c.env).withdraw(path.id, body.reason)),
);

export const restoreArticle = operation(
  {
    id: 'restoreArticle',
    tag: 'Operator',
    summary: 'Restore an article that the operator withdrew',
    security: ['operator'],
    path: v.object({ id: knownId }),
    answers: {
      200: json(
        takedownSchema,
        'The article’s status now follows from its publisher’s events and its dates.',
      ),
    },
    problems: ['not-found', 'conflict'],
  },
  async (c, { path }) => answer(await deskOf(c.env).restore(path.id)),
);

function answer(result: Takedown): Response | Refusal {
  if (result.found) return Response.json({ article: result.article }, { headers: NO_STORE });
  switch (result.reason) {
    case 'unknown':
      return new Refusal('not-found', { detail: 'No article has this id.' });
    case 'not-withdrawn-by-operator':
      return new Refusal('conflict', {
        detail: 'The operator did not withdraw this article.',
      });
    case 'body-gone':
      return new Refusal('conflict', {
        detail: 'The article’s body is no longer stored; ask its publisher to send it again.',
      });
  }
}
