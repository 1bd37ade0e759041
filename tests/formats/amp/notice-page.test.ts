import { describe, expect, test } from 'vitest';
import { noticePage } from '../../../src/formats/amp/notice-page.ts';
import { site } from '../articles.ts';
import { elements, textContent } from '../markup.ts';

const heading = (html: string) =>
  elements(html)
    .filter((element) => element.tagName === 'h1')
    .map(textContent);

describe('a page in place of one that is not there', () => {
  test('the notice of a withdrawn article is in its language', () => {
    const html = noticePage({ site, language: 'ur', kind: 'withdrawn', reason: 'Named the <wrong> harbour' });
    expect(html).toContain('<html amp lang="ur" dir="rtl">');
    expect(heading(html)).toEqual(['یہ خبر واپس لے لی گئی ہے']);
    expect(html).toContain('<bdi>Named the &lt;wrong&gt; harbour</bdi>');
  });

  test('a missing page is not said to have been withdrawn', () => {
    expect(heading(noticePage({ site, language: 'en', kind: 'not-found' }))).toEqual(['Page not found']);
  });

  test('search engines must not index either', () => {
    for (const kind of ['withdrawn', 'not-found'] as const) {
      expect(noticePage({ site, language: 'hi', kind })).toContain('<meta name="robots" content="noindex">');
    }
  });
});
