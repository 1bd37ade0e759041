import { logFailure } from '../log.ts';
import { within } from './deadline.ts';
import { LeastRecentlyUsed } from './lru-cache.ts';

/** What reading needs of the Worker's environment. */
export interface StoreEnv {
  KV: KVNamespace;
  /** How many seconds an isolate may go on using what it read, as digits; 0 turns its memory off. */
  MEMORY_SECONDS: string;
  /** Of what is being made for one request out of what is read here. */
  freshness?: Freshness;
}

/** How long something may be used again that was made of several values. */
export interface Freshness {
  /** In milliseconds since the epoch: no later than the first of these values would be read anew. */
  until: number;
}

/** An isolate has 128 MB for all it does; parsed JSON takes a few times the bytes of its text. */
const MAX_BYTES = 12 * 1_048_576;
const MAX_VALUES = 2_000;

/** A read that KV has not answered by then has failed: its reader gets the last copy, or is told to come back. */
export const READ_PATIENCE = 5_000;

/** How long a copy is kept for the case that KV fails. */
export const LAST_RESORT_MS = 10 * 60_000;

interface Remembered {
  value: unknown;
  bytes: number;
  readAt: number;
}

/**
 * What this isolate read of KV a moment ago. Only finished values: a promise must not outlive its request
 * (workerd forbids awaiting another request's I/O). Misses are not remembered. Nobody may change what is handed out.
 */
const memory = new LeastRecentlyUsed<Remembered>({
  values: MAX_VALUES,
  bytes: MAX_BYTES,
  bytesOf: ({ bytes }) => bytes,
  milliseconds: LAST_RESORT_MS,
});

/**
 * What lies under a key of KV as JSON (or as `parse` has it), or null; read now, or at most `seconds` ago. What is asked for in one go is one
 * KV operation. When KV fails, what was read last; throws when that is too long ago.
 */
export async function read<Value>(
  env: StoreEnv,
  key: string,
  { seconds = Number(env.MEMORY_SECONDS), parse = JSON.parse as (text: string) => Value } = {},
): Promise<Value | null> {
  const held = recall<Value | null>(env, key, seconds);
  if (held !== undefined) return held;
  try {
    const text = await batched(env.KV, key);
    if (text !== null) return remember(env, key, parse(text), text.length);
    return MAY_APPEAR.test(key) ? forget(key) : remember(env, key, null, 0);
  } catch (error) {
    return lastResort<Value>(env, key, error);
  }
}

/** What is published must be seen at once; that something else is missing may be remembered. */
const MAY_APPEAR = /^(?:article|feed|publisher|partner):/;

/** Those of these keys that KV holds. */
export async function readMany<Value>(env: StoreEnv, keys: readonly string[]): Promise<Map<string, Value>> {
  const values = await Promise.all(keys.map((key) => read<Value>(env, key)));
  return new Map(keys.flatMap((key, index) => (values[index] == null ? [] : [[key, values[index]]])));
}

/** A bulk read takes 100 keys (KV, "Limits"). */
const MAX_KEYS = 100;

interface Batch {
  keys: Set<string>;
  texts: Promise<ReadonlyMap<string, string | null>>;
}

const gathering = new WeakMap<KVNamespace, Batch>();

/**
 * The text under a key, fetched with all that is asked for until the caller's synchronous work is done: microtasks
 * of one request run before another request's code does, so no batch is shared between requests.
 */
async function batched(kv: KVNamespace, key: string): Promise<string | null> {
  let batch = gathering.get(kv);
  if (batch === undefined || batch.keys.size >= MAX_KEYS) {
    const keys = new Set<string>();
    const texts = Promise.resolve().then(() => {
      if (gathering.get(kv)?.keys === keys) gathering.delete(kv);
      // One deadline for the operation, not one a key: a page of a feed reads fifty.
      return within(READ_PATIENCE, 'KV GET', fetchAll(kv, [...keys]));
    });
    batch = { keys, texts };
    gathering.set(kv, batch);
  }
  batch.keys.add(key);
  return (await batch.texts).get(key) ?? null;
}

async function fetchAll(
  kv: KVNamespace,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const [only, ...more] = keys;
  if (only === undefined || more.length > 0) return kv.get([...keys]);
  return new Map([[only, await kv.get(only)]]);
}

function recall<Value>(env: StoreEnv, key: string, seconds: number): Value | undefined {
  if (env.MEMORY_SECONDS === '0') return undefined;
  const held = memory.get(key);
  if (held === undefined) return undefined;
  const until = held.readAt + seconds * 1_000;
  if (Date.now() >= until) return undefined;
  if (env.freshness !== undefined) env.freshness.until = Math.min(env.freshness.until, until);
  return held.value as Value;
}

function remember<Value>(env: StoreEnv, key: string, value: Value, bytes: number): Value {
  if (env.MEMORY_SECONDS !== '0') memory.set(key, { value, bytes, readAt: Date.now() });
  return value;
}

function forget(key: string): null {
  memory.delete(key);
  return null;
}

function lastResort<Value>(env: StoreEnv, key: string, error: unknown): Value {
  const held = env.MEMORY_SECONDS === '0' ? undefined : memory.get(key);
  if (held === undefined) throw error;
  // Old already: what is made of it serves this request alone.
  if (env.freshness !== undefined) env.freshness.until = 0;
  logFailure('KV failed; served what was read last', error, { key });
  return held.value as Value;
}
