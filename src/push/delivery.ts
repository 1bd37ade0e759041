import { checkOutbound, send } from '../access/outbound.ts';
import { type Bindings, outboundRules } from '../bindings.ts';
import type { Work } from './messages.ts';

/** A receiver's answer is its status; of its body nothing is needed. */
const BOUNDS = { milliseconds: 10_000, bytes: 0 };

/** How long KV may go on serving the value before (60 s), with as much again for the queue's own delays. */
const STALE_FOR = 120_000;

/** What became of a POST to a receiver. */
export type Posted = { result: 'accepted' } | { result: 'ended' | 'failed'; problem: string };

/** It is too early to deliver: come again in so many seconds. That is none of the receiver's attempts. */
export interface Early {
  wait: number;
}

/** What KV gave is older than what is to be delivered; it should be newer in a moment. */
export const STALE: Early = { wait: 15 };

/** Whether to wait for KV: not for ever, for something newer than nothing is what the receiver should get. */
export const isWorthWaiting = ({ changedAt }: Work): boolean =>
  Date.now() - Date.parse(changedAt) < STALE_FOR;

/** Posts to a receiver. 2xx is acceptance, 410 the end; a redirect and everything else is a failed attempt. */
export async function post(
  env: Bindings,
  work: Work,
  headers: Record<string, string>,
  body: BodyInit,
): Promise<Posted> {
  const url = checkOutbound(work.callback, outboundRules(env));
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
