/**
 * `npm run bench:release`: stores the latest results as the figures of this version: `bench/results/{version}.md`, with
 * its plots in a folder beside it. Git tracks these and no other results.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../scripts/wrangler.ts';
import { RESULTS, releaseDocument } from './report.ts';
import { ROWS } from './rows/registry.ts';

const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const names = [...ROWS.map(({ name }) => name), 'normalize', 'hostile'];
const latest = (name: string) => join(RESULTS, 'latest', name);

const missing = names.filter((name) => !existsSync(latest(`${name}.md`)));
if (missing.length > 0) {
  console.error(`Missing results: ${missing.join(', ')}.`);
  console.error('Run npm run bench, npm run bench:normalize and npm run bench:hostile first.');
  process.exit(1);
}
const reports = names.map((name) => ({ name, table: readFileSync(latest(`${name}.md`), 'utf8') }));
mkdirSync(join(RESULTS, version), { recursive: true });
for (const name of names) copyFileSync(latest(`${name}.svg`), join(RESULTS, version, `${name}.svg`));
writeFileSync(join(RESULTS, `${version}.md`), releaseDocument(version, reports));
console.log(`wrote bench/results/${version}.md and its plots`);
