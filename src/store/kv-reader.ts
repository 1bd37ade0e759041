import type { Isolate } from '../isolate.ts';
import { logFailure } from '../log.ts';
import { isPlatformFailure, KvFailure, ValueUnavailable } from './failures.ts';
import { Kv, type KvStream } from './kv.ts';
import { LruCache } from './lru-cache.ts';

/** The bindings that reading needs. */
export interface KvEnv {
  KV: KVNamespace;
  /** Seconds for which an isolate may reuse a value it has read, as digits; 0 turns its cache off. */
  MEMORY_SECONDS: string;
}

/** An isolate has 128 MB in total; parsed JSON takes a few times the bytes of its text. */
const MAX_BYTES = 12 * 1_048_576;
const MAX_VALUES = 2_000;

/** A bulk read takes 100 keys (KV, "Limits"). */
const MAX_BULK_KEYS = 100;

/** How long a value may be served while KV fails (RFC 5861 section 4, "stale-if-error"). */
export const STALE_IF_ERROR_MS = 10 * 60_000;

interface CachedValue {
  value: unknown;
  bytes: number;
  readAt: number;
}

/**
 * Values that this isolate has read. Only finished values: workerd forbids awaiting another request's I/O, so a promise
 * must not outlive its request. Callers must not modify the values.
 */
const kvCache = () =>
  new LruCache<CachedValue>({
    values: MAX_VALUES,
    bytes: MAX_BYTES,
    bytesOf: ({ bytes }) => bytes,
    milliseconds: STALE_IF_ERROR_MS,
  });

/** Misses of these keys are not cached: a newly published value must be visible as soon as KV has it. */
const MAY_APPEAR = /^(?:article|feed|publisher|partner):/;

/** Who named a key that KV lacks: the site itself, as a feed names its articles, or the client. */
export type LookupBudget = 'site' | 'client';

/** Knows every value that KV should have: the Desk. */
export interface SourceOfRecord {
  /**
   * The values that KV should have under these keys, without those that do not exist; a failure for each that exists and
   * cannot be made now.
   * @throws PlatformFailure when they cannot be asked for now
   */
  values(keys: readonly string[], budget: LookupBudget): Promise<Values>;
}

/** What the source has, by key. */
export type Values = ReadonlyMap<string, string | ValueUnavailable>;

/** What KV and the source have, by key. */
type Texts = ReadonlyMap<string, string | ValueUnavailable | null>;

interface Batch {
  /** The budget for asking the source about each key; null for keys that only KV is asked for. */
  keys: Map<string, LookupBudget | null>;
  texts: Promise<Texts>;
}

interface ReadOptions<Value> {
  /** The maximum age of a cached value, in seconds; the default is `MEMORY_SECONDS`. */
  seconds?: number;
  /** Parses the text under the key; the default is `JSON.parse`. */
  parse?: (text: string) => Value;
  /** The budget for asking the Desk when KV has no value, `site` by default; null reads KV alone. */
  budget?: LookupBudget | null;
}

/**
 * Reads KV for one request, through the isolate's cache. A key that KV lacks is asked of the source of record: KV may
 * have lost it, or serve a miss for 60 s.
 */
export class KvReader {
  readonly #kv: Kv;
  readonly #source: SourceOfRecord | undefined;
  readonly #seconds: number;
  /** Absent when caching is off. */
  readonly #cache: LruCache<CachedValue> | undefined;
  #batch: Batch | undefined;
  #freshUntil = Number.POSITIVE_INFINITY;

  /** @param source absent to read KV alone */
  constructor(env: KvEnv, isolate: Isolate, source?: SourceOfRecord) {
    this.#kv = new Kv(env.KV);
    this.#source = source;
    this.#seconds = Number(env.MEMORY_SECONDS);
    this.#cache = this.#seconds === 0 ? undefined : isolate.get(kvCache);
  }

  /**
   * How long a response built from the values read so far may be cached, as milliseconds since the epoch: until the first
   * cached value expires. Infinite when nothing came from the cache, 0 when a stale value was used.
   */
  get freshUntil(): number {
    return this.#freshUntil;
  }

