import * as v from 'valibot';
import { spendOnPage } from '../access/desk-budgets.ts';
import { deskOf } from '../bindings.ts';
import { described, json, operation } from '../http/operation.ts';
import { wholeNumber } from '../http/parameters.ts';
import { NO_STORE } from '../http/problem.ts';
import { changesSchema } from './response-schemas.ts';

const MAX_CHANGES = 1_000;

/** Reads the Desk, because a mirror must not follow a copy in KV that is a minute old. */
export const listChanges = operation(
  {
    id: 'listChanges',
    tag: 'Partners',
    summary: 'List every article’s newest change, oldest first',
    description:
      'For mirrors. Start with `after=0`, fetch each `upsert`, delete each `withdraw`, and continue from the last `seq`. `next` is null on the last page.',
    query: v.object({
      after: v.optional(
        described(
          wholeNumber(0, 999_999_999_999_999, 'must be 0 or the seq of an earlier change'),
          'The `seq` after which the page starts.',
        ),
        '0',
      ),
      limit: v.optional(described(wholeNumber(1, MAX_CHANGES), 'Changes per page.'), '100'),
    }),
    answers: { 200: json(changesSchema, 'A page of changes.') },
  },
  async (c, { query: { after, limit } }) => {
    const { changes, next } = await spendOnPage(
      c.var.isolate,
      c.env,
      'pages',
      () => deskOf(c.env).changes(after, limit),
      (page) => page.changes.length,
    );
    return Response.json({ changes, next }, { headers: NO_STORE });
  },
);
