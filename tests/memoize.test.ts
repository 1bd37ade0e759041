import { expect, test, vi } from 'vitest';
import { memoize, memoizeByObject } from '../src/memoize.ts';

test('the result for a key is reused', () => {
  const make = vi.fn((key: string) => ({ key }));
  const kept = memoize(10, make);
  expect(kept('a')).toBe(kept('a'));
  expect(kept('b')).not.toBe(kept('a'));
  expect(make).toHaveBeenCalledTimes(2);
});

test('no more is kept than it may be', () => {
  const make = vi.fn((key: string) => ({ key }));
  const kept = memoize(2, make);
  for (const key of ['a', 'b', 'c', 'c', 'a']) expect(kept(key)).toEqual({ key });
  expect(make.mock.calls.map(([key]) => key)).toEqual(['a', 'b', 'c', 'a']);
});

test('a result that is undefined is reused, too', () => {
  const make = vi.fn(() => undefined);
  const byKey = memoize(10, make);
  const byObject = memoizeByObject(make);
  const key = {};
  expect([byKey('a'), byKey('a'), byObject(key), byObject(key)]).toEqual(Array(4).fill(undefined));
  expect(make).toHaveBeenCalledTimes(2);
});

test('the result for an object is reused, and not for one that is equal', () => {
  const make = vi.fn((key: { name: string }) => ({ ...key }));
  const kept = memoizeByObject(make);
  const key = { name: 'a' };
  expect(kept(key)).toBe(kept(key));
  expect(kept({ name: 'a' })).not.toBe(kept(key));
  expect(make).toHaveBeenCalledTimes(2);
});
