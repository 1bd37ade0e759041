import { LRUCache } from 'lru-cache';
import type { Bindings } from '../bindings.ts';

const MOST_BYTES = 16 * 1_048_576;
/** Larger bodies are rendered again: copying them out of memory costs more than it saves in others' room. */
const LARGEST = 1_048_576;

/**
 * What this isolate rendered a moment ago, by what the bytes follow from. The time bounds how long a body that KV did
 * not have yet stays missing from a feed; a new version has a new name.
 */
const memory = new LRUCache<string, Uint8Array>({
  max: 1_000,
  maxSize: MOST_BYTES,
  maxEntrySize: LARGEST,
  sizeCalculation: (bytes) => Math.max(1, bytes.byteLength),
});

/** The bytes of a representation, rendered when they were not lately. */
export async function rendered(
  env: Pick<Bindings, 'MEMORY_SECONDS'>,
  name: string,
  render: () => string | Promise<string>,
): Promise<string | Uint8Array> {
  const ttl = Number(env.MEMORY_SECONDS) * 1_000;
  if (ttl === 0) return render();
  const held = memory.get(name);
  if (held !== undefined) return held;
  const bytes = new TextEncoder().encode(await render());
  memory.set(name, bytes, { ttl });
  return bytes;
}
