import { checkOutbound, type OutboundRules, send } from '../access/outbound.ts';
import { type Bindings, outboundRules } from '../bindings.ts';
import type { PendingDelivery } from './messages.ts';

/** Only the status of a receiver's response matters; its body is not read. */
const BOUNDS = { milliseconds: 10_000, bytes: 0 };

/** The problem of a receiver that did not respond in time. */
export const TIMED_OUT = 'timed out';

/** How long KV may serve the previous value (60 s), and as much again for the queue's delays. */
const MAX_STALE_MS = 120_000;

/** The result of a POST to a receiver. `milliseconds` is the time that it took, absent when nothing was sent. */
type PostResult =
  | { result: 'accepted'; milliseconds: number }
  | { result: 'ended'; problem: string }
  | { result: 'failed'; problem: string; milliseconds?: number; isFinal?: true };

/**
 * Why the site does not call a callback; undefined when it does. The rules may have changed since it was stored: then only
 * its owner can mend it.
 */
export function problemOfCallback(callback: string, rules: OutboundRules): string | undefined {
  const checked = checkOutbound(callback, rules);
  if (!('refused' in checked)) return undefined;
  return `The callback ${checked.refused}, so nothing is sent to it. Subscribe with another URL, or replace the partner’s webhook.`;
}

/** How long a delivery waits that this site could not make, in seconds: longer, the longer it has waited. */
const MIN_OWN_PAUSE = 10;
const MAX_OWN_PAUSE = 60;

/** A failure of this site, or a budget that is spent: the receiver was not asked, so it is no attempt. */
export function postponedFor(problem: string, { changedAt }: Pick<PendingDelivery, 'changedAt'>) {
  const waited = (Date.now() - Date.parse(changedAt)) / 1_000;
  const wait = Math.ceil(Math.min(MAX_OWN_PAUSE, Math.max(MIN_OWN_PAUSE, waited / 2)));
  return { result: 'postponed', wait, problem } as const;
}

/** A delivery that every attempt would fail to make, until somebody mends what the message says. */
export class Unsendable extends Error {}

/** KV served an older version than the one to deliver, and should have the newer one soon. */
export const POSTPONED_FOR_KV = { result: 'postponed', wait: 15 } as const;

/** Whether to wait for KV. After two minutes the receiver gets the current value, even if it is older. */
export const isWorthWaiting = ({ changedAt }: PendingDelivery): boolean =>
  Math.abs(Date.now() - Date.parse(changedAt)) < MAX_STALE_MS;

/**
 * Posts to a receiver. 2xx accepts, 410 ends the subscription; a redirect and any other status is a failure.
 * @param onSend called when all that is left is to wait for the receiver
 */
export async function post(
  env: Bindings,
  { callback }: PendingDelivery,
  headers: Record<string, string>,
  body: BodyInit,
  onSend: () => void,
): Promise<PostResult> {
  const problem = problemOfCallback(callback, outboundRules(env));
  if (problem !== undefined) return { result: 'failed', problem, isFinal: true };
  onSend();
  const start = Date.now();
  const sent = await send(
    new URL(callback),
    { method: 'POST', headers: { ...headers, 'User-Agent': 'Dateline' }, body },
    BOUNDS,
  );
  const milliseconds = Date.now() - start;
  switch (sent.kind) {
    case 'accepted':
      return { result: 'accepted', milliseconds };
    case 'gone':
      return { result: 'ended', problem: 'responded with 410' };
    case 'refused':
      return { result: 'failed', problem: `responded with ${sent.status}`, milliseconds };
    case 'unreachable':
      return {
        result: 'failed',
        problem: sent.reason === 'timeout' ? TIMED_OUT : 'unreachable',
        milliseconds,
      };
  }
}