  /**
   * Reads a key, or takes its value from the cache. Keys requested in the same synchronous work share one KV operation.
   * When KV fails, returns the last value read, unless it is older than `STALE_IF_ERROR_MS`.
   * @returns the parsed value, or null when neither KV nor the source has one
   * @throws KvFailure when KV fails; ValueUnavailable when there is one that cannot be made now; what the source throws
   */
  async get<Value>(key: string, options: ReadOptions<Value> = {}): Promise<Value | null> {
    const {
      seconds = this.#seconds,
      parse = JSON.parse as (text: string) => Value,
      budget = 'site',
    } = options;
    const cached = this.#cache?.get(key);
    if (cached !== undefined) {
      const until = cached.readAt + seconds * 1_000;
      if (Date.now() < until) {
        this.#freshUntil = Math.min(this.#freshUntil, until);
        return cached.value as Value | null;
      }
    }
    try {
      const text = await this.#read(key, budget);
      const value = text === null ? null : parse(text);
      if (value === null && MAY_APPEAR.test(key)) this.#cache?.delete(key);
      else this.#cache?.set(key, { value, bytes: text?.length ?? 0, readAt: Date.now() });
      return value;
    } catch (error) {
      // What KV no longer has must not be served from memory because the Desk cannot be asked: it may be deleted.
      if (isPlatformFailure(error) && !(error instanceof KvFailure)) throw error;
      return this.#staleValue<Value>(key, error);
    }
  }

  /** Whether there is a source of record, so that a value that is absent does not exist. */
  get hasSource(): boolean {
    return this.#source !== undefined;
  }

  /** Asks the source of record about keys, whatever KV has: it may be behind. @returns the existing values, by key */
  async ask(keys: readonly string[], budget: LookupBudget): Promise<Values> {
    if (this.#source === undefined || keys.length === 0) return new Map();
    return this.#source.values(keys, budget);
  }

  /** Reads several keys. @returns the existing values, by key */
  async getMany<Value>(keys: readonly string[], options?: ReadOptions<Value>): Promise<Map<string, Value>> {
    const values = await Promise.all(keys.map((key) => this.get<Value>(key, options)));
    return new Map(keys.flatMap((key, index) => (values[index] == null ? [] : [[key, values[index]]])));
  }

  /** Reads a key's bytes as a stream, and its metadata, bypassing the cache. One KV operation. */
  getStream<Metadata>(key: string): Promise<KvStream<Metadata>> {
    return this.#kv.getStream(key);
  }

  /** The text under a key, fetched together with all keys requested before the next microtask. */
  async #read(key: string, budget: LookupBudget | null): Promise<string | null> {
    let batch = this.#batch;
    if (batch === undefined || batch.keys.size >= MAX_BULK_KEYS) {
      const keys: Batch['keys'] = new Map();
      const texts = Promise.resolve().then(() => {
        if (this.#batch?.keys === keys) this.#batch = undefined;
        return this.#fetch(keys);
      });
      batch = { keys, texts };
      this.#batch = batch;
    }
    batch.keys.set(key, budget);
    const text = (await batch.texts).get(key) ?? null;
    if (text instanceof ValueUnavailable) throw text;
    return text;
  }

  async #fetch(keys: Batch['keys']): Promise<Texts> {
    const stored = await this.#fetchStored([...keys.keys()]);
    const missing = (wanted: LookupBudget) =>
      [...keys].flatMap(([key, budget]) =>
        budget === wanted && (stored.get(key) ?? null) === null ? [key] : [],
      );
    const found = await Promise.all([
      this.ask(missing('site'), 'site'),
      this.ask(missing('client'), 'client'),
    ]);
    return new Map<string, string | ValueUnavailable | null>([
      ...stored,
      ...found.flatMap((texts) => [...texts]),
    ]);
  }

  async #fetchStored(keys: string[]): Promise<ReadonlyMap<string, string | null>> {
    const [only, ...more] = keys;
    if (only === undefined || more.length > 0) return this.#kv.getMany(keys);
    return new Map([[only, await this.#kv.get(only)]]);
  }

  #staleValue<Value>(key: string, error: unknown): Value | null {
    const cached = this.#cache?.get(key);
    if (cached === undefined) throw error;
    // The response must not be cached: the next request has to try KV again.
    this.#freshUntil = 0;
    logFailure('KV failed; served a stale value', error, { key });
    return cached.value as Value | null;
  }
}
