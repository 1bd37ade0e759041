import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LruCache } from '../../src/store/lru-cache.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const kept = (limits: { values?: number; bytes?: number; milliseconds?: number }) =>
  new LruCache<string>({ values: 3, bytes: 10, bytesOf: (value) => value.length, ...limits });

test('the least recently used value is dropped first', () => {
  const memory = kept({});
  for (const key of ['a', 'b', 'c']) memory.set(key, key);
  expect(memory.get('a')).toBe('a');
  memory.set('d', 'd');
  expect(['a', 'b', 'c', 'd'].map((key) => memory.get(key))).toEqual(['a', undefined, 'c', 'd']);
});

test('as many values are dropped as the bytes of the new one need', () => {
  const memory = kept({});
  memory.set('a', '1234');
  memory.set('b', '12345');
  memory.set('c', '12345');
  expect(['a', 'b', 'c'].map((key) => memory.get(key))).toEqual([undefined, '12345', '12345']);
});

test('a replaced or deleted value frees its bytes', () => {
  const memory = kept({});
  memory.set('a', '1234567890');
  memory.set('a', '1');
  memory.set('b', '123456789');
  expect([memory.get('a'), memory.get('b')]).toEqual(['1', '123456789']);
  memory.delete('b');
  memory.delete('never there');
  memory.set('c', '12345678');
  expect([memory.get('a'), memory.get('b'), memory.get('c')]).toEqual(['1', undefined, '12345678']);
});

test('a value that is too large is not kept, and drops only the one it would replace', () => {
  const memory = kept({});
  memory.set('a', '1');
  memory.set('b', '2');
  memory.set('b', '12345678901');
  expect([memory.get('a'), memory.get('b')]).toEqual(['1', undefined]);
});

test('a value expires after its time, which reading it does not extend', () => {
  const memory = kept({ milliseconds: 100 });
  memory.set('a', '1');
  vi.advanceTimersByTime(60);
  expect(memory.get('a')).toBe('1');
  vi.advanceTimersByTime(40);
  expect(memory.get('a')).toBeUndefined();
});
