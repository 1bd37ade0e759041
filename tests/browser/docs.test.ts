import { afterEach, expect, test } from 'vitest';
import { Visitor } from './visitor.ts';

let visitor: Visitor | undefined;
afterEach(async () => {
  await visitor?.leave();
  visitor = undefined;
});

test('the viewer shows every operation, under its policy and with nothing from another host', async () => {
  visitor = await Visitor.arrive();
  const { page, violations, outside } = await visitor.open('/docs');
  await page.locator('.opblock').first().waitFor();
  expect(await page.locator('.opblock').count()).toBeGreaterThan(45);
  expect(await page.locator('.info .title').innerText()).toContain('Dateline');
  // An operation that is opened shows its parameters, answers and models.
  await page.locator('#operations-Partners-getFeed .opblock-summary-control').click();
  await page.locator('#operations-Partners-getFeed .responses-table').waitFor();
  expect(await page.locator('#operations-Partners-getFeed .parameters').innerText()).toContain(
    'exclude-section',
  );
  await page.screenshot({ path: '/tmp/w_routes_docs.png' });
  expect(violations).toEqual([]);
  expect(outside).toEqual([]);
});
