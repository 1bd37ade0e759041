import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEtag, encodeEtag } from '../../src/feeds/etag.ts';

const tags = fc.record({
  sequence: fc.nat(Number.MAX_SAFE_INTEGER),
  versions: fc.array(fc.string({ unit: 'binary' })),
});

describe('an ETag', () => {
  test('decodes to what was encoded', () => {
    fc.assert(fc.property(tags, (tag) => void expect(decodeEtag(encodeEtag(tag))).toEqual(tag)));
  });

  test('is a weak entity tag of RFC 9110 section 8.8.3', () => {
    fc.assert(
      fc.property(tags, (tag) => {
        // `obs-text` aside, which we do not write.
        expect(encodeEtag(tag)).toMatch(/^W\/"[\x21\x23-\x7e]*"$/);
      }),
    );
  });

  test('differs when anything in it differs', () => {
    fc.assert(
      fc.property(tags, tags, (one, other) => {
        expect(encodeEtag(one) === encodeEtag(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
    expect(encodeEtag({ sequence: 1, versions: [] })).not.toBe(encodeEtag({ sequence: 1, versions: [''] }));
  });

  test('is read without W/, which the weak comparison ignores', () => {
    const tag = {
      sequence: 4711,
      versions: ['2026-11-20T10:00:00.000Z', '', 'https://news.example/a.json?b'],
    };
    expect(decodeEtag(encodeEtag(tag).slice(2))).toEqual(tag);
  });

  test.each([
    ['nothing', ''],
    ['no quotes', 'W/4.1.x'],
    ['one quote', 'W/"5.1.x'],
    ['a lower-case prefix', 'w/"5.1.x"'],
    ['somebody else’s tag', '"33a64df551425fcc55e4d42a148795d9f25f89d4"'],
    ['another way of rendering', 'W/"1.4711.x"'],
    ['no sequence number', 'W/"5"'],
    ['an empty sequence number', 'W/"5..x"'],
    ['a sequence number with a sign', 'W/"5.+1.x"'],
    ['a sequence number with zeros in front', 'W/"5.007.x"'],
    ['a sequence number as a fraction or a power', 'W/"5.1e3.x"'],
    ['a sequence number beyond what is safe', 'W/"5.9007199254740993.x"'],
    ['a part that is not percent-encoded', 'W/"5.1.https://news.example"'],
    ['a part that cannot be decoded', 'W/"5.1.%E0%A4"'],
    ['a suffix', 'W/"5.1.x"-gzip'],
  ])('is refused: %s', (_what, text) => {
    expect(decodeEtag(text)).toBeUndefined();
  });

  test('is the only text that decodes', () => {
    const nearly = fc.tuple(tags, fc.nat(40), fc.string({ maxLength: 2 })).map(([tag, at, inserted]) => {
      const text = encodeEtag(tag);
      return text.slice(0, at) + inserted + text.slice(at);
    });
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string()), (text) => {
        const tag = decodeEtag(text);
        if (tag !== undefined) expect([text, `W/${text}`]).toContain(encodeEtag(tag));
      }),
    );
  });
});
