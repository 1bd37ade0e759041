import * as v from 'valibot';
import { deskOf } from '../bindings.ts';
import { described, json, operation } from '../http/operation.ts';
import { wholeNumber } from '../http/parameters.ts';
import { NO_STORE } from '../http/problem.ts';
import { changesSchema } from './answers.ts';

const MAX_CHANGES = 1_000;

/** Read from the Desk itself: a mirror must not follow a copy that is a minute old. */
export const listChanges = operation(
  {
    id: 'listChanges',
    tag: 'Partners',
    summary: 'List every article’s newest change, oldest first',
    description:
      'For mirrors. Begin with `after=0`, fetch each `upsert`, drop each `withdraw`, and go on from the last `seq` seen. `next` is null at the end.',
    query: v.object({
      after: v.optional(
        described(
          wholeNumber(0, 999_999_999_999_999, 'must be a seq of an earlier answer, or 0'),
          'The `seq` after which to begin.',
        ),
        '0',
      ),
      limit: v.optional(described(wholeNumber(1, MAX_CHANGES), 'Changes on a page.'), '100'),
    }),
    answers: { 200: json(changesSchema, 'A page of changes.') },
  },
  async (c, { query: { after, limit } }) => {
    const { changes, next } = await deskOf(c.env).changes(after, limit);
    return Response.json({ changes, next }, { headers: NO_STORE });
  },
);
