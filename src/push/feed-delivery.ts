import { toHex } from '../access/encoding.ts';
import { openSecret, subscriptionOwner } from '../access/secrets.ts';
import type { Bindings } from '../bindings.ts';
import { hubUrl, linkHeader } from '../feeds/links.ts';
import { logFailure } from '../log.ts';
import { type Early, isWorthWaiting, post, STALE } from './delivery.ts';
import type { Outcome, Render, Work } from './messages.ts';
import { hubSignature } from './signatures.ts';
import { showsChange } from './topic.ts';
import { deny } from './verification.ts';

/** A feed as every subscriber of a batch gets it, made once. */
export interface Rendered {
  status: number;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
  digest: string;
}

/** Statuses that say there is no such public feed (any more). */
const NO_FEED = [401, 403, 404, 410];

export async function renderFeed(topic: string, env: Bindings, render: Render): Promise<Rendered> {
  const response = await render(topic.slice(env.ORIGIN.length));
  const body = new Uint8Array(await response.arrayBuffer());
  const digest = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', body)));
  return { status: response.status, headers: response.headers, body, digest };
}

/** Delivers the full feed with its own media type (WebSub section 7), signed if there is a secret (section 7.1). */
export async function deliverFeed(work: Work, feed: Rendered, env: Bindings): Promise<Outcome | Early> {
  const { number, sequence, topic, callback, secret } = work;
  if (NO_FEED.includes(feed.status)) {
    await deny(env, { topic, callback }, 'The topic is no public feed of this site any more.');
    return { number, sequence, result: 'ended', problem: 'the feed is gone' };
  }
  if (feed.status !== 200)
    return { number, sequence, result: 'failed', problem: 'the feed could not be made' };
  const shows = showsChange(topic, feed.headers, sequence);
  if (shows === undefined) {
    logFailure('feed not delivered', 'its ETag cannot be read', { topic });
    return { number, sequence, result: 'failed', problem: 'the feed has no ETag that can be read' };
  }
  if (!shows && isWorthWaiting(work)) return STALE;
  if (feed.digest === work.delivered) return { number, sequence, result: 'unneeded' };
  const headers = {
    'Content-Type': feed.headers.get('Content-Type') ?? 'application/octet-stream',
    Link: linkHeader({ hub: hubUrl(env.ORIGIN), self: topic }),
    'X-Delivery-Id': work.deliveryId,
    ...(secret !== null && {
      'X-Hub-Signature': await hubSignature(
        await openSecret(env.SECRETS_KEY, subscriptionOwner(topic, callback), secret),
        feed.body,
      ),
    }),
  };
  const posted = await post(env, work, headers, feed.body);
  return posted.result === 'accepted'
    ? { number, sequence, result: 'accepted', digest: feed.digest }
    : { number, sequence, ...posted };
}
