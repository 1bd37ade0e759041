import { afterAll, beforeAll, expect, test } from 'vitest';
import { toCard } from '../../src/domain/article.ts';
import { articlePage } from '../../src/formats/amp/article-page.ts';
import { listPage, trendingPage } from '../../src/formats/amp/list-page.ts';
import { english, hindi, publisher } from '../formats/articles.ts';
import { boxCards, furnishedSite } from '../formats/sites.ts';
import { layoutShifts, writeSlowly } from './checks.ts';
import { DESK, PHONE } from './site.ts';
import { Visitor } from './visitor.ts';

// A browser paints whatever part of a page it has: on a slow line, and on a busy machine, where its parser stops now
// and then to let it. So every point between two tags is one where readers may see the page.

let visitor: Visitor;

beforeAll(async () => {
  visitor = await Visitor.arrive();
});
afterAll(() => visitor?.leave());

const site = furnishedSite;
const sections = ['संस्कृति', 'Science'];
const cardLists = { more: boxCards.slice(0, 3), trending: boxCards.slice(0, 3) };
const section = { kind: 'sections', name: 'Science' } as const;
const lead = [english, hindi].map(toCard);

test.each([
  ['an article’s page', articlePage({ article: hindi, site, publisher, sections, ...cardLists })],
  [
    'the home page',
    listPage({
      site,
      scope: { kind: 'all' },
      title: '',
      language: 'hi',
      cards: boxCards,
      sections,
      ...cardLists,
    }),
  ],
  ['a section’s page', listPage({ site, scope: section, title: 'Science', language: 'en', cards: lead })],
  ['the trending page', trendingPage({ site, language: 'ur', cards: boxCards })],
])('nothing on %s moves while more of it arrives', async (_, html) => {
  for (const { width } of [PHONE, DESK]) {
    // As tall as the page: what is out of sight does not count.
    const { page } = await visitor.open('/health', { width, height: 6_000 });
    await writeSlowly(page, html);
    expect(await layoutShifts(page), `at ${width} pixels`).toEqual([]);
  }
});
