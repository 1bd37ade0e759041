import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibility, focused, layoutShifts, overflow } from './checks.ts';
import { admin, DESK, newestIn, PHONE, pathOf } from './site.ts';
import { Visitor } from './visitor.ts';

/** What 200 % and 400 % of zoom leave of a desk's width (WCAG 2.2, 1.4.4 and 1.4.10). */
const ZOOMED = [640, 320];

const withdrawn = newestIn('mr');

beforeAll(() => admin('POST', `/admin/articles/${withdrawn.id}/withdraw`, { reason: 'A court order.' }));

/** Every kind of page, by its path, on a site in this language. */
function pagesIn(language: string): Record<string, string> {
  const article = newestIn(language);
  const named = (kind: string, name = '') => `/${kind}/${encodeURIComponent(name)}`;
  return {
    article: pathOf(article),
    home: '/',
    section: named('sections', article.section),
    tag: named('tags', article.tags[0]),
    author: named('authors', article.authors[0]?.name),
    publisher: '/publishers/coastal-times',
    trending: '/trending',
    'not found': '/nowhere',
    withdrawn: `/news/${withdrawn.id}`,
  };
}

const STATUS: Record<string, number> = { 'not found': 404, withdrawn: 410 };

describe.each(['hi', 'ur', 'ta', 'en'])('on a site in %s', (language) => {
  let visitor: Visitor;

  beforeAll(async () => {
    await admin('PUT', '/admin/site', { name: 'Dateline', language, timeZone: 'Asia/Kolkata' });
    visitor = await Visitor.arrive();
  });
  afterAll(() => visitor?.leave());

  test.each(
    Object.keys(STATUS).concat('article', 'home', 'section', 'tag', 'author', 'publisher', 'trending'),
  )('the %s page fits every window, does not jump, and keeps to WCAG 2.2 AA and its policy', async (kind) => {
    const path = pagesIn(language)[kind] ?? '';
    for (const size of [PHONE, DESK]) {
      const at = `${path} at ${size.width} pixels`;
      const { page, status, violations } = await visitor.open(path, size);
      expect(status, at).toBe(STATUS[kind] ?? 200);
      await page.emulateMedia({ colorScheme: 'light' });
      expect(await overflow(page), at).toBe(0);
      expect(await layoutShifts(page), at).toEqual([]);
      expect(await accessibility(page), at).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await accessibility(page, ['color-contrast']), `${at}, dark`).toEqual([]);
      expect(violations, at).toEqual([]);
    }
    for (const width of ZOOMED) {
      const page = await visitor.resize({ width, height: 400 });
      expect(await overflow(page), `${path} zoomed to ${width} pixels`).toBe(0);
    }
  });

  test.each(['article', 'home'])(
    'the %s page shows where the keyboard is, from the skip link on',
    async (kind) => {
      const { page } = await visitor.open(pagesIn(language)[kind] ?? '');
      await page.keyboard.press('Tab');
      const skip = await focused(page);
      expect(skip).toMatchObject({ inWindow: true, outlined: true });
      expect(skip.html).toContain('href="#main"');
      for (let tab = 0; tab < 12; tab += 1) {
        await page.keyboard.press('Tab');
        const here = await focused(page);
        expect(here, here.html).toMatchObject({ inWindow: true, outlined: true });
      }
      await page.reload();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect((await focused(page)).html).toContain('<main id="main"');
    },
  );
});
