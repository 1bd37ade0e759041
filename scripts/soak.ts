/**
 * `npm run soak`: runs a local Dateline under random work, reads and faults, then compares it with a model.
 * `--minutes NUMBER` (default 2; may be a fraction), `--seed NUMBER` (default random; a printed seed repeats a run),
 * `--with CHOICES` (default all of `soak/choices.ts`, separated by commas).
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { CHOICES } from './soak/choices.ts';
import { soak } from './soak/run.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string' },
    with: { type: 'string', default: CHOICES.join() },
  },
});
const minutes = Number(values.minutes);
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const names = values.with.split(',').filter((name) => name !== '');
const choices = CHOICES.filter((choice) => names.includes(choice));
if (!(minutes > 0) || !Number.isSafeInteger(seed) || choices.length !== new Set(names).size) {
  console.error(
    `--minutes must be a number greater than 0, --seed a whole number, --with names of ${CHOICES.join()}.`,
  );
  process.exit(1);
}

// An exit, unlike a signal, stops the site and unmounts its disk.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const command = `npm run soak -- --minutes ${minutes} --seed ${seed} --with ${choices.join()}`;
console.log(`Soaking for ${minutes} min. To repeat: ${command}`);
const report = await soak({ seed, minutes, choices, tell: (line) => console.log(`  ${line}`) });
console.log(
  `\n${report.acknowledged} deliveries of ${report.articles} articles acknowledged in ${report.seconds} s, through ` +
    `${report.crashes} crashes that lost ${report.lost} responses:`,
);
for (const [what, times] of Object.entries(report.counts).sort()) {
  console.log(`  ${String(times).padStart(7)}  ${what}`);
}
for (const each of report.omitted) console.log(each);
if (report.problems.length > 0) {
  console.error(`\nProblems:\n  ${report.problems.join('\n  ')}\nSeed ${seed}.`);
  process.exit(1);
}
console.log('\nModel, KV, Desk, feeds, pages, sitemaps, delivery logs, subscribers and mirror agree.');
