import { readAtMost } from '../access/bounded-body.ts';
import { sha256, toHex } from '../access/encoding.ts';
import { subscriptionOwner } from '../access/secrets.ts';
import type { Bindings } from '../bindings.ts';
import type { Tombstone } from '../domain/article.ts';
import { FEED_BYTES } from '../domain/settings.ts';
import { hubUrl, linkHeader } from '../feeds/links.ts';
import { logFailure } from '../log.ts';
import { LruCache } from '../store/lru-cache.ts';
import type { Outcome, PendingDelivery, Render } from './messages.ts';
import { isWorthWaiting, POSTPONED_FOR_KV, post, postponedFor, Unsendable } from './post.ts';
import { hubSignature, secretOf } from './signing.ts';
import { showsChange } from './topic.ts';
import { deny } from './verification.ts';

/** The largest feed that is sent: no feed is written with more (`src/feeds/feed.ts`). */
const MAX_FEED_BYTES = FEED_BYTES.max;

/** How long a rendered feed is used, and the bytes that an isolate keeps. */
const CACHE_LIMITS = { values: 100, bytes: 8_388_608, milliseconds: 10_000 };

/** Tombstones that an isolate remembers. A feed that KV serves from before a withdrawal is 60 s old at most. */
const WITHDRAWN_LIMITS = { values: 1_000, bytes: 1_000, milliseconds: 60_000 };

/** A feed, rendered once for all subscribers to a change of it. */
export interface RenderedFeed {
  status: number;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
  digest: string;
}

/** Statuses that mean that the public feed does not exist (any more). */
const NO_FEED = [401, 403, 404, 410];

/**
 * The topics that an isolate has rendered lately, each once for a change (its sequence number), for as many deliveries
 * and batches as ask for it. Keeps only feeds that contain the change.
 */
export class RenderedTopics {
  #cache = RenderedTopics.#empty();
  readonly #rendering = new Map<string, Promise<RenderedFeed>>();
  /** The versions of the tombstones that the feeds here were rendered after, by the article's id. */
  readonly #withdrawn = new LruCache<number>({ ...WITHDRAWN_LIMITS, bytesOf: () => 1 });

  async get(
    { topic, sequence }: Pick<PendingDelivery, 'topic' | 'sequence'>,
    render: () => Promise<RenderedFeed>,
  ): Promise<RenderedFeed> {
    const key = `${sequence} ${topic}`;
    const known = this.#cache.get(key) ?? this.#rendering.get(key);
    if (known !== undefined) return known;
    const cache = this.#cache;
    const rendering = render();
    this.#rendering.set(key, rendering);
    try {
      const feed = await rendering;
      if (feed.status === 200 && showsChange(topic, feed.headers, sequence) === true) cache.set(key, feed);
      return feed;
    } finally {
      if (this.#rendering.get(key) === rendering) this.#rendering.delete(key);
    }
  }

  /** Forgets all feeds, and those that are being rendered: they may show an article whose tombstone was just read. */
  withdraw({ id, version }: Pick<Tombstone, 'id' | 'version'>): void {
    // Each partner is told of the withdrawal, but only the first time anything may be older.
    if ((this.#withdrawn.get(id) ?? 0) >= version) return;
    this.#withdrawn.set(id, version);
    this.#cache = RenderedTopics.#empty();
    this.#rendering.clear();
  }

  static #empty(): LruCache<RenderedFeed> {
    return new LruCache({ ...CACHE_LIMITS, bytesOf: ({ body }) => body.byteLength + 1_024 });
  }
}

/** An isolate's rendered topics. */
export const renderedTopics = () => new RenderedTopics();

/** Renders the feed of a topic as any client gets it. */
export async function renderTopic(topic: string, env: Bindings, render: Render): Promise<RenderedFeed> {
  const response = await render(topic.slice(env.ORIGIN.length));
  const { bytes: body, isWhole } = await readAtMost(response.body, MAX_FEED_BYTES);
  if (!isWhole) throw new Unsendable(`the feed has more than ${MAX_FEED_BYTES} bytes`);
  const digest = toHex(await sha256(body));
  return { status: response.status, headers: response.headers, body, digest };
}

/**
 * Delivers a whole feed with its own media type (WebSub section 7), signed if the subscriber set a secret (section
 * 7.1). The attempt fails when the feed's ETag does not show how recent the feed is. While this site cannot render the
 * feed, there is no attempt.
 */
export async function deliverFeed(
  delivery: PendingDelivery,
  feed: RenderedFeed,
  env: Bindings,
  onSend: () => void,
): Promise<Outcome> {
  const { sequence, topic, callback, secret } = delivery;
  if (NO_FEED.includes(feed.status)) {
    await deny(env, { topic, callback }, 'The topic is no longer a public feed of this site.');
    return { result: 'ended', problem: 'the feed no longer exists' };
  }
  if (feed.status >= 500) return postponedFor('the feed could not be rendered', delivery);
  if (feed.status !== 200) return { result: 'failed', problem: `the feed has the status ${feed.status}` };
  const shows = showsChange(topic, feed.headers, sequence);
  if (shows === undefined) {
    logFailure('feed not delivered', 'its ETag cannot be decoded', { topic });
    return { result: 'failed', problem: 'the feed has no valid ETag' };
  }
  if (!shows && isWorthWaiting(delivery)) return POSTPONED_FOR_KV;
  if (feed.digest === delivery.delivered) return { result: 'unneeded' };
  const headers = {
    'Content-Type': feed.headers.get('Content-Type') ?? 'application/octet-stream',
    Link: linkHeader({ hub: hubUrl(env.ORIGIN), self: topic }),
    'X-Delivery-Id': delivery.deliveryId,
    ...(secret !== null && {
      'X-Hub-Signature': await hubSignature(
        await secretOf(env, subscriptionOwner(topic, callback), secret),
        feed.body,
      ),
    }),
  };
  const posted = await post(env, delivery, headers, feed.body, onSend);
  return posted.result === 'accepted' ? { ...posted, digest: feed.digest } : posted;
}
