import { deskOf } from '../bindings.ts';
import { json, operation } from '../http/operation.ts';
import { NO_STORE } from '../http/problem.ts';
import { rebuildSchema } from './response-schemas.ts';

const PROGRESS = '/admin/rebuild';

export const beginRebuild = operation(
  {
    id: 'beginRebuild',
    tag: 'Operator',
    summary: 'Start a rebuild of everything in KV',
    description:
      'Writes every feed, article, tombstone and record again, from the Desk alone, after it has compared each article’s feed memberships with its card. Restarts a rebuild that is in progress.',
    security: ['operator'],
    answers: {
      202: {
        ...json(rebuildSchema, 'The rebuild has started; the Desk continues it in the background.'),
        headers: { Location: 'The URL of the rebuild’s progress.' },
      },
    },
  },
  async (c) => {
    const progress = await deskOf(c.env).rebuild();
    return Response.json(progress, {
      status: 202,
      headers: { ...NO_STORE, Location: c.env.ORIGIN + PROGRESS },
    });
  },
);

export const showRebuild = operation(
  {
    id: 'showRebuild',
    tag: 'Operator',
    summary: 'Get the progress of the latest rebuild',
    security: ['operator'],
    answers: { 200: json(rebuildSchema, 'The progress; the state `never` when there was no rebuild.') },
  },
  async (c) => Response.json(await deskOf(c.env).rebuildProgress(), { headers: NO_STORE }),
);
