import { type AppContext, type Bindings, deskOf } from '../bindings.ts';
import { logFailure } from '../log.ts';
import { within } from '../store/deadline.ts';
import { SITE_KEY } from '../store/keys.ts';

/** Whoever watches is told soon. */
const PATIENCE = 3_000;

/** Anyone may ask, so each isolate checks at most this often. */
const CHECK_INTERVAL_MS = 1_000;

/** What waits longer than this waits for more than its turn. */
const LATE_SECONDS = 60;

interface Readiness {
  status: 'ready' | 'degraded' | 'unavailable';
  desk: 'ok' | 'unreachable';
  kv: 'ok' | 'unreadable' | 'unwritable' | 'unknown';
  /** Keys that wait to be written to KV, those that failed, and how long the oldest has waited. */
  outbox?: { waiting: number; failing: number; oldestSeconds: number };
  /** How many pieces of the Desk's own work fail. */
  failingChores?: number;
}

/** This isolate's last check, if there was one. */
const lastCheck = (): { result?: { at: number; readiness: Readiness } } => ({});

/**
 * `GET /health/ready`: whether the Desk answers, KV is read and written, and how far KV is behind. 200 while
 * articles are taken and shown (`degraded` when the operator should look), else 503. Tells states and numbers only.
 */
export async function serveReadiness(c: AppContext): Promise<Response> {
  const now = Date.now();
  const last = c.var.isolate.get(lastCheck);
  if (last.result === undefined || now - last.result.at >= CHECK_INTERVAL_MS)
    last.result = { at: now, readiness: await check(c.env, now) };
  const { readiness } = last.result;
  const unavailable = readiness.status === 'unavailable';
  return Response.json(readiness, {
    status: unavailable ? 503 : 200,
    headers: { 'Cache-Control': 'no-store', ...(unavailable && { 'Retry-After': '5' }) },
  });
}

async function check(env: Bindings, now: number): Promise<Readiness> {
  const [backlog, read] = await Promise.all([
    attempt('the Desk', () => deskOf(env).backlog()),
    // Past the isolate's memory: what KV said a moment ago says nothing of now.
    attempt('KV GET', async () => ({ text: await env.KV.get(SITE_KEY) })),
  ]);
  if (backlog === undefined) {
    return { status: 'unavailable', desk: 'unreachable', kv: read ? 'unknown' : 'unreadable' };
  }
  const { pending, failing, waitingSince, writable, failingChores } = backlog;
  const kv = read === undefined ? 'unreadable' : writable ? 'ok' : 'unwritable';
  const oldestSeconds = waitingSince === null ? 0 : Math.max(0, Math.round((now - waitingSince) / 1_000));
  const troubled = failing > 0 || failingChores.length > 0 || oldestSeconds > LATE_SECONDS;
  return {
    status: kv !== 'ok' ? 'unavailable' : troubled ? 'degraded' : 'ready',
    ...{ desk: 'ok', kv },
    outbox: { waiting: pending, failing, oldestSeconds },
    failingChores: failingChores.length,
  };
}

/** What `work` gives, or undefined when it fails or takes too long; the log says why. */
async function attempt<Result>(name: string, work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await within(PATIENCE, name, work());
  } catch (error) {
    logFailure('not ready', error);
    return undefined;
  }
}
