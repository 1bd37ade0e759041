import { KvFailure, withDeadline } from './failures.ts';

/** A read that takes longer counts as failed. */
const READ_TIMEOUT_MS = 5_000;

/** The bytes under a key (null when the key is missing) and their metadata. */
export interface KvStream<Metadata> {
  body: ReadableStream | null;
  metadata: Metadata | null;
}

/** A page of keys, and the cursor of the next page when there is one. */
interface KeyPage {
  keys: { name: string; metadata?: unknown }[];
  cursor?: string;
}

/** A KV namespace whose failures are all `KvFailure`. Nothing else in Dateline calls the binding. */
export class Kv {
  readonly #namespace: KVNamespace;

  constructor(namespace: KVNamespace) {
    this.#namespace = namespace;
  }

  /** The text under a key, or null. */
  get(key: string, timeoutMs = READ_TIMEOUT_MS): Promise<string | null> {
    return kvOperation('GET', () => this.#namespace.get(key), timeoutMs);
  }

  /** The texts under up to 100 keys (KV, "Limits"), null for missing keys. One operation with one deadline. */
  getMany(keys: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    return kvOperation('GET', () => this.#namespace.get([...keys]), READ_TIMEOUT_MS);
  }

  async getStream<Metadata>(key: string): Promise<KvStream<Metadata>> {
    const { value: body, metadata } = await kvOperation(
      'GET',
      () => this.#namespace.getWithMetadata<Metadata>(key, 'stream'),
      READ_TIMEOUT_MS,
    );
    return { body, metadata };
  }

  /** Up to `limit` keys (KV, "Limits": at most 1,000) that begin with a prefix, by UTF-8 bytes, with their metadata. */
  async list(prefix: string, limit: number, cursor?: string): Promise<KeyPage> {
    const page = await kvOperation(
      'LIST',
      () => this.#namespace.list<unknown>({ prefix, limit, ...(cursor !== undefined && { cursor }) }),
      READ_TIMEOUT_MS,
    );
    return { keys: page.keys, ...(!page.list_complete && { cursor: page.cursor }) };
  }

  /** Writes a text. Has no deadline, because KV might complete the write after it; callers must allow for that. */
  put(key: string, text: string, options: { metadata?: object } = {}): Promise<void> {
    return kvOperation('PUT', () => this.#namespace.put(key, text, options));
  }

  /** Deletes a key, without a deadline, like `put`. */
  delete(key: string): Promise<void> {
    return kvOperation('DELETE', () => this.#namespace.delete(key));
  }
}

/**
 * Waits for a KV operation, at most `timeoutMs`.
 * @throws KvFailure when it fails or takes longer
 */
export async function kvOperation<Result>(
  name: 'GET' | 'LIST' | 'PUT' | 'DELETE',
  work: () => Promise<Result>,
  timeoutMs?: number,
): Promise<Result> {
  try {
    return await (timeoutMs === undefined ? work() : withDeadline(timeoutMs, `KV ${name}`, work()));
  } catch (error) {
    throw error instanceof KvFailure ? error : new KvFailure(error);
  }
}
