import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, violations } from './rules.ts';

const ROOT = join(import.meta.dirname, '../..');

function check(sources: Record<string, string>): string[] {
  return violations(new Map(Object.entries(sources)));
}

describe('the source keeps the rules of the house', () => {
  const files = globSync('src/**/*.ts', { cwd: ROOT }).map((file) => file.replaceAll('\\', '/'));

  test('imports point one way, without circles; pure rooms are pure; no file outgrows one idea', () => {
    expect(violations(new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')])))).toEqual(
      [],
    );
  });

  test('and the check really reads it', () => {
    expect(files).toContain('src/worker.ts');
    expect(files.length).toBeGreaterThan(30);
    expect(importsOf(readFileSync(join(ROOT, 'src/worker.ts'), 'utf8'))).toContain('./app.ts');
  });
});

describe('the check finds', () => {
  test('a room that reaches up', () => {
    expect(check({ 'src/article/a.ts': "import { put } from '../store/keys.ts';" })).toEqual([
      'src/article/a.ts imports src/store/keys.ts, but article may import nobody: move what both need into a room below, or pass it in.',
    ]);
  });

  test.each([
    ['formats', '../../desk/desk.ts'],
    ['normalize', '../../formats/html.ts'],
    ['store', '../../access/secrets.ts'],
    ['access', '../../desk/desk.ts'],
    ['desk', '../../access/secrets.ts'],
    ['intake', '../../formats/rss.ts'],
    ['intake', '../../edge/feeds.ts'],
    ['edge', '../../intake/body.ts'],
    ['console', '../../edge/feeds.ts'],
    ['push', '../../console/site.ts'],
    ['desk', '../../bindings.ts'],
    ['access', '../../problem.ts'],
    ['edge', '../../app.ts'],
  ])('%s importing %s', (room, target) => {
    const file = `src/${room}/sub/file.ts`;
    const found = check({ [file]: `import type {\n  One,\n  Two,\n} from '${target}';\n` });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${file} imports src/${target.slice(6)}, but ${room} may import`);
  });

  test('a room it has never heard of', () => {
    expect(check({ 'src/utils/text.ts': '' })[0]).toContain('src/utils/text.ts is in a room nobody knows');
  });

  test('a circle of any length, type imports among them', () => {
    const found = check({
      'src/desk/a.ts': "import { b } from './b.ts';",
      'src/desk/b.ts': "export * from './c.ts';",
      'src/desk/c.ts': "import type { A } from './a.ts';",
    });
    expect(found).toEqual([
      'src/desk/a.ts → src/desk/b.ts → src/desk/c.ts → src/desk/a.ts is a circle: move what they share into a file that imports neither.',
    ]);
  });

  test('two files that meet in a third, which is no circle', () => {
    const found = check({
      'src/desk/a.ts': "import './b.ts';\nimport './c.ts';",
      'src/desk/b.ts': "import './c.ts';",
      'src/desk/c.ts': '',
    });
    expect(found).toEqual([]);
  });

  test.each(['hono', 'hono/body-limit', 'cloudflare:workers'])(
    '%s in a pure room, and not elsewhere',
    (specifier) => {
      const text = `import { thing } from '${specifier}';`;
      expect(check({ 'src/formats/rss.ts': text })[0]).toContain('formats is pure');
      expect(check({ 'src/edge/feeds.ts': text })).toEqual([]);
    },
  );

  test('node: anywhere', () => {
    expect(check({ 'src/edge/x.ts': "const fs = await import('node:fs');" })[0]).toContain('imports node:fs');
  });

  test('a file of 301 lines, and neither one of 300 nor a list of words', () => {
    expect(check({ 'src/normalize/languages/hi.ts': 'x;\n'.repeat(301) })).toEqual([]);
    expect(check({ 'src/edge/long.ts': 'x;\n'.repeat(301) })[0]).toContain('src/edge/long.ts has 301 lines');
    expect(check({ 'src/edge/long.ts': 'x;\n'.repeat(300) })).toEqual([]);
  });

  test('nothing in words that only look like imports', () => {
    expect(
      check({
        'src/article/a.ts': "// import x from '../edge/y.ts'\n/**\n * export from '../desk/z.ts'\n */",
      }),
    ).toEqual([]);
  });
});
