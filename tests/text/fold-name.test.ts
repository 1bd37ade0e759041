import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldName } from '../../src/text/fold-name.ts';

describe('names that are one name', () => {
  test.each([
    ['beta-partner', 'Beta-Partner'],
    ['Beta Partner', '  BETA\u00A0 partner\n'],
    ['Ｂｅｔａ', 'beta'],
    ['Straße', 'STRASSE'],
    ['ΟΔΟΣ', 'οδος'],
    ['Пресса', 'ПРЕССА'],
    ['Émile', 'E\u0301MILE'],
    ['हिंदी\u200D मिरर', 'हिंदी मिरर'],
    ['ﬁrst', 'First'],
    ['İstanbul', 'i\u0307stanbul'],
  ])('%s', (one, other) => {
    expect(foldName(one)).toBe(foldName(other));
  });
});

test.each([
  ['beta', 'betas'],
  ['मिरर', 'मीरर'],
  ['beta-partner', 'betapartner'],
])('%s and %s are two names', (one, other) => {
  expect(foldName(one)).not.toBe(foldName(other));
});

test('folding a folded name changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
      expect(foldName(foldName(name))).toBe(foldName(name));
    }),
  );
});
