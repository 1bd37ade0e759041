import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ARTICLE_ID, articleId, articlePath, articleUrn, slugify } from '../../src/domain/identity.ts';

/** The rule in other words: the first 80 bits of the hash as a number, written in base 32. */
function expectedId(publisher: string, sourceId: string): string {
  const hash = createHash('sha256').update(`${publisher}\n${sourceId}`, 'utf8').digest('hex').slice(0, 20);
  const crockford = '0123456789abcdefghjkmnpqrstvwxyz';
  const native = '0123456789abcdefghijklmnopqrstuv';
  const digits = BigInt(`0x${hash}`).toString(32).padStart(16, '0');
  return [...digits].map((digit) => crockford[native.indexOf(digit)]).join('');
}

describe('an article’s id', () => {
  test.each([
    ['samachar', '84213'],
    ['samachar', '84214'],
    ['a', ''],
    ['daily', 'समाचार/१२'],
    ['daily', 'x'.repeat(200)],
  ])('of %s %s is the first 80 bits of a SHA-256', async (publisher, sourceId) => {
    const id = await articleId(publisher, sourceId);
    expect(id).toBe(expectedId(publisher, sourceId));
    expect(id).toMatch(ARTICLE_ID);
  });

  test('keeps its zeros in front', async () => {
    for (let each = 0; each < 100; each += 1) expect(await articleId('p', String(each))).toHaveLength(16);
  });

  test('has no letter that is taken for another', () => {
    for (const letter of 'ilouILOU') expect(ARTICLE_ID.test(letter.repeat(16))).toBe(false);
    expect(ARTICLE_ID.test('0123456789abcdef')).toBe(true);
    expect(ARTICLE_ID.test('0123456789abcde')).toBe(false);
  });

  test('names it in feeds', () => {
    expect(articleUrn('0123456789abcdef')).toBe('urn:dateline:0123456789abcdef');
  });
});

describe('a slug', () => {
  test.each([
    ['River Port — Reopens!', 'river-port-reopens'],
    ['नदी बंदरगाह दोबारा खुला', 'नदी-बंदरगाह-दोबारा-खुला'],
    ['دریا کی بندرگاہ، کھل گئی', 'دریا-کی-بندرگاہ-کھل-گئی'],
    ['ஆற்றுத் துறைமுகம்', 'ஆற்றுத்-துறைமுகம்'],
    ['  50% of 2026/27  ', '50-of-2026-27'],
    ['…!?', 'article'],
    ['', 'article'],
  ])('%s → %s', (headline, slug) => {
    expect(slugify(headline)).toBe(slug.normalize('NFC'));
  });

  test('is NFC whichever form the headline came in', () => {
    expect(slugify('Cafe\u0301 \u0958')).toBe(slugify('Caf\u00E9 \u0915\u093C'));
    expect(slugify('Cafe\u0301')).toBe('caf\u00E9');
  });

  test('keeps the joiners', () => {
    expect(slugify('क्\u200Dष')).toBe('क्\u200Dष');
  });

  test('is at most 80 code units, cut between words where it can', () => {
    expect(slugify('word '.repeat(40))).toBe('word-'.repeat(16).slice(0, -1));
    expect(slugify('x'.repeat(200))).toBe('x'.repeat(80));
    // 𝒳 takes two code units, and 79 + 2 do not fit.
    expect(slugify(`${'x'.repeat(79)}𝟛`).isWellFormed()).toBe(true);
  });

  test('is percent-encoded in a path', () => {
    expect(articlePath('0123456789abcdef', 'क ख')).toBe('/news/0123456789abcdef/%E0%A4%95-%E0%A4%96');
  });
});
