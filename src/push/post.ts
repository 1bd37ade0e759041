import { checkOutbound, send } from '../access/outbound.ts';
import { type Bindings, outboundRules } from '../bindings.ts';
import type { PendingDelivery } from './messages.ts';

/** Only the status of a receiver's response matters; its body is not read. */
const BOUNDS = { milliseconds: 10_000, bytes: 0 };

/** How long KV may serve the previous value (60 s), and as much again for the queue's delays. */
const MAX_STALE_MS = 120_000;

/** The result of a POST to a receiver. */
type PostResult = { result: 'accepted' } | { result: 'ended' | 'failed'; problem: string };

/** Postpones an attempt. That does not count as an attempt. */
export interface Postponed {
  /** Seconds. */
  wait: number;
}

/** KV served an older version than the one to deliver, and should have the newer one soon. */
export const POSTPONED_FOR_KV: Postponed = { wait: 15 };

/** Whether to wait for KV. After two minutes the receiver gets the current value, even if it is older. */
export const isWorthWaiting = ({ changedAt }: PendingDelivery): boolean =>
  Date.now() - Date.parse(changedAt) < MAX_STALE_MS;

/** Posts to a receiver. 2xx accepts, 410 ends the subscription; a redirect and any other status is a failure. */
export async function post(
  env: Bindings,
  { callback }: PendingDelivery,
  headers: Record<string, string>,
  body: BodyInit,
): Promise<PostResult> {
  const url = checkOutbound(callback, outboundRules(env));
  if ('refused' in url) return { result: 'failed', problem: `The callback ${url.refused}.` };
  const sent = await send(
    url,
    { method: 'POST', headers: { ...headers, 'User-Agent': 'Dateline' }, body },
    BOUNDS,
  );
  switch (sent.kind) {
    case 'accepted':
      return { result: 'accepted' };
    case 'gone':
      return { result: 'ended', problem: 'responded with 410' };
    case 'refused':
      return { result: 'failed', problem: `responded with ${sent.status}` };
    case 'unreachable':
      return {
        result: 'failed',
        problem: sent.reason === 'timeout' ? 'timed out' : 'unreachable',
      };
  }
}
