import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldLine } from '../../src/text/fold-line.ts';

describe('foldLine', () => {
  test.each([
    ['WATCH  Live TV!', 'watch live tv'],
    ['Don’t — miss', 'dont miss'],
    ['ये भी पढ़ें:', 'ये भी पढें'],
    ['क्\u200Dष', 'क्ष'],
    ['كتاب عربي', 'کتاب عربی'],
    ['أضف تعليقًا', 'اضف تعلیقا'],
    ['إقرأ أيضاً على آخر ٱلأخبار', 'اقرا ایضا علی اخر الاخبار'],
    ['مـحـمّـد', 'محمد'],
    ['यहाँ पढ़ें', 'यहां पढें'],
    ['ਵੱਟਸਐਪ ਸੰਬੰਧਤ', 'ਵਟਸਐਪ ਸਂਬਂਧਤ'],
    ['e\u0301te\u0301', 'été'],
    ['«ΌΣ» 😀 ΟΔΟΣ', 'ός οδος'],
    ['𝒜 𐐀', '𝒜 𐐨'],
    [' … ', ''],
  ])('%s: %s', (line, folded) => expect(foldLine(line)).toBe(folded));

  test('as patterns say it, whatever the line', () => {
    const character = fc.constantFrom(
      ..."aAéÉßẞİΣσ19 .:-–'’\u200C\u200D\u0301\n",
      ...'किँ्ंੱੰ\u093C\u09BCयيىكاأآًّـ۔عא字か😀𐐀𝒜\uD800',
    );
    fc.assert(
      fc.property(fc.array(character, { maxLength: 20 }), (characters) => {
        const line = characters.join('');
        const plain = line
          .normalize('NFC')
          .toLowerCase()
          .replace(/\u200C|\u200D|[\u093C\u09BC\u0A3C\u0ABC\u0B3C'’]/gu, '')
          .replace(/[\u064B-\u0652\u0670\u0640\u0A71]/gu, '')
          .replaceAll('ँ', 'ं')
          .replaceAll('ੰ', 'ਂ')
          .replace(/[آأإٱ]/gu, 'ا')
          .replace(/[يى]/gu, 'ی')
          .replaceAll('ك', 'ک')
          .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
          .trim();
        expect(foldLine(line)).toBe(plain);
      }),
      { numRuns: 3_000 },
    );
  });
});
