import { describe, expect, test } from 'vitest';
import { CHOICES } from '../../scripts/soak/choices.ts';
import { soak } from '../../scripts/soak/run.ts';
import { THOROUGH } from '../thorough.ts';

/** Other seeds and longer runs: `npm run soak -- --minutes 10`. */
const SEED = 20_261_122;
const MINUTES = THOROUGH ? 0.5 : 0.1;

test('a short soak with a crash in its midst: model, KV, Desk and every output agree', async () => {
  const report = await soak({ seed: SEED, minutes: MINUTES });
  expect(report.problems).toEqual([]);
  expect(report.crashes).toBeGreaterThan(0);
  expect(report.acknowledged).toBeGreaterThan(100 * MINUTES);
});

/** What shows in a report that a choice was taken. */
const TAKEN = {
  crash: /^fault: SIGKILL$/,
  kv: /^fault: .*(keys|KV) lost$/,
  clock: /^fault: clock (ahead|behind)$/,
  disk: /^fault: disk full$/,
  hostile: /^hostile: /,
  slow: /^push of feed to (slow|hanging|failing|flapping)$/,
};

describe.runIf(THOROUGH)('a short soak with nothing but', () => {
  test.for(CHOICES)('%s ends in agreement', async (choice, { skip }) => {
    const report = await soak({ seed: SEED, minutes: MINUTES, choices: [choice] });
    expect(report.problems).toEqual([]);
    const taken = Object.keys(report.counts).filter((what) => TAKEN[choice].test(what));
    skip(taken.length === 0 && report.omitted.length > 0, report.omitted.join(' '));
    expect(taken).not.toEqual([]);
  });
});
