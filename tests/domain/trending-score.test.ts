import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scoreAt, standingAfter, standingOf } from '../../src/domain/trending-score.ts';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const HOUR = 3_600_000;

test('views count in full at first, by half after six hours, by a quarter after twelve', () => {
  const standing = standingAfter(undefined, 100, NOW);
  expect(scoreAt(standing, NOW)).toBeCloseTo(100, 6);
  expect(scoreAt(standing, NOW + 6 * HOUR)).toBeCloseTo(50, 6);
  expect(scoreAt(standing, NOW + 12 * HOUR)).toBeCloseTo(25, 6);
});

test('new views add to what is left of the old', () => {
  const later = NOW + 6 * HOUR;
  expect(scoreAt(standingAfter(standingAfter(undefined, 100, NOW), 10, later), later)).toBeCloseTo(60, 6);
});

test('fewer views of today outrank more of yesterday', () => {
  const yesterday = standingAfter(undefined, 100, NOW - 24 * HOUR);
  expect(standingAfter(undefined, 10, NOW)).toBeGreaterThan(yesterday);
});

const visits = fc.array(fc.record({ at: fc.nat(200 * HOUR), views: fc.integer({ min: 1, max: 1_000 }) }), {
  minLength: 1,
  maxLength: 30,
});

test('in batches or one by one, a standing is the sum of all views, each halved by its age', () => {
  fc.assert(
    fc.property(visits, fc.nat(50 * HOUR), (unsorted, wait) => {
      const sorted = unsorted.toSorted((one, other) => one.at - other.at);
      const end = NOW + (sorted.at(-1)?.at ?? 0) + wait;
      const standing = sorted.reduce<number | undefined>(
        (before, { at, views }) => standingAfter(before, views, NOW + at),
        undefined,
      );
      const sum = sorted.reduce(
        (total, { at, views }) => total + views / 2 ** ((end - NOW - at) / (6 * HOUR)),
        0,
      );
      expect(scoreAt(standing ?? 0, end) / sum).toBeCloseTo(1, 6);
    }),
  );
});

test('the order of standings is the order of scores at every time', () => {
  const number = fc.double({ min: 0.01, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(number, number, fc.nat(1_000 * HOUR), (one, other, wait) => {
      const [a, b] = [standingOf(one, NOW), standingOf(other, NOW)];
      if (Math.abs(a - b) < 1e-9) return;
      expect(scoreAt(a, NOW + wait) > scoreAt(b, NOW + wait)).toBe(a > b);
    }),
  );
});
