import { toHex } from '../access/encoding.ts';
import { openSecret, subscriptionOwner } from '../access/secrets.ts';
import type { Bindings } from '../bindings.ts';
import { hubUrl, linkHeader } from '../feeds/links.ts';
import { logFailure } from '../log.ts';
import type { DeliveryResult, PendingDelivery, Render } from './messages.ts';
import { isWorthWaiting, POSTPONED_FOR_KV, type Postponed, post } from './post.ts';
import { hubSignature } from './signing.ts';
import { showsChange } from './topic.ts';
import { deny } from './verification.ts';

/** A feed, rendered once for all subscribers in a batch. */
export interface RenderedFeed {
  status: number;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
  digest: string;
}

/** Statuses that mean that the public feed does not exist (any more). */
const NO_FEED = [401, 403, 404, 410];

/** Renders the feed of a topic as any client gets it. */
export async function renderTopic(topic: string, env: Bindings, render: Render): Promise<RenderedFeed> {
  const response = await render(topic.slice(env.ORIGIN.length));
  const body = new Uint8Array(await response.arrayBuffer());
  const digest = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', body)));
  return { status: response.status, headers: response.headers, body, digest };
}

/**
 * Delivers a whole feed with its own media type (WebSub section 7), signed if the subscriber set a secret (section
 * 7.1). The attempt fails when the feed's ETag does not show how recent the feed is.
 */
export async function deliverFeed(
  delivery: PendingDelivery,
  feed: RenderedFeed,
  env: Bindings,
): Promise<DeliveryResult | Postponed> {
  const { number, sequence, topic, callback, secret } = delivery;
  if (NO_FEED.includes(feed.status)) {
    await deny(env, { topic, callback }, 'The topic is no longer a public feed of this site.');
    return { number, sequence, result: 'ended', problem: 'the feed no longer exists' };
  }
  if (feed.status !== 200)
    return { number, sequence, result: 'failed', problem: 'the feed could not be rendered' };
  const shows = showsChange(topic, feed.headers, sequence);
  if (shows === undefined) {
    logFailure('feed not delivered', 'its ETag cannot be decoded', { topic });
    return { number, sequence, result: 'failed', problem: 'the feed has no valid ETag' };
  }
  if (!shows && isWorthWaiting(delivery)) return POSTPONED_FOR_KV;
  if (feed.digest === delivery.delivered) return { number, sequence, result: 'unneeded' };
  const headers = {
    'Content-Type': feed.headers.get('Content-Type') ?? 'application/octet-stream',
    Link: linkHeader({ hub: hubUrl(env.ORIGIN), self: topic }),
    'X-Delivery-Id': delivery.deliveryId,
    ...(secret !== null && {
      'X-Hub-Signature': await hubSignature(
        await openSecret(env.SECRETS_KEY, subscriptionOwner(topic, callback), secret),
        feed.body,
      ),
    }),
  };
  const posted = await post(env, delivery, headers, feed.body);
  return posted.result === 'accepted'
    ? { number, sequence, result: 'accepted', digest: feed.digest }
    : { number, sequence, ...posted };
}
