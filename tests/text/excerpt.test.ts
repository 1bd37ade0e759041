import { describe, expect, test } from 'vitest';
import { excerpt } from '../../src/text/excerpt.ts';
import { sentenceEnds } from '../../src/text/sentences.ts';

const sentences = (text: string) => {
  const ends = sentenceEnds(text);
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end).trim());
};

describe('a sentence ends', () => {
  test.each([
    ['हिंदी में पूर्ण विराम है। फिर दूसरा वाक्य.', 2],
    ['श्लोक का अंत॥ दूसरा।', 2],
    ['یہ پہلا جملہ ہے۔ کیا یہ دوسرا ہے؟ ہاں!', 3],
    ['“Did it rain?” he asked. “Yes.” Nobody moved.', 4],
    ['মাশুল নেই। ঘাট খোলা।', 2],
    ['One… Two.', 2],
  ])('%s', (text, count) => {
    expect(sentences(text)).toHaveLength(count);
  });

  test.each([
    'डॉ. राव ने प्रो. सेन से बात की।',
    'Dr. Rao met Mr. Sen at St. Anne’s.',
    'ஊர்த் தலைவர் எம். கே. அரசு பேசினார்.',
    'J. R. Rao won 3.5 points in the U.S. open.',
    'ডা. রায় ও মো. করিম এলেন।',
  ])('not in %s', (text) => {
    expect(sentences(text)).toEqual([text]);
  });
});

describe('an excerpt', () => {
  const text = 'डॉ. राव ने घाट देखा। काम अगले सप्ताह शुरू होगा। तीसरा वाक्य बहुत लंबा है और यहां नहीं समाता।';

  test('ends with a sentence', () => {
    expect(excerpt(text, 45)).toBe('डॉ. राव ने घाट देखा। काम अगले सप्ताह शुरू होगा।');
    expect(excerpt(text, 30)).toBe('डॉ. राव ने घाट देखा।');
  });

  test('or a word, where the first sentence is too long or would leave little', () => {
    expect(excerpt('A sentence that goes on and on without an end.', 20)).toBe('A sentence that…');
    expect(excerpt('No. A sentence that goes on and on and on.', 30)).toMatch(/^No\. A sentence .*…$/);
  });

  test('never within a grapheme', () => {
    expect(excerpt('क्षि'.repeat(30), 4)).toBe(`${'क्षि'.repeat(3)}…`);
    expect(excerpt('👩‍👩‍👧'.repeat(5), 3)).toBe('👩‍👩‍👧👩‍👩‍👧…');
  });

  test('is the text itself when that is short enough', () => {
    expect(excerpt('Short. Enough', 20)).toBe('Short. Enough');
  });
});
