import { describe, expect, test } from 'vitest';
import { exponent, median } from '../../bench/statistics.ts';

describe('median', () => {
  test.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[10, 2, 4, 8], 6],
  ])('of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});

describe('exponent', () => {
  const sizes = [64, 128, 256, 512, 1_024];

  test.each([
    ['constant', 0],
    ['linear', 1],
    ['quadratic', 2],
  ])('of %s growth is %d, whatever the machine’s speed', (_name, k) => {
    for (const speed of [0.001, 7]) {
      expect(exponent(sizes.map((size) => [size, speed * size ** k]))).toBeCloseTo(k, 10);
    }
  });

  test('of n log n is between linear and the limit', () => {
    const found = exponent(sizes.map((size) => [size, size * Math.log2(size)]));
    expect(found).toBeGreaterThan(1.1);
    expect(found).toBeLessThan(1.2);
  });
});
