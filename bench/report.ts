/** Writes results: of each run into `bench/results/latest/`, which git ignores, and one document per release. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT } from '../scripts/wrangler.ts';

export const RESULTS = join(ROOT, 'bench/results');

export interface Report {
  /** The packages that the figures depend on. */
  packages: readonly string[];
  /** The figures. */
  data: object;
  /** The same as Markdown and as a plot (SVG). */
  table: string;
  chart: string;
}

/** Writes the files of a report, `{folder}/{name}.json`, `.md` and `.svg`, and prints their path. */
export function writeReport(folder: 'latest' | 'quick', name: string, report: Report): void {
  const around = circumstances(report.packages);
  const file = join(RESULTS, folder, name);
  mkdirSync(join(RESULTS, folder), { recursive: true });
  writeFileSync(`${file}.json`, `${JSON.stringify({ ...around, ...report.data }, null, 1)}\n`);
  writeFileSync(`${file}.md`, `${report.table}\n${circumstancesLine(around)}\n`);
  writeFileSync(`${file}.svg`, report.chart);
  console.log(`wrote ${relative(ROOT, file)}.{json,md,svg}`);
}

/** The document of a release: the tables of its reports, each with its plot. */
export function releaseDocument(
  version: string,
  reports: readonly { name: string; table: string }[],
): string {
  const sections = reports.map(
    ({ name, table }) => `${table.trim().replace(/^#+ /, '## ')}\n\n![${name}](${version}/${name}.svg)\n`,
  );
  return [`# Figures of version ${version}\n`, ...sections].join('\n');
}

interface Circumstances {
  processor: string;
  /** The load average of one minute. Well above the number of cores, the figures mean little. */
  load: number | undefined;
  node: string;
  packages: Record<string, string>;
}

/** What a figure depends on besides the code: the machine, the runtime, and the versions of the packages named. */
function circumstances(packages: readonly string[]): Circumstances {
  const versions = packages.map((name) => {
    const manifest = readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
    return [name, JSON.parse(manifest).version as string] as const;
  });
  const processors = cpus();
  return {
    processor: `${processors[0]?.model ?? 'unknown'}, ${processors.length} cores`,
    load: loadavg()[0],
    node: process.version,
    packages: Object.fromEntries(versions),
  };
}

export function circumstancesLine({ processor, load, node, packages }: Circumstances): string {
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return `${processor}, load average ${load?.toFixed(1)}; Node.js ${node}, ${versions.join(', ')}.`;
}
