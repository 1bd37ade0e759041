import { expect, test } from 'vitest';
import { draft, outline, read } from '../drafts.ts';

const STORY = 'The council has started to clean the old steps by the river again this week.';

test.each([
  ['x-promo', '<x-promo>Buy</x-promo>'],
  ['.house-ad', '<div class="wide house-ad">Buy</div>'],
  ['#Order', '<p id="Order">Buy</p>'],
  ['[data-slot]', '<div data-slot>Buy</div>'],
  ['[data-slot=b]', '<div data-slot="b">Buy</div>'],
  ['[data-slot="b c"]', '<div data-slot="b c">Buy</div>'],
])('%s leaves out %s', async (selector, html) => {
  const publisher = { boilerplate: { selectors: [selector] } };
  const article = await read(draft('html', `<p>${STORY}</p>${html}`), publisher);
  expect(outline(article.body)).toEqual([`p ${STORY}`]);
  expect(article.warned).toEqual(['boilerplate-dropped: Buy']);
});

test.each([
  ['.house', '<p class="house-ad">Buy</p>'],
  ['#order', '<p id="Order">Buy</p>'],
  ['[data-slot=a]', '<p data-slot="b">Buy</p>'],
  ['div', '<p>Buy</p>'],
])('%s keeps %s', async (selector, html) => {
  const publisher = { boilerplate: { selectors: [selector] } };
  const article = await read(draft('html', `<p>${STORY}</p>${html}`), publisher);
  expect(outline(article.body)).toEqual([`p ${STORY}`, 'p Buy']);
});

test('in whole pages and plain text too', async () => {
  const publisher = { boilerplate: { words: ['Buy the paper'], selectors: ['.house'] } };
  const page = `<article><h1>Steps</h1><p>${STORY}</p><p class="house">Order now</p><p>Buy the paper!</p></article>`;
  expect(outline((await read(draft('page', page), publisher)).body)).toEqual([`p ${STORY}`]);
  expect(outline((await read(draft('text', `${STORY}\n\nBUY THE PAPER`), publisher)).body)).toEqual([
    `p ${STORY}`,
  ]);
});
