import * as v from 'valibot';
import { type Bindings, deskOf } from '../bindings.ts';
import type { RecoveryFault, RecoveryPoint, RecoveryProgress } from '../desk/contract/recovery.ts';
import { instant, maybe } from '../domain/draft.ts';
import { Refusal } from '../domain/refusal.ts';
import { described, json, operation } from '../http/operation.ts';
import { NO_STORE } from '../http/problem.ts';
import { recoverySchema } from './response-schemas.ts';

const PROGRESS = '/admin/recovery';

/** The platform keeps what it needs for so long (Durable Objects, "Point-in-time recovery"). */
const MAX_AGE_MS = 30 * 86_400_000;

/** Bookmarks have about 70 characters. */
const MAX_BOOKMARK = 200;

/** How often the Desk is asked whether it is back, and the pause before each time. */
const LOOKS = 10;
const LOOK_PAUSE_MS = 200;

const pointSchema = v.pipe(
  v.object(
    {
      time: described(maybe(instant), 'The point, at most 30 days ago.'),
      bookmark: described(
        maybe(
          v.pipe(
            v.string('must be a text'),
            v.maxLength(MAX_BOOKMARK, `must have at most ${MAX_BOOKMARK} characters`),
          ),
        ),
        'A bookmark of the platform, such as the `undo` of a recovery.',
      ),
    },
    'must be an object',
  ),
  v.check(
    ({ time, bookmark }) => (time === undefined) !== (bookmark === undefined),
    'must have either time or bookmark',
  ),
);

export const beginRecovery = operation(
  {
    id: 'beginRecovery',
    tag: 'Operator',
    summary: 'Bring the Desk back to an earlier point in time',
    description:
      'Uses the platform’s point-in-time recovery, which reaches back 30 days. What was withdrawn since stays withdrawn, articles published since become tombstones, and no sequence number or version is used twice. Then KV is rebuilt, and what the Desk does not know is deleted from it. 501 where the platform has none, as when Dateline runs locally.',
    security: ['operator'],
    body: pointSchema,
    answers: {
      202: {
        ...json(recoverySchema, 'The Desk goes back. `undo` is the bookmark that undoes it.'),
        headers: { Location: 'The URL of the recovery’s progress.' },
      },
    },
    problems: ['invalid', 'conflict', 'not-implemented'],
  },
  async (c, { body }) => {
    const point = pointOf(body, Date.now());
    if (point instanceof Refusal) return point;
    const planned = (await deskOf(c.env).planRecovery(point)) as RecoveryProgress | RecoveryFault;
    if ('fault' in planned) return refusalOf(planned, point);
    // The call fails, because the object restarts.
    await deskOf(c.env)
      .restartForRecovery()
      .catch(() => {});
    const progress = (await afterRestart(c.env, planned.id)) ?? planned;
    return Response.json(shown({ ...progress, ...(planned.undo !== undefined && { undo: planned.undo }) }), {
      status: 202,
      headers: { ...NO_STORE, Location: c.env.ORIGIN + PROGRESS },
    });
  },
);

export const showRecovery = operation(
  {
    id: 'showRecovery',
    tag: 'Operator',
    summary: 'Get the progress of the latest recovery',
    security: ['operator'],
    answers: { 200: json(recoverySchema, 'The progress; the state `never` when there was no recovery.') },
  },
  async (c) => {
    const progress = (await deskOf(c.env).recovery()) as RecoveryProgress | undefined;
    return Response.json(progress === undefined ? { state: 'never', warnings: [] } : shown(progress), {
      headers: NO_STORE,
    });
  },
);

function pointOf(
  { time, bookmark }: v.InferOutput<typeof pointSchema>,
  now: number,
): RecoveryPoint | Refusal {
  if (time === undefined) return { bookmark: bookmark ?? '' };
  const at = Date.parse(time);
  const refuse = (message: string) => new Refusal('invalid', { issues: [{ path: 'time', message }] });
  if (at >= now) return refuse('must be in the past');
  if (at < now - MAX_AGE_MS) return refuse('must be at most 30 days ago: the platform keeps no more');
  return { time: at };
}

function refusalOf(fault: RecoveryFault, point: RecoveryPoint): Refusal {
  switch (fault.fault) {
    case 'unsupported':
      return new Refusal('not-implemented', {
        detail:
          'This platform has no point-in-time recovery: it is Cloudflare’s, and workerd has none locally. Nothing was changed. Restore a backup instead.',
      });
    case 'invalid-point': {
      const path = 'time' in point ? 'time' : 'bookmark';
      return new Refusal('invalid', { issues: [{ path, message: `cannot be used: ${fault.problem}` }] });
    }
    case 'busy':
      return new Refusal('conflict', {
        detail:
          'Another recovery is being applied, or a backup is being restored. Try again when it is done.',
      });
  }
}

/** The progress that the restarted Desk has; undefined when it is not back in time. */
async function afterRestart(env: Bindings, id: string): Promise<RecoveryProgress | undefined> {
  for (let look = 0; look < LOOKS; look += 1) {
    try {
      const progress = (await deskOf(env).recovery()) as RecoveryProgress | undefined;
      if (progress?.id === id && progress.state !== 'planned') return progress;
    } catch {
      // It restarts.
    }
    await scheduler.wait(LOOK_PAUSE_MS);
  }
  return undefined;
}

const shown = (progress: RecoveryProgress) => {
  const { id: _id, ...rest } = progress;
  return { ...rest, warnings: warningsOf(progress) };
};

/** What the operator must do. Nothing of it can be done by the Desk alone. */
function warningsOf({ state, publishers, partners }: RecoveryProgress): string[] {
  if (state === 'abandoned') return [];
  const named = (ids: readonly string[]) => ids.join(', ');
  const returned = [...publishers.returned, ...partners.returned];
  const lost = [...publishers.lost, ...partners.lost];
  return [
    'What was received after the point is lost: ask publishers to send it again. Repeats of deliveries from then are accepted.',
    'Corrections after the point are undone: their articles show the earlier words until they are sent again.',
    'The site’s settings are those of the point.',
    ...(returned.length > 0
      ? [
          `These accounts had been deleted and are back without a credential; delete them, or rotate their secret or token: ${named(returned)}.`,
        ]
      : []),
    ...(lost.length > 0 ? [`These accounts are gone; create them again: ${named(lost)}.`] : []),
  ];
}
