import { expect, test } from 'vitest';
import { DeskLookups } from '../../src/access/desk-lookups.ts';
import { Isolate } from '../../src/isolate.ts';
import { BudgetExceeded } from '../../src/store/failures.ts';

const keys = (count: number) => Array.from({ length: count }, (_each, number) => `article:${number}`);

/** Lookups of a Desk that has every key. */
function lookups() {
  const asked: number[] = [];
  const values = async (wanted: string[]) => {
    asked.push(wanted.length);
    return wanted.map(() => '{}');
  };
  return { asked, lookups: new DeskLookups(new Isolate(), () => ({ values }), { remembers: true }) };
}

test('a lookup costs by the values that the Desk must compute for it', async () => {
  for (const [count, calls] of [
    [1, 100],
    [50, 34],
    [100, 20],
  ] as const) {
    const { asked, lookups: each } = lookups();
    const all = Array.from({ length: 120 }, () => each.values(keys(count), 'site'));
    const results = await Promise.allSettled(all);
    const refused = results.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    for (const { reason } of refused) expect(reason).toBeInstanceOf(BudgetExceeded);
    // A hundred tokens, and what comes back while the test runs.
    expect(asked.length, `${count} keys`).toBeGreaterThanOrEqual(calls);
    expect(asked.length, `${count} keys`).toBeLessThanOrEqual(calls + 10);
  }
});

test('what one budget refuses, another gives', async () => {
  const { lookups: each } = lookups();
  await expect(
    (async () => {
      for (let number = 0; number < 200; number += 1) await each.values(keys(100), 'client');
    })(),
  ).rejects.toThrow(BudgetExceeded);
  expect((await each.values(['site'], 'site')).get('site')).toBe('{}');
});
