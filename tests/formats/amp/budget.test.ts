import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Article } from '../../../src/domain/article.ts';
import type { Block } from '../../../src/domain/blocks.ts';
import { blockText } from '../../../src/domain/blocks.ts';
import { articlePage } from '../../../src/formats/amp/article-page.ts';
import { countWords } from '../../../src/text/text.ts';
import { hindi, publisher } from '../articles.ts';
import { boxCards, furnishedSite } from '../sites.ts';

/** What a reader on a slow line waits for: one document, and in it nothing but what the page shows. */

// Words that do not repeat: text that gzip could fold would weigh too little.
const SYLLABLES = 'का की के ना नी ले ती रा मा सी पु शा गं दि वे जो को है तो बा हि चा थे नु'.split(' ');
function* words(): Generator<string> {
  for (let seed = 1; ; ) {
    let made = '';
    seed = (seed * 48_271) % 2_147_483_647;
    for (let rest = seed, length = 1 + (seed % 3); length >= 0; length -= 1) {
      made += SYLLABLES[rest % SYLLABLES.length] ?? '';
      rest = Math.floor(rest / SYLLABLES.length);
    }
    yield made;
  }
}

const vocabulary = words();
const paragraphs = Array.from({ length: 25 }, (): Block => {
  const line = Array.from({ length: 40 }, () => vocabulary.next().value ?? '').join(' ');
  return { type: 'paragraph', content: [{ type: 'text', text: `${line}।` }] };
});
const article: Article = { ...hindi, body: paragraphs };

const { ads: _ads, ...site } = furnishedSite;
const html = articlePage({
  article,
  site,
  publisher,
  more: boxCards.slice(1),
  trending: boxCards.slice(0, 5),
});

test('a Hindi article of 1,000 words weighs less than 20 KB', () => {
  expect(paragraphs.reduce((sum, block) => sum + countWords(blockText(block)), 0)).toBe(1_000);
  expect(gzipSync(html).length).toBeLessThan(20 * 1_024);
});

test('its style sheet weighs less than 8 KB', () => {
  const css = /<style amp-custom>(.*?)<\/style>/s.exec(html)?.[1] ?? '';
  expect(css.length).toBeGreaterThan(2_000);
  expect(new TextEncoder().encode(css).length).toBeLessThan(8 * 1_024);
});

test('it has no script, and shows its text after one request', () => {
  expect(html.match(/<script(?! type="application\/ld\+json")/)).toBeNull();
  expect(html).not.toMatch(/rel="(?:stylesheet|preload|icon)"|@font-face|@import|url\(/);
});
