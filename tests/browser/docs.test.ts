import { afterEach, expect, test } from 'vitest';
import { Visitor } from './visitor.ts';

let visitor: Visitor | undefined;
afterEach(async () => {
  await visitor?.leave();
  visitor = undefined;
});

test('the API’s page opens its operations under its policy, without scripts or other hosts', async () => {
  visitor = await Visitor.arrive({ javaScriptEnabled: false });
  const { page, violations, outside } = await visitor.open('/docs');
  expect(await page.locator('details.operation').count()).toBeGreaterThan(45);
  await page.locator('#getFeed summary').click();
  expect(await page.locator('#getFeed table').innerText()).toContain('exclude-section');
  // Its style sheet holds.
  expect(await page.evaluate("getComputedStyle(document.getElementById('getFeed')).borderTopStyle")).toBe(
    'solid',
  );
  expect(violations).toEqual([]);
  expect(outside).toEqual([]);
});
