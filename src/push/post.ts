import { checkOutbound, send } from '../access/outbound.ts';
import { type Bindings, outboundRules } from '../bindings.ts';
import type { Delivery } from './messages.ts';

/** A receiver answers with a status; its body is not read. */
const BOUNDS = { milliseconds: 10_000, bytes: 0 };

/** How long KV may serve the value before (60 s), and as much again for the queue's own delays. */
const MAX_STALE_MS = 120_000;

/** What became of a POST to a receiver. */
type PostResult = { result: 'accepted' } | { result: 'ended' | 'failed'; problem: string };

/** Asks to be attempted again in so many seconds. That does not count as an attempt. */
export interface Postponed {
  wait: number;
}

/** KV served an older version than the one to deliver, and should have the newer one soon. */
export const POSTPONED_FOR_KV: Postponed = { wait: 15 };

/** Whether to wait for KV. After two minutes the receiver gets what there is, which is better than nothing. */
export const isWorthWaiting = ({ changedAt }: Delivery): boolean =>
  Date.now() - Date.parse(changedAt) < MAX_STALE_MS;

/** Posts to a receiver. 2xx accepts, 410 ends the subscription; a redirect and any other status is a failure. */
export async function post(
  env: Bindings,
  { callback }: Delivery,
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
      return { result: 'ended', problem: 'answered 410' };
    case 'refused':
      return { result: 'failed', problem: `answered ${sent.status}` };
    case 'unreachable':
      return {
        result: 'failed',
        problem: sent.reason === 'timeout' ? 'did not answer in time' : 'unreachable',
      };
  }
}
