/**
 * `npm run soak`: a Dateline of its own under random work, reads and crashes, then held against a model.
 * `--minutes NUMBER` (2; a fraction is allowed), `--seed NUMBER` (random; the one printed repeats a run's choices).
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
  console.error('--minutes takes a number above 0, --seed a whole number.');
  process.exit(1);
}

console.log(`Soaking for ${minutes} min. To repeat: npm run soak -- --minutes ${minutes} --seed ${seed}`);
const report = await soak(seed, minutes, (line) => console.log(`  ${line}`));
console.log(
  `\n${report.acknowledged} deliveries of ${report.articles} articles acknowledged in ${report.seconds} s, through ` +
    `${report.crashes} crashes that took ${report.lost} answers with them:`,
);
for (const [what, times] of Object.entries(report.counts).sort()) {
  console.log(`  ${String(times).padStart(7)}  ${what}`);
}
if (report.problems.length > 0) {
  console.error(`\nWrong:\n  ${report.problems.join('\n  ')}\nSeed ${seed}.`);
  process.exit(1);
}
console.log('\nModel, KV, Desk, feeds, pages, delivery logs and mirror agree.');
