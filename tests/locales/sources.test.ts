import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** A letter or mark that no identifier and no English comment needs. */
const FOREIGN = /(?![\p{ASCII}])[\p{L}\p{M}]/u;

test('no source file contains words of a language: they are in src/locales/{tag}.json', () => {
  const files = globSync('src/**/*.ts', { cwd: ROOT });
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (FOREIGN.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});
