import { describe, expect, test } from 'vitest';
import { excerpt } from '../../src/text/excerpt.ts';
import { Lexicon } from '../../src/text/lexicon.ts';
import { sentenceEnds } from '../../src/text/sentences.ts';

const sentences = (text: string, language: string) => {
  const ends = sentenceEnds(text, new Lexicon(language));
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end).trim());
};

describe('a sentence ends', () => {
  test.each([
    ['hi', 'हिंदी में पूर्ण विराम है। फिर दूसरा वाक्य.', 2],
    ['hi', 'श्लोक का अंत॥ दूसरा।', 2],
    ['ur', 'یہ پہلا جملہ ہے۔ کیا یہ دوسرا ہے؟ ہاں!', 3],
    ['en', '“Did it rain?” he asked. “Yes.” Nobody moved.', 4],
    ['bn', 'মাশুল নেই। ঘাট খোলা।', 2],
    ['en', 'One… Two.', 2],
  ])('%s: %s', (language, text, count) => {
    expect(sentences(text, language)).toHaveLength(count);
  });

  test.each([
    ['hi', 'डॉ. राव ने प्रो. सेन से बात की।'],
    ['en', 'Dr. Rao met Mr. Sen at St. Anne’s.'],
    ['ta', 'ஊர்த் தலைவர் எம். கே. அரசு பேசினார்.'],
    ['en', 'J. R. Rao won 3.5 points in the U.S. open.'],
    ['bn', 'ডা. রায় ও মো. করিম এলেন।'],
  ])('%s: not in %s', (language, text) => {
    expect(sentences(text, language)).toEqual([text]);
  });
});

describe('an excerpt', () => {
  const text = 'डॉ. राव ने घाट देखा। काम अगले सप्ताह शुरू होगा। तीसरा वाक्य बहुत लंबा है और यहां नहीं समाता।';

  test('ends with a sentence', () => {
    expect(excerpt(text, 45, 'hi')).toBe('डॉ. राव ने घाट देखा। काम अगले सप्ताह शुरू होगा।');
    expect(excerpt(text, 30, 'hi')).toBe('डॉ. राव ने घाट देखा।');
  });

  test('or a word, where the first sentence is too long or would leave little', () => {
    expect(excerpt('A sentence that goes on and on without an end.', 20, 'en')).toBe('A sentence that…');
    expect(excerpt('No. A sentence that goes on and on and on.', 30, 'en')).toMatch(/^No\. A sentence .*…$/);
  });

  test('never within a grapheme', () => {
    expect(excerpt('क्षि'.repeat(30), 4, 'hi')).toBe(`${'क्षि'.repeat(3)}…`);
    expect(excerpt('👩‍👩‍👧'.repeat(5), 3, 'und')).toBe('👩‍👩‍👧👩‍👩‍👧…');
  });

  test('is the text itself when that is short enough', () => {
    expect(excerpt('Short. Enough', 20, 'en')).toBe('Short. Enough');
  });
});
