import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { OWN_BROWSER } from '../../scripts/browser.ts';
import { film, newestIn, pathOf } from './site.ts';
import { Visitor } from './visitor.ts';

let visitor: Visitor | undefined;
afterEach(async () => {
  await visitor?.leave();
  visitor = undefined;
});

test.each(['hi', 'ur', 'ta', 'en'])(
  'an article in %s is read without any script, in letters of its own',
  async (language) => {
    const article = newestIn(language);
    visitor = await Visitor.arrive({ javaScriptEnabled: false });
    const { page } = await visitor.open(pathOf(article));
    const title = page.locator('h1');
    expect(await title.isVisible()).toBe(true);
    expect(await title.innerText()).toBe(article.headline);
    const face = {
      hi: 'Noto Sans Devanagari',
      ur: 'Noto Nastaliq Urdu',
      ta: 'Noto Sans Tamil',
      en: 'Open Sans',
    };
    if (OWN_BROWSER) expect(await facesOf(page, 'h1')).toContain(face[language as keyof typeof face]);
    const paragraphs = page.locator('.text > p');
    expect(await paragraphs.count()).toBeGreaterThan(3);
    for (const paragraph of await paragraphs.all()) expect(await paragraph.isVisible()).toBe(true);
  },
);

test('an article with a film is read at once where no script runs, with a link in place of the film', async () => {
  visitor = await Visitor.arrive({ javaScriptEnabled: false });
  const { page, outside } = await visitor.open(film());
  expect(await page.locator('amp-youtube').count()).toBe(1);
  expect(await page.locator('h1').isVisible()).toBe(true);
  expect(await page.locator('.embed a').isVisible()).toBe(true);
  expect(outside.filter((url) => url.includes('ampproject'))).toEqual([]);
});

test('an article in Hindi asks for nothing but itself and its pictures', async () => {
  visitor = await Visitor.arrive();
  const { page, outside } = await visitor.open(pathOf(newestIn('hi')));
  const sources = await page
    .locator('img')
    .evaluateAll((images) => images.map((image) => (image as unknown as { src: string }).src));
  expect(outside.filter((url) => !sources.includes(url))).toEqual([]);
  expect(await page.locator('script:not([type="application/ld+json"])').count()).toBe(0);
});

/** The families that the letters of an element are really drawn with. */
async function facesOf(page: Page, selector: string): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('DOM.enable');
  await session.send('CSS.enable');
  const { root } = await session.send('DOM.getDocument');
  const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector });
  const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId });
  return fonts.map(({ familyName }) => familyName);
}
