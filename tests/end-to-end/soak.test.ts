import { expect, test } from 'vitest';
import { soak } from '../../scripts/soak/run.ts';
import { THOROUGH } from '../thorough.ts';

/** Other seeds and longer runs: `npm run soak -- --minutes 10`. */
const SEED = 20_261_122;
const MINUTES = THOROUGH ? 0.5 : 0.1;

test('a short soak with a crash in its midst: model, KV, Desk, feeds, pages, logs and mirror agree', async () => {
  const report = await soak(SEED, MINUTES, () => {});
  expect(report.problems).toEqual([]);
  expect(report.crashes).toBeGreaterThan(0);
  expect(report.acknowledged).toBeGreaterThan(100 * MINUTES);
});
