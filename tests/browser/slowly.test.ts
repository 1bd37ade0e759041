import { afterAll, beforeAll, expect, test } from 'vitest';
import { layoutShifts } from './checks.ts';
import { DESK, newestIn, PHONE, pathOf } from './site.ts';
import { openSlowLine, type SlowLine } from './slow-line.ts';
import { Visitor } from './visitor.ts';

let line: SlowLine;
let visitor: Visitor;

beforeAll(async () => {
  line = await openSlowLine();
  visitor = await Visitor.arrive({ from: line.origin });
});
afterAll(async () => {
  await visitor?.leave();
  await line?.close();
});

test.each(['home', 'article'])('nothing on the %s page moves while more of it comes', async (kind) => {
  const path = kind === 'home' ? '/' : pathOf(newestIn('hi'));
  for (const { width } of [PHONE, DESK]) {
    // As tall as the page: what is out of sight would not count.
    const { page, status } = await visitor.open(path, { width, height: 6_000 });
    expect(status).toBe(200);
    expect(await layoutShifts(page), `at ${width} pixels`).toEqual([]);
  }
});
