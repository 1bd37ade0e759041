/**
 * `npm run bench [-- quick] [-- ROW…]`: compares Dateline with floors and peers. Names select rows; `quick` skips growth
 * and measures for a shorter time.
 */
import { writeReport } from './report.ts';
import { outcomeChart } from './rows/chart.ts';
import { ROWS } from './rows/registry.ts';
import { aimText, FULL, isMet, type Outcome, QUICK } from './rows/row.ts';
import { openStage } from './rows/stage.ts';
import { outcomeTable } from './rows/table.ts';

const asked = process.argv.slice(2);
const isQuick = asked.includes('quick');
const names = asked.filter((each) => each !== 'quick');
const unknown = names.filter((name) => !ROWS.some((row) => row.name === name));
if (unknown.length > 0) {
  console.error(
    `Unknown rows: ${unknown.join(', ')}. Known rows: ${ROWS.map((row) => row.name).join(', ')}.`,
  );
  process.exit(1);
}
const chosen = ROWS.filter((row) => (names.length > 0 ? names.includes(row.name) : row.quick || !isQuick));

// A graceful exit removes the state in memory.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const stage = await openStage();
let missed = 0;
for (const row of chosen) {
  const began = performance.now();
  const outcome = await row.run(stage, isQuick ? QUICK : FULL);
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  print(row.name, seconds, outcome);
  missed += outcome.figures.filter((figure) => !isMet(figure)).length;
  writeReport(isQuick ? 'quick' : 'latest', row.name, {
    packages: ['workerd', 'miniflare', 'feed', 'feedsmith', '@astrojs/rss'],
    data: { seconds, ...outcome },
    table: outcomeTable(outcome),
    chart: outcomeChart(outcome),
  });
}
await stage.arena.close();
console.log(missed === 0 ? '\nevery aim met' : `\n${missed} AIM${missed === 1 ? '' : 'S'} MISSED`);

function print(name: string, seconds: string, { title, how, figures }: Outcome): void {
  console.log(`\n${name}: ${title} (${seconds} s)\n${how}`);
  for (const figure of figures) {
    const { value, unit, spread, detail } = figure;
    const range = spread ? `${spread[0].toFixed(2)} – ${spread[1].toFixed(2)}` : '';
    const aim = figure.aim ? `${isMet(figure) ? 'aim met' : 'AIM MISSED'}: ${aimText(figure)}` : '';
    console.log(
      `  ${figure.name.padEnd(44)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(8)} ${range.padEnd(17)} ${aim.padEnd(24)} ${detail ?? ''}`.trimEnd(),
    );
  }
}
