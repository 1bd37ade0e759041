import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Article } from '../../../src/domain/article.ts';
import { toCard } from '../../../src/domain/article.ts';
import { articlePage } from '../../../src/formats/amp/article-page.ts';
import { listPage } from '../../../src/formats/amp/list-page.ts';
import { noticePage } from '../../../src/formats/amp/notice-page.ts';
import { runs } from '../../thorough.ts';
import { site } from '../articles.ts';
import { hostileArticle, hostileText, hostileUrl } from '../hostile.ts';
import { attribute, elements, PAGE_ELEMENTS, strangers, textContent } from '../markup.ts';
import { furnishedSite } from '../sites.ts';

/** The scripts a page may have: data, and those of the AMP project. */
function strangeScripts(html: string): string[] {
  return elements(html)
    .filter((element) => element.tagName === 'script')
    .filter((script) =>
      attribute(script, 'type') === 'application/ld+json'
        ? typeof JSON.parse(textContent(script)) !== 'object'
        : !/^https:\/\/cdn\.ampproject\.org\/v0[\w./-]*\.js$/.test(attribute(script, 'src') ?? ''),
    )
    .map(textContent);
}

function expectTame(html: string): void {
  expect(strangers(html, PAGE_ELEMENTS)).toEqual([]);
  expect(strangeScripts(html)).toEqual([]);
  // A comment, a second style sheet or a second title would mean that words got out of their element.
  expect(html.match(/<!--|<style amp-custom|<title>/g)).toHaveLength(2);
}

const listOf = (articles: Article[], title: string) =>
  listPage({
    site,
    scope: { kind: 'tags', name: title.toWellFormed() },
    title,
    language: 'hi',
    cards: articles.map(toCard),
  });

describe('for any input, a page contains only listed elements, attributes, URL schemes and scripts', () => {
  test('an article’s', () => {
    fc.assert(
      fc.property(hostileArticle, hostileText, (article, name) => {
        expectTame(
          articlePage({
            article,
            site: { ...site, name, description: name },
            publisher: { id: 'p', name, url: name },
          }),
        );
      }),
      { numRuns: runs(300, 100) },
    );
  });

  test('one on a site that has everything, its settings hostile as well', () => {
    fc.assert(
      fc.property(hostileArticle, hostileText, hostileUrl, (article, words, url) => {
        const cards = [toCard(article)];
        expectTame(
          articlePage({
            article,
            site: {
              ...furnishedSite,
              navigation: [
                { title: words, url },
                { title: words, section: words.toWellFormed() },
              ],
              liveUrl: url,
              logo: { url, width: 10, height: 10 },
              footer: { text: words, links: [{ title: words, url }] },
              social: { x: url },
            },
            more: cards,
            trending: cards,
          }),
        );
      }),
      { numRuns: runs(300, 100) },
    );
  });

  test('a list’s', () => {
    fc.assert(
      fc.property(fc.array(hostileArticle, { maxLength: 3 }), hostileText, (articles, title) => {
        expectTame(listOf(articles, title));
      }),
      { numRuns: runs(100, 40) },
    );
  });

  test('a notice’s', () => {
    fc.assert(
      fc.property(hostileText, (reason) => {
        expectTame(noticePage({ site, language: 'ur', kind: 'withdrawn', reason }));
      }),
    );
  });
});
