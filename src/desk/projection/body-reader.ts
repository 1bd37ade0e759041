import { forEachInParallel } from '../../store/concurrency.ts';
import { ArchiveFailure } from '../../store/failures.ts';
import { LruCache } from '../../store/lru-cache.ts';
import { expandDetail } from '../contract/detail.ts';
import type { ArchivedBody, Bodies } from '../tables/bodies.ts';
import type { Archive } from './archive.ts';

/**
 * The bodies of a default feed are read again with every article that is published. Expanding fifty of them takes longer
 * than to publish an article, so they stay in memory, up to this many UTF-16 code units.
 */
const MAX_CACHED_UNITS = 4 * 1_048_576;
const MAX_CACHED_BODIES = 500;

/** How long one call reads from R2. It is less than the outbox waits for a value. */
const MAX_READ_MS = 8_000;

interface CachedBody {
  version: number;
  json: string;
}

type ReadableBodies = Pick<Bodies, 'find' | 'archived' | 'markLost' | 'markDamaged'>;
type Bytes = Uint8Array<ArrayBuffer> | ArrayBuffer;

/** Where bodies come from that an earlier release stored elsewhere. */
export interface EarlierBodies {
  /** Stores the bodies of these articles that the Desk does not have. */
  take(ids: readonly string[]): Promise<void>;
  /** Records that the bodies of these articles were found missing or damaged. */
  miss(ids: readonly string[]): void;
}

/** Reads bodies from the Desk, and from R2 where they were moved there, expanded. */
export class BodyReader {
  readonly #bodies: ReadableBodies;
  readonly #archive: Pick<Archive, 'get'>;
  readonly #earlier: EarlierBodies;
  readonly #cache = new LruCache<CachedBody>({
    values: MAX_CACHED_BODIES,
    bytes: MAX_CACHED_UNITS,
    bytesOf: ({ json }) => json.length,
  });

  constructor(bodies: ReadableBodies, archive: Pick<Archive, 'get'>, earlier: EarlierBodies) {
    this.#bodies = bodies;
    this.#archive = archive;
    this.#earlier = earlier;
  }

  /**
   * The details of articles as JSON, by id. Omits those whose version is no longer the wanted one, or whose body the Desk
   * does not have, or R2 has lost. Callers bound the bytes.
   * @param onDamage called for each body that cannot be read or expanded, which is then omitted; without it, one throws
   * @param withinMs how long this may read from R2; what is not read by then counts as failed
   */
  async read(
    wanted: readonly { id: string; version: number }[],
    onDamage: (id: string, error: unknown) => void = (_id, error) => {
      throw error;
    },
    withinMs = MAX_READ_MS,
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
    const take = async (
      id: string,
      version: number,
      read: () => Promise<Bytes | undefined> | Bytes,
      mark: (isDamaged: boolean) => void = () => {},
    ) => {
      if (versions.get(id) !== version) return;
      try {
        const bytes = await read();
        if (bytes === undefined) return;
        const json = await expandDetail(bytes);
        this.#cache.set(id, { version, json });
        found.set(id, json);
        mark(false);
      } catch (error) {
        mark(true);
        onDamage(id, error);
      }
    };
    const archived = this.#bodies.archived(ids);
    for (const { id, version, contentHash, gzip, damaged } of this.#bodies.find(ids)) {
      await take(
        id,
        version,
        () => gzip,
        (isDamaged) => {
          if (isDamaged !== (damaged === 1)) this.#bodies.markDamaged(id, contentHash, isDamaged);
        },
      );
    }
    const until = Date.now() + withinMs;
    await forEachInParallel(archived, (each) =>
      take(each.id, each.version, () => this.#fetch(each, until - Date.now())),
    );
    return found;
  }

  /** The compressed body of an article that is in R2; undefined when R2 has lost it. @throws ArchiveFailure */
  async #fetch({ id, object }: ArchivedBody, timeoutMs: number): Promise<Bytes | undefined> {
    if (timeoutMs <= 0) throw new ArchiveFailure(`There was no time left to read the body of ${id}.`);
    const bytes = await this.#archive.get(object, timeoutMs);
    // The article may have got another body meanwhile; then no row has this key.
    this.#bodies.markLost(id, object.key, bytes === undefined);
    return bytes;
  }

  /** Removes an article's words from memory. */
  forget(id: string): void {
    this.#cache.delete(id);
  }
}
