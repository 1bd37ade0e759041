import { deskOf } from '../bindings.ts';
import { json, operation } from '../http/operation.ts';
import { NO_STORE } from '../http/problem.ts';
import { rebuildSchema } from './answers.ts';

const PROGRESS = '/admin/rebuild';

export const beginRebuild = operation(
  {
    id: 'beginRebuild',
    tag: 'Operator',
    summary: 'Begin to write every feed in KV anew',
    description:
      'From the Desk’s index and the articles in KV; first each article’s lists are compared with its card. Begins again when a rebuild is under way.',
    security: ['operator'],
    answers: {
      202: {
        ...json(rebuildSchema, 'The rebuild has begun; the Desk’s alarm goes on with it.'),
        headers: { Location: 'Where its progress is shown.' },
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
    summary: 'Show how far the newest rebuild has come',
    security: ['operator'],
    answers: { 200: json(rebuildSchema, 'Its progress; `never` when there was none.') },
  },
  async (c) => Response.json(await deskOf(c.env).rebuildProgress(), { headers: NO_STORE }),
);
