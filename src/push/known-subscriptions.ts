import { TokenBucket } from '../access/token-bucket.ts';
import { LruCache } from '../store/lru-cache.ts';

/** How long an isolate uses the hashes that it has. A subscription is renewed an hour after it began at the earliest. */
const MAX_AGE_MS = 60_000;

/** How long a request waits for another one that gets the hashes. */
const MAX_WAIT_MS = 2_000;
const POLL_MS = 20;

/** Requests with one hash: as many at once, and per second. Anybody can send them for a callback they know. */
const REQUESTS = { burst: 5, perSecond: 1 };
const MAX_COUNTED = 2_000;

/** A number of 32 bits for a topic and callback (FNV-1a). Others may have the same: it only decides whether to ask. */
export function subscriptionHash(topic: string, callback: string): number {
  let hash = 0x811c9dc5;
  const text = `${topic} ${callback}`;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/**
 * What an isolate knows of the subscriptions that exist, for when it may no longer ask about each: strangers' requests
 * are then told from renewals without asking. At most 20,000 hashes, 80 kB in transit.
 */
export class KnownSubscriptions {
  #hashes: ReadonlySet<number> | undefined;
  #readAt = 0;
  #readingSince: number | undefined;
  readonly #requests = new LruCache<TokenBucket>({
    values: MAX_COUNTED,
    bytes: Number.POSITIVE_INFINITY,
    bytesOf: () => 0,
    milliseconds: MAX_AGE_MS,
  });

  /**
   * Whether a subscription may exist, and its requests are not too many.
   * @param read gets the hashes of all subscriptions
   */
  async mayHave(topic: string, callback: string, read: () => PromiseLike<Uint32Array>): Promise<boolean> {
    const hash = subscriptionHash(topic, callback);
    const hashes = await this.#current(read);
    if (hashes?.has(hash) !== true) return false;
    const key = String(hash);
    const bucket = this.#requests.get(key) ?? new TokenBucket(REQUESTS.burst, REQUESTS.perSecond);
    this.#requests.set(key, bucket);
    return bucket.take(Date.now());
  }

  async #current(read: () => PromiseLike<Uint32Array>): Promise<ReadonlySet<number> | undefined> {
    const isOld = Math.abs(Date.now() - this.#readAt) > MAX_AGE_MS;
    if (isOld && !this.#isReading()) return this.#read(read);
    // Each waits by its own timer: a promise of another request would hang when that request is dropped.
    for (let waited = 0; this.#hashes === undefined && waited < MAX_WAIT_MS; waited += POLL_MS)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    return this.#hashes;
  }

  #isReading(): boolean {
    return this.#readingSince !== undefined && Math.abs(Date.now() - this.#readingSince) < MAX_WAIT_MS;
  }

  async #read(read: () => PromiseLike<Uint32Array>): Promise<ReadonlySet<number>> {
    this.#readingSince = Date.now();
    try {
      const hashes = new Set(await read());
      this.#hashes = hashes;
      this.#readAt = Date.now();
      return hashes;
    } finally {
      this.#readingSince = undefined;
    }
  }
}
