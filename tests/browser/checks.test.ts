import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessibility, focused, layoutShifts, overflow } from './checks.ts';
import { Visitor } from './visitor.ts';

let visitor: Visitor;

beforeAll(async () => {
  visitor = await Visitor.arrive();
});
afterAll(() => visitor?.leave());

/** A page of faults that no policy keeps from moving. */
async function faulty(html: string) {
  const { page } = await visitor.open('/health');
  await page.goto('about:blank');
  await page.setContent(html);
  return page;
}

test('a page that is too wide is', async () => {
  expect(await overflow(await faulty('<p style="width:500px">x'))).toBeGreaterThan(100);
  expect(await overflow(await faulty('<p dir="rtl" style="width:100%">x'))).toBe(0);
});

test('a jump is seen', async () => {
  const page = await faulty('<div id="above"></div><p style="height:300px;background:red">x');
  await page.evaluate(async () => {
    await new Promise((waited) => setTimeout(waited, 600));
    const { document } = globalThis as unknown as {
      document: { querySelector(selector: string): { style: { height: string } } };
    };
    document.querySelector('#above').style.height = '200px';
  });
  expect((await layoutShifts(page)).join()).toContain('height:300px');
});

test('what axe knows to be wrong is said', async () => {
  const page = await faulty(
    '<html lang="en"><title>x</title><main><h1>x</h1><p style="color:#bbb">pale<img src="x">',
  );
  const found = (await accessibility(page)).join('\n');
  expect(found).toContain('image-alt');
  expect(found).toContain('color-contrast');
  expect((await accessibility(page, ['color-contrast'])).join('\n')).not.toContain('image-alt');
});

test('a focus that shows nothing, or lies outside, is told', async () => {
  const page = await faulty(
    '<a href="#" style="outline:0">x</a><a href="#" style="position:fixed;left:-900px">y</a>',
  );
  await page.keyboard.press('Tab');
  expect(await focused(page)).toMatchObject({ inWindow: true, outlined: false });
  await page.keyboard.press('Tab');
  expect(await focused(page)).toMatchObject({ inWindow: false });
});
