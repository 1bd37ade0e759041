import { LRUCache } from 'lru-cache';

/** What reading needs of the Worker's environment. */
export interface StoreEnv {
  KV: KVNamespace;
  /** How many seconds an isolate may go on using what it read, as digits; 0 turns its memory off. */
  MEMORY_SECONDS: string;
}

/** An isolate has 128 MB for all it does; parsed JSON takes a few times the bytes of its text. */
const MOST_BYTES = 12 * 1_048_576;
const MOST_VALUES = 2_000;

/** How long a copy is kept for the case that KV fails. */
const LAST_RESORT_MS = 10 * 60_000;

interface Remembered {
  value: unknown;
  bytes: number;
  readAt: number;
}

/**
 * What this isolate read of KV a moment ago, parsed. Only finished values: a promise must not outlive its request
 * (workerd forbids awaiting another request's I/O). Misses are not remembered. Nobody may change what is handed out.
 */
const memory = new LRUCache<string, Remembered>({
  max: MOST_VALUES,
  maxSize: MOST_BYTES,
  sizeCalculation: ({ bytes }) => Math.max(1, bytes),
  ttl: LAST_RESORT_MS,
});

/**
 * The JSON under a key of KV, or null; read now, or at most `MEMORY_SECONDS` ago. One KV operation, or none. When KV
 * fails, what was read last; throws when that is too long ago.
 */
export async function read<Value>(
  env: StoreEnv,
  key: string,
  seconds = Number(env.MEMORY_SECONDS),
): Promise<Value | null> {
  const held = recall<Value>(env, key, seconds);
  if (held !== undefined) return held;
  try {
    const text = await env.KV.get(key);
    return text === null ? forget(key) : remember<Value>(env, key, text);
  } catch (error) {
    return lastResort<Value>(env, key, error);
  }
}

/** Those of up to 100 keys (KV's limit for a bulk read) that KV holds. One KV operation, or none. */
export async function readMany<Value>(env: StoreEnv, keys: readonly string[]): Promise<Map<string, Value>> {
  const seconds = Number(env.MEMORY_SECONDS);
  const found = new Map<string, Value>();
  const wanted: string[] = [];
  for (const key of keys) {
    const held = recall<Value>(env, key, seconds);
    if (held === undefined) wanted.push(key);
    else found.set(key, held);
  }
  if (wanted.length === 0) return found;
  try {
    for (const [key, text] of await env.KV.get(wanted)) {
      if (text !== null) found.set(key, remember<Value>(env, key, text));
    }
  } catch (error) {
    for (const key of wanted) found.set(key, lastResort<Value>(env, key, error));
  }
  return found;
}

function recall<Value>(env: StoreEnv, key: string, seconds: number): Value | undefined {
  if (env.MEMORY_SECONDS === '0') return undefined;
  const held = memory.get(key);
  return held !== undefined && Date.now() - held.readAt < seconds * 1_000 ? (held.value as Value) : undefined;
}

function remember<Value>(env: StoreEnv, key: string, text: string): Value {
  const value = JSON.parse(text) as Value;
  if (env.MEMORY_SECONDS !== '0') memory.set(key, { value, bytes: text.length, readAt: Date.now() });
  return value;
}

function forget(key: string): null {
  memory.delete(key);
  return null;
}

function lastResort<Value>(env: StoreEnv, key: string, error: unknown): Value {
  const held = env.MEMORY_SECONDS === '0' ? undefined : memory.get(key);
  if (held === undefined) throw error;
  console.error(
    JSON.stringify({ message: 'KV failed; served what was read last', key, error: String(error) }),
  );
  return held.value as Value;
}
