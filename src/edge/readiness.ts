import type * as v from 'valibot';
import { type Bindings, deskOf } from '../bindings.ts';
import { json, operation } from '../http/operation.ts';
import { logFailure } from '../log.ts';
import { withDeadline } from '../store/failures.ts';
import { Kv } from '../store/kv.ts';
import { keyOf } from '../store/records.ts';
import { readinessSchema } from './response-schemas.ts';

/** A monitor must get its response before it gives up. */
const CHECK_TIMEOUT_MS = 3_000;

/** Anyone may ask, so each isolate checks at most this often. */
const CHECK_INTERVAL_MS = 1_000;

/** A key that waits longer to be written is late. */
const LATE_SECONDS = 60;

type Readiness = v.InferOutput<typeof readinessSchema>;

/** This isolate's last check, if there was one. */
const lastCheck = (): { result?: { at: number; readiness: Readiness } } => ({});

/** Responds with states and numbers only. */
export const serveReadiness = operation(
  {
    id: 'getReadiness',
    tag: 'Service',
    summary: 'Check whether the Desk and KV work, and how far KV is behind',
    description: 'The status `degraded` needs the operator’s attention. Checked at most once per second.',
    answers: {
      200: json(readinessSchema, 'Articles are accepted and served.'),
      503: json(readinessSchema, 'The Desk or KV is unavailable.'),
    },
  },
  async (c) => {
    const now = Date.now();
    const last = c.var.isolate.get(lastCheck);
    if (last.result === undefined || now - last.result.at >= CHECK_INTERVAL_MS) {
      last.result = { at: now, readiness: await check(c.env, now) };
    }
    const { readiness } = last.result;
    const unavailable = readiness.status === 'unavailable';
    return Response.json(readiness, {
      status: unavailable ? 503 : 200,
      headers: { 'Cache-Control': 'no-store', ...(unavailable && { 'Retry-After': '5' }) },
    });
  },
);

async function check(env: Bindings, now: number): Promise<Readiness> {
  const [backlog, isReadable] = await Promise.all([
    logged(withDeadline(CHECK_TIMEOUT_MS, 'the Desk', deskOf(env).backlog())),
    // Bypasses the cache, which would not show whether KV works now.
    logged(new Kv(env.KV).get(keyOf({ kind: 'site' }), CHECK_TIMEOUT_MS).then(() => true)),
  ]);
  if (backlog === undefined) {
    return { status: 'unavailable', desk: 'unreachable', kv: isReadable ? 'unknown' : 'unreadable' };
  }
  const { pending, failing, waitingSince, writable, failingJobs } = backlog;
  const kv = isReadable === undefined ? 'unreadable' : writable ? 'ok' : 'unwritable';
  const oldestSeconds = waitingSince === null ? 0 : Math.max(0, Math.round((now - waitingSince) / 1_000));
  const isDegraded = failing > 0 || failingJobs.length > 0 || oldestSeconds > LATE_SECONDS;
  return {
    status: kv !== 'ok' ? 'unavailable' : isDegraded ? 'degraded' : 'ready',
    ...{ desk: 'ok', kv },
    outbox: { waiting: pending, failing, oldestSeconds },
    failingChores: failingJobs.length,
  };
}

/** The result of a check; undefined when it fails, and then the log says why. */
async function logged<Result>(check: Promise<Result>): Promise<Result | undefined> {
  try {
    return await check;
  } catch (error) {
    logFailure('readiness check failed', error);
    return undefined;
  }
}
