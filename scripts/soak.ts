/**
 * `npm run soak`: runs a local Dateline under random work, reads and crashes, then compares it with a model.
 * `--minutes NUMBER` (default 2; may be a fraction), `--seed NUMBER` (default random; a printed seed repeats a run).
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { soak } from './soak/run.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '2' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
  console.error('--minutes must be a number greater than 0, --seed a whole number.');
  process.exit(1);
}

console.log(`Soaking for ${minutes} min. To repeat: npm run soak -- --minutes ${minutes} --seed ${seed}`);
const report = await soak(seed, minutes, (line) => console.log(`  ${line}`));
console.log(
  `\n${report.acknowledged} deliveries of ${report.articles} articles acknowledged in ${report.seconds} s, through ` +
    `${report.crashes} crashes that lost ${report.lost} responses:`,
);
for (const [what, times] of Object.entries(report.counts).sort()) {
  console.log(`  ${String(times).padStart(7)}  ${what}`);
}
if (report.problems.length > 0) {
  console.error(`\nProblems:\n  ${report.problems.join('\n  ')}\nSeed ${seed}.`);
  process.exit(1);
}
console.log('\nModel, KV, Desk, feeds, pages, delivery logs and mirror agree.');
