import { logFailure } from '../../log.ts';
import { LruCache } from '../../store/lru-cache.ts';
import { expandDetail } from '../contract/detail.ts';
import type { Bodies } from '../tables/bodies.ts';

/**
 * The bodies of a default feed are read again with every article that is published. Expanding fifty of them takes longer
 * than to publish an article, so they stay in memory, up to this many UTF-16 code units.
 */
const MAX_CACHED_UNITS = 4 * 1_048_576;
const MAX_CACHED_BODIES = 500;

interface CachedBody {
  version: number;
  json: string;
}

/** Where bodies come from that an earlier release stored elsewhere. */
export interface EarlierBodies {
  /** Stores the bodies of these articles that the Desk does not have. */
  take(ids: readonly string[]): Promise<void>;
}

/** Reads bodies from the Desk, expanded. */
export class BodyReader {
  readonly #bodies: Pick<Bodies, 'find'>;
  readonly #earlier: EarlierBodies;
  readonly #cache = new LruCache<CachedBody>({
    values: MAX_CACHED_BODIES,
    bytes: MAX_CACHED_UNITS,
    bytesOf: ({ json }) => json.length,
  });

  constructor(bodies: Pick<Bodies, 'find'>, earlier: EarlierBodies) {
    this.#bodies = bodies;
    this.#earlier = earlier;
  }

  /**
   * The details of articles as JSON, by id. Omits those whose version is no longer the wanted one, or whose body the Desk
   * does not have, or has in a form that is corrupt. Callers bound the bytes.
   */
  async read(wanted: readonly { id: string; version: number }[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    const missing = wanted.filter(({ id, version }) => {
      const cached = this.#cache.get(id);
      if (cached?.version === version) found.set(id, cached.json);
      return cached?.version !== version;
    });
    if (missing.length === 0) return found;
    const ids = missing.map(({ id }) => id);
    await this.#earlier.take(ids);
    const versions = new Map(missing.map(({ id, version }) => [id, version]));
    for (const { id, version, gzip } of this.#bodies.find(ids)) {
      if (versions.get(id) !== version) continue;
      const json = await expanded(id, gzip);
      if (json === undefined) continue;
      this.#cache.set(id, { version, json });
      found.set(id, json);
    }
    return found;
  }

  /** Removes an article's words from memory. */
  forget(id: string): void {
    this.#cache.delete(id);
  }
}

/** A body's JSON; undefined when it is corrupt. Then the feeds that have it must be written without it. */
async function expanded(id: string, gzip: ArrayBuffer): Promise<string | undefined> {
  try {
    return await expandDetail(gzip);
  } catch (error) {
    logFailure('body left out: it is corrupt', error, { id });
    return undefined;
  }
}
