import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { read, readMany } from '../../src/store/cache.ts';
import { countedKv } from '../counted-kv.ts';

function counted() {
  const { state, KV } = countedKv();
  return { state, store: { KV, MEMORY_SECONDS: '2' } };
}

let number = 0;
let key: string;

beforeEach(async () => {
  await reset();
  number += 1;
  // Memory outlives a test: each has a key of its own.
  key = `article:key-${number}`;
  vi.useFakeTimers({ toFake: ['Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('what an isolate has read', () => {
  test('is not asked for again for so many seconds, and is then', async () => {
    const { state, store } = counted();
    await env.KV.put(key, '{"a":1}');
    expect(await read(store, key)).toEqual({ a: 1 });
    await env.KV.put(key, '{"a":2}');
    vi.advanceTimersByTime(1_900);
    expect(await read(store, key)).toEqual({ a: 1 });
    expect(state.operations).toBe(1);
    vi.advanceTimersByTime(200);
    expect(await read(store, key)).toEqual({ a: 2 });
  });

  test('is asked for each time when the memory is off', async () => {
    const { state, store } = counted();
    await env.KV.put(key, '{}');
    for (let n = 0; n < 3; n += 1) await read({ ...store, MEMORY_SECONDS: '0' }, key);
    expect(state.operations).toBe(3);
  });

  test('does not count when it was nothing: what is written next is seen at once', async () => {
    const { store } = counted();
    expect(await read(store, key)).toBeNull();
    await env.KV.put(key, '{"a":1}');
    expect(await read(store, key)).toEqual({ a: 1 });
  });

  test('goes when its key does', async () => {
    const { state, store } = counted();
    await env.KV.put(key, '{"a":1}');
    await read(store, key);
    await env.KV.delete(key);
    vi.advanceTimersByTime(2_100);
    expect(await read(store, key)).toBeNull();
    state.failing = true;
    await expect(read(store, key)).rejects.toThrow('KV GET failed');
  });

  test('counts as nothing where nothing is the rule: a site without settings', async () => {
    const { state, store } = counted();
    expect(await read(store, `site-${key}`)).toBeNull();
    expect(await read(store, `site-${key}`)).toBeNull();
    expect(state.operations).toBe(1);
  });

  test('asked for in one go is one operation', async () => {
    const { state, store } = counted();
    await env.KV.put(`${key}-1`, '1');
    await env.KV.put(`${key}-2`, '2');
    const [one, two, many] = await Promise.all([
      read(store, `${key}-1`),
      read(store, `${key}-2`),
      readMany(store, [`${key}-2`, `${key}-3`]),
    ]);
    expect([one, two, many.size]).toEqual([1, 2, 1]);
    expect(state.operations).toBe(1);
  });

  test('more than a bulk read takes are several operations', async () => {
    const { state, store } = counted();
    const keys = Array.from({ length: 150 }, (_each, n) => `${key}-${n}`);
    await env.KV.put(`${key}-149`, '149');
    expect((await readMany(store, keys)).size).toBe(1);
    expect(state.operations).toBe(2);
  });

  test('many are one operation, for those not remembered', async () => {
    const { state, store } = counted();
    for (const n of [1, 2, 3]) await env.KV.put(`${key}-${n}`, String(n));
    await read(store, `${key}-1`);
    const found = await readMany(store, [`${key}-1`, `${key}-2`, `${key}-3`, `${key}-4`]);
    expect([...found.values()].sort()).toEqual([1, 2, 3]);
    expect(state.operations).toBe(2);
    await readMany(store, [`${key}-1`, `${key}-2`, `${key}-3`]);
    expect(state.operations).toBe(2);
  });
});

describe('when KV fails', () => {
  test('what was read last is given, for ten minutes', async () => {
    const { state, store } = counted();
    await env.KV.put(key, '{"a":1}');
    await read(store, key);
    state.failing = true;
    vi.advanceTimersByTime(60_000);
    expect(await read(store, key)).toEqual({ a: 1 });
    expect((await readMany(store, [key])).get(key)).toEqual({ a: 1 });
  });

  test('and what never was read is an error, never nothing', async () => {
    const { state, store } = counted();
    state.failing = true;
    await expect(read(store, key)).rejects.toThrow('KV GET failed');
    await expect(readMany(store, [key])).rejects.toThrow('KV GET failed');
  });
});
