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
   * does not have. Callers bound the bytes.
   * @param onDamage called for each body that cannot be expanded, which is then omitted; without it, one throws
   */
  async read(
    wanted: readonly { id: string; version: number }[],
    onDamage: (id: string, error: unknown) => void = (_id, error) => {
      throw error;
    },
  ): Promise<Map<string, string>> {
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
      try {
        const json = await expandDetail(gzip);
        this.#cache.set(id, { version, json });
        found.set(id, json);
      } catch (error) {
        onDamage(id, error);
      }
    }
    return found;
  }

  /** Removes an article's words from memory. */
  forget(id: string): void {
    this.#cache.delete(id);
  }
}
