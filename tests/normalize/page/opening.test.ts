import { describe, expect, test } from 'vitest';
import { draft, outline, read } from '../drafts.ts';

const DESCRIPTION = 'The ferry to the island stopped on Monday, and nobody at the pier can say for how long.';
const STORY = [
  'Some sixty people waited for the first boat of the morning, until a sailor came out and sent them home again.',
  'The shipping office has one engineer for both of its boats, and he has been ill since the middle of last week.',
  'A bridge was promised twelve years ago; its first pillar still stands alone in the shallow water by the pier.',
].map((text) => `<p>${text}</p>`);

async function bodyOf(opening: string): Promise<string[]> {
  const html = `<html><head><title>No ferry today</title><meta property="og:description" content="${DESCRIPTION}"></head>
    <body><article><h1>No ferry today</h1>${opening}</article></body></html>`;
  const article = await read(draft('page', html));
  expect(article.summary).toBe(DESCRIPTION);
  return outline(article.body);
}

describe('the words that the head gives as a description', () => {
  test('stay in the article when they are its first paragraph', async () => {
    expect(await bodyOf(`<div><p>${DESCRIPTION}</p>${STORY.join('')}</div>`)).toHaveLength(4);
    const quoted = DESCRIPTION.replace(',', '&nbsp;,');
    expect(await bodyOf(`<p>${quoted}</p><div class="ad"></div>${STORY.join('')}`)).toHaveLength(4);
  });

  test.each([
    ['a class', `<p class="standfirst">${DESCRIPTION}</p>${STORY.join('')}`],
    ['an element', `<div>${DESCRIPTION}</div>${STORY.join('')}`],
    ['a place', `<header><p>${DESCRIPTION}</p></header><div>${STORY.join('')}</div>`],
  ])('are the summary alone where %s sets them apart', async (_, opening) => {
    expect(await bodyOf(opening)).toHaveLength(3);
  });
});
