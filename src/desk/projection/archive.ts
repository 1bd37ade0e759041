import { readAtMost } from '../../access/bounded-body.ts';
import { sha256, toHex } from '../../access/encoding.ts';
import { logFailure } from '../../log.ts';
import { ArchiveFailure, withDeadline } from '../../store/failures.ts';
import { type ArchivedObject, MAX_ROW_BYTES } from '../tables/bodies.ts';

/** A put is under way for less than `PUT_GRACE_MS`. */
const WRITE_TIMEOUT_MS = 20_000;
const READ_TIMEOUT_MS = 8_000;

/** R2, "Workers API": `delete` takes 1,000 keys. */
export const MAX_DELETED = 1_000;

const LISTED_PER_CALL = 500;

/** The objects of bodies are named so. */
const PREFIX = 'bodies/';

/**
 * A key for a body: it names the article and its content. No key is used twice: the deletion of an earlier object can
 * then never meet a later one.
 */
export const objectKeyOf = (id: string, contentHash: string): string =>
  `${PREFIX}${id}/${encodeURIComponent(contentHash).slice(0, 128)}-${crypto.randomUUID()}.json.gz`;

/** The bucket of old bodies. Every failure is an `ArchiveFailure`, also that no bucket is bound. */
export class Archive {
  readonly #bucket: R2Bucket | undefined;
  readonly #owner: string;
  #isFailing = false;

  /** @param owner names this Desk in its objects, so that it deletes nothing of another site that shares the bucket */
  constructor(bucket: R2Bucket | undefined, owner: string) {
    this.#bucket = bucket;
    this.#owner = owner;
  }

  get isBound(): boolean {
    return this.#bucket !== undefined;
  }

  /** Whether the last operation failed. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Puts bytes under a new key and has R2 confirm their SHA-256, with the put and by asking again. */
  async put(key: string, bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<ArchivedObject> {
    const digest = await sha256(new Uint8Array(bytes));
    const object = { key, bytes: bytes.byteLength, sha256: toHex(digest) };
    await this.#do('PUT', WRITE_TIMEOUT_MS, async (bucket) => {
      await bucket.put(key, bytes, {
        sha256: digest,
        customMetadata: { desk: this.#owner },
        httpMetadata: { contentType: 'application/json', contentEncoding: 'gzip' },
      });
      const stored = await bucket.head(key);
      const confirmed = stored?.checksums.sha256;
      if (stored?.size !== object.bytes || confirmed === undefined)
        throw new Error(`R2 does not have ${key} as it was put.`);
      if (toHex(new Uint8Array(confirmed)) !== object.sha256)
        throw new Error(`R2 has other bytes under ${key}.`);
    });
    return object;
  }

  /** The bytes of an object; undefined when R2 has lost them: there is no such object, or it has other bytes. */
  get(
    { key, sha256: expected }: ArchivedObject,
    timeoutMs = READ_TIMEOUT_MS,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#do('GET', timeoutMs, async (bucket) => {
      const object = await bucket.get(key);
      if (object === null) {
        logFailure('an archived object is lost', 'R2 does not have it', { key });
        return undefined;
      }
      const { bytes, isWhole } = await readAtMost(object.body, MAX_ROW_BYTES);
      if (isWhole && toHex(await sha256(bytes)) === expected) return bytes;
      logFailure('an archived object is lost', 'R2 has other bytes under its key', { key });
      return undefined;
    });
  }

  /** A page of the keys of this Desk's objects, each with its article. @returns the cursor of the next page, if there is one */
  list(cursor?: string): Promise<{ objects: { key: string; articleId: string }[]; cursor?: string }> {
    return this.#do('LIST', READ_TIMEOUT_MS, async (bucket) => {
      const page = await bucket.list({
        ...{ prefix: PREFIX, limit: LISTED_PER_CALL, include: ['customMetadata'] },
        ...(cursor !== undefined && { cursor }),
      });
      const own = page.objects.filter(({ customMetadata }) => customMetadata?.desk === this.#owner);
      const objects = own.map(({ key }) => ({
        key,
        articleId: key.slice(PREFIX.length).split('/')[0] ?? '',
      }));
      return { objects, ...(page.truncated && { cursor: page.cursor }) };
    });
  }

  /** Deletes up to `MAX_DELETED` objects. Those that do not exist count as deleted. */
  delete(keys: readonly string[]): Promise<void> {
    return this.#do('DELETE', WRITE_TIMEOUT_MS, (bucket) => bucket.delete([...keys]));
  }

  async #do<Result>(
    name: string,
    timeoutMs: number,
    work: (bucket: R2Bucket) => Promise<Result>,
  ): Promise<Result> {
    if (this.#bucket === undefined)
      throw new ArchiveFailure('The bucket of archived bodies is not bound (ARCHIVE in wrangler.toml).');
    try {
      const result = await withDeadline(timeoutMs, `R2 ${name}`, work(this.#bucket));
      this.#isFailing = false;
      return result;
    } catch (error) {
      this.#isFailing = true;
      throw new ArchiveFailure(error);
    }
  }
}
