import { expect, test, vi } from 'vitest';
import { memoize } from '../../src/text/memoize.ts';

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
