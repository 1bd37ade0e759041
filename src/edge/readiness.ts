import type * as v from 'valibot';
import { type Bindings, deskOf } from '../bindings.ts';
import { json, operation } from '../http/operation.ts';
import type { Isolate } from '../isolate.ts';
import { logFailure } from '../log.ts';
import { withDeadline } from '../store/failures.ts';
import { Kv } from '../store/kv.ts';
import { isCurrent, keyOf } from '../store/records.ts';
import { readinessSchema } from './response-schemas.ts';

/** A monitor must get its response before it gives up. */
const CHECK_TIMEOUT_MS = 3_000;

/** Anyone may ask, so each isolate checks at most this often. */
const CHECK_INTERVAL_MS = 1_000;

/** A key that waits longer to be written is late. */
const LATE_SECONDS = 60;

/** The sample of KV is taken less often, because it costs several KV operations. */
const SAMPLE_INTERVAL_MS = 10_000;

/** A withdrawal that waits longer is late (docs/scale.md, "How long a withdrawal stays visible"). */
const LATE_WITHDRAWAL_SECONDS = 5;

/** The part of the storage from which the operator must act. */
const FULL_AT = 0.8;

type Readiness = v.InferOutput<typeof readinessSchema>;

/** This isolate's last check, if there was one. */
const lastCheck = (): { result?: { at: number; readiness: Readiness } } => ({});

interface Sample {
  checked: number;
  wrong: number;
}

/** This isolate's last sample of KV; absent while KV or the Desk cannot be asked. */
const lastSample = (): { at: number; sample?: Sample | undefined } => ({ at: Number.NEGATIVE_INFINITY });

/** Responds with states and numbers only. */
export const serveReadiness = operation(
  {
    id: 'getReadiness',
    tag: 'Service',
    summary: 'Check whether the Desk and KV work, and how far KV is behind',
    description: 'The status `degraded` needs the operator’s attention. Checked at most once per second.',
    answers: {
      200: json(readinessSchema, 'Articles are accepted and served.'),
      503: json(readinessSchema, 'The Desk or KV is unavailable, or the Desk cannot store deliveries.'),
    },
  },
  async (c) => {
    const now = Date.now();
    const last = c.var.isolate.get(lastCheck);
    if (last.result === undefined || Math.abs(now - last.result.at) >= CHECK_INTERVAL_MS) {
      last.result = { at: now, readiness: await check(c.env, c.var.isolate, now) };
    }
    const { readiness } = last.result;
    const unavailable = readiness.status === 'unavailable';
    return Response.json(readiness, {
      status: unavailable ? 503 : 200,
      headers: { 'Cache-Control': 'no-store', ...(unavailable && { 'Retry-After': '5' }) },
    });
  },
);

async function check(env: Bindings, isolate: Isolate, now: number): Promise<Readiness> {
  const [backlog, isReadable, sample, scrub] = await Promise.all([
    logged(withDeadline(CHECK_TIMEOUT_MS, 'the Desk', deskOf(env).backlog())),
    // Bypasses the cache, which would not show whether KV works now.
    logged(new Kv(env.KV).get(keyOf({ kind: 'site' }), CHECK_TIMEOUT_MS).then(() => true)),
    sampleKv(env, isolate, now),
    logged(withDeadline(CHECK_TIMEOUT_MS, 'the Desk', deskOf(env).scrubResult())),
  ]);
  if (backlog === undefined) {
    const recovery = await logged(withDeadline(CHECK_TIMEOUT_MS, 'the Desk', deskOf(env).recovery()));
    const isApplying = recovery?.state === 'planned' || recovery?.state === 'applying';
    return {
      ...{ status: 'unavailable', desk: 'unreachable', kv: isReadable ? 'unknown' : 'unreadable' },
      ...(isApplying && { recovery: 'applying' }),
    };
  }
  const {
    pending,
    failing,
    waitingSince,
    urgentSince,
    writable,
    failingJobs,
    storedBytes,
    takesDeliveries,
    archive,
  } = backlog;
  const kv = isReadable === undefined ? 'unreadable' : writable ? 'ok' : 'unwritable';
  const isLost = sample !== undefined && sample.wrong > 0;
  const secondsSince = (at: number | null) => (at === null ? 0 : Math.max(0, Math.round((now - at) / 1_000)));
  const oldestSeconds = secondsSince(waitingSince);
  const oldestWithdrawalSeconds = secondsSince(urgentSince);
  const isLate = oldestSeconds > LATE_SECONDS || oldestWithdrawalSeconds > LATE_WITHDRAWAL_SECONDS;
  const storage = { bytes: storedBytes, limit: Number(env.DESK_STORAGE_BYTES) };
  const isFull = storage.bytes >= FULL_AT * storage.limit;
  const isArchiveDown = archive !== undefined && archive !== 'ok';
  const isDegraded =
    failing > 0 ||
    failingJobs.length > 0 ||
    isLate ||
    isLost ||
    isFull ||
    isArchiveDown ||
    backlog.missingBodies > 0 ||
    backlog.isRecovering;
  return {
    status: kv !== 'ok' || !takesDeliveries ? 'unavailable' : isDegraded ? 'degraded' : 'ready',
    ...{ desk: 'ok', kv, intake: takesDeliveries ? 'ok' : 'failing' },
    outbox: { waiting: pending, failing, oldestSeconds, oldestWithdrawalSeconds },
    failingChores: failingJobs.length,
    storage,
    ...(archive !== undefined && { archive }),
    ...(backlog.missingBodies > 0 && { missingBodies: backlog.missingBodies }),
    ...(backlog.isMigrating && { migration: 'running' as const }),
    ...(backlog.isRecovering && { recovery: 'rebuilding' as const }),
    ...(sample !== undefined && sample.checked > 0 && { sample }),
    ...(scrub !== undefined && { scrub }),
  };
}

/**
 * Compares a few keys of KV with the Desk, at most once in `SAMPLE_INTERVAL_MS`. Keys that are missing or old are queued
 * to be written again. Undefined when KV or the Desk cannot be asked, which other checks report.
 */
async function sampleKv(env: Bindings, isolate: Isolate, now: number): Promise<Sample | undefined> {
  const last = isolate.get(lastSample);
  if (Math.abs(now - last.at) < SAMPLE_INTERVAL_MS) return last.sample;
  last.at = now;
  last.sample = await logged(withDeadline(CHECK_TIMEOUT_MS, 'the sample of KV', compareSample(env)));
  return last.sample;
}

async function compareSample(env: Bindings): Promise<Sample> {
  const kv = new Kv(env.KV);
  const desk = deskOf(env);
  const expected = await desk.sample();
  const current = await Promise.all(
    expected.map(async (each) => {
      const { body, metadata } = await kv.getStream(each.key);
      await body?.cancel();
      return body !== null && isCurrent(metadata, each);
    }),
  );
  const wrong = expected.filter((_each, index) => current[index] !== true);
  if (wrong.length > 0) await desk.repair(wrong.map(({ key }) => key));
  return { checked: expected.length, wrong: wrong.length };
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
