import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Isolate } from '../../src/isolate.ts';
import { KvReader } from '../../src/store/kv-reader.ts';
import { countedKv } from '../counted-kv.ts';

/** Readers of one isolate, each for a request of its own. */
function counted(MEMORY_SECONDS = '2') {
  const { state, KV } = countedKv();
  const isolate = new Isolate();
  return { state, reader: () => new KvReader({ KV, MEMORY_SECONDS }, isolate) };
}

const key = 'article:key';

beforeEach(async () => {
  await reset();
  vi.useFakeTimers({ toFake: ['Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a cached value', () => {
  test('is used for MEMORY_SECONDS, and read again after that', async () => {
    const { state, reader } = counted();
    await env.KV.put(key, '{"a":1}');
    expect(await reader().get(key)).toEqual({ a: 1 });
    await env.KV.put(key, '{"a":2}');
    vi.advanceTimersByTime(1_900);
    expect(await reader().get(key)).toEqual({ a: 1 });
    expect(state.operations).toBe(1);
    vi.advanceTimersByTime(200);
    expect(await reader().get(key)).toEqual({ a: 2 });
  });

  test('is never used when the memory is off', async () => {
    const { state, reader } = counted('0');
    await env.KV.put(key, '{}');
    for (let n = 0; n < 3; n += 1) await reader().get(key);
    expect(state.operations).toBe(3);
  });

  test('is never a missing article: what is published is seen at once', async () => {
    const { reader } = counted();
    expect(await reader().get(key)).toBeNull();
    await env.KV.put(key, '{"a":1}');
    expect(await reader().get(key)).toEqual({ a: 1 });
  });

  test('is dropped when its key is deleted', async () => {
    const { state, reader } = counted();
    await env.KV.put(key, '{"a":1}');
    await reader().get(key);
    await env.KV.delete(key);
    vi.advanceTimersByTime(2_100);
    expect(await reader().get(key)).toBeNull();
    state.failing = true;
    await expect(reader().get(key)).rejects.toThrow('KV GET failed');
  });

  test('may be a missing one under other keys: a site without settings', async () => {
    const { state, reader } = counted();
    expect(await reader().get(`site-${key}`)).toBeNull();
    expect(await reader().get(`site-${key}`)).toBeNull();
    expect(state.operations).toBe(1);
  });

  test('read with others in the same synchronous work is one operation', async () => {
    const { state, reader } = counted();
    await env.KV.put(`${key}-1`, '1');
    await env.KV.put(`${key}-2`, '2');
    const one = reader();
    const [first, second, many] = await Promise.all([
      one.get(`${key}-1`),
      one.get(`${key}-2`),
      one.getMany([`${key}-2`, `${key}-3`]),
    ]);
    expect([first, second, many.size]).toEqual([1, 2, 1]);
    expect(state.operations).toBe(1);
  });

  test('more keys than a bulk read takes are several operations', async () => {
    const { state, reader } = counted();
    const keys = Array.from({ length: 150 }, (_each, n) => `${key}-${n}`);
    await env.KV.put(`${key}-149`, '149');
    expect((await reader().getMany(keys)).size).toBe(1);
    expect(state.operations).toBe(2);
  });

  test('is left out of a bulk read', async () => {
    const { state, reader } = counted();
    for (const n of [1, 2, 3]) await env.KV.put(`${key}-${n}`, String(n));
    await reader().get(`${key}-1`);
    const found = await reader().getMany([`${key}-1`, `${key}-2`, `${key}-3`, `${key}-4`]);
    expect([...found.values()].sort()).toEqual([1, 2, 3]);
    expect(state.operations).toBe(2);
    await reader().getMany([`${key}-1`, `${key}-2`, `${key}-3`]);
    expect(state.operations).toBe(2);
  });
});

describe('when KV fails', () => {
  test('the last value is served for ten minutes', async () => {
    const { state, reader } = counted();
    await env.KV.put(key, '{"a":1}');
    await reader().get(key);
    state.failing = true;
    vi.advanceTimersByTime(60_000);
    expect(await reader().get(key)).toEqual({ a: 1 });
    expect((await reader().getMany([key])).get(key)).toEqual({ a: 1 });
  });

  test('a key that was never read is an error, not a missing value', async () => {
    const { state, reader } = counted();
    state.failing = true;
    await expect(reader().get(key)).rejects.toThrow('KV GET failed');
    await expect(reader().getMany([key])).rejects.toThrow('KV GET failed');
  });
});
