import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { ROOT } from '../scripts/wrangler.ts';

const FOLDER = join(ROOT, 'bench/results');

/** What a figure depends on besides the code: the machine, the runtime, and the versions of the packages named. */
export function circumstances(packages: readonly string[] = []) {
  const versions = packages.map((name) => {
    const manifest = readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
    return [name, JSON.parse(manifest).version as string] as const;
  });
  const processors = cpus();
  return {
    processor: `${processors[0]?.model ?? 'unknown'}, ${processors.length} cores`,
    /** Processes that wanted a core, a minute's average: well above the number of cores, no figure is worth much. */
    load: loadavg()[0],
    node: process.version,
    packages: Object.fromEntries(versions),
  };
}

/** Writes a file of results and says where it lies. */
export function writeResult(name: string, content: string): void {
  const file = join(FOLDER, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  console.log(`wrote ${relative(ROOT, file)}`);
}
