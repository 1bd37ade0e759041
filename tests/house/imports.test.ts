import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { circlesOfFiles, importsOf, violations } from './rules.ts';

const ROOT = join(import.meta.dirname, '../..');

function sourcesIn(...patterns: string[]): Map<string, string> {
  const files = globSync(patterns, { cwd: ROOT }).map((file) => file.replaceAll('\\', '/'));
  return new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
}

function check(sources: Record<string, string>): string[] {
  return violations(new Map(Object.entries(sources)));
}

describe('the source keeps the rules of the house', () => {
  const sources = sourcesIn('src/**/*.ts');

  test('imports point down, without circles of files or rooms; pure rooms are pure', () => {
    expect(violations(sources)).toEqual([]);
  });

  test('commands, scripts and the bench have no circles either', () => {
    expect(circlesOfFiles(sourcesIn('cli/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts'))).toEqual([]);
  });

  test('and the check really reads it', () => {
    expect([...sources.keys()]).toContain('src/worker.ts');
    expect(sources.size).toBeGreaterThan(30);
    expect(importsOf(sources.get('src/worker.ts') ?? '')).toContain('./app.ts');
  });
});

describe('the check finds', () => {
  test('a room that reaches up', () => {
    expect(check({ 'src/domain/a.ts': "import { put } from '../store/keys.ts';" })).toEqual([
      'src/domain/a.ts imports src/store/keys.ts, but domain may import only locales, text: move what both need into a room below, or pass it in.',
    ]);
  });

  test.each([
    ['locales', '../../text/text.ts'],
    ['text', '../../domain/article.ts'],
    ['formats', '../../desk/desk.ts'],
    ['normalize', '../../formats/html.ts'],
    ['normalize', '../../dialects/feed.ts'],
    ['dialects', '../../normalize/normalize.ts'],
    ['dialects', '../../http/problem.ts'],
    ['store', '../../access/secrets.ts'],
    ['access', '../../desk/desk.ts'],
    ['desk', '../../http/problem.ts'],
    ['intake', '../../edge/feeds.ts'],
    ['edge', '../../intake/webhooks.ts'],
    ['edge', '../../normalize/normalize.ts'],
    ['edge', '../../desk/tables/filters.ts'],
    ['admin', '../../edge/feeds.ts'],
    ['push', '../../admin/site.ts'],
    ['desk', '../../bindings.ts'],
    ['edge', '../../app.ts'],
  ])('%s importing %s', (room, target) => {
    const file = `src/${room}/sub/file.ts`;
    const found = check({ [file]: `import type {\n  One,\n  Two,\n} from '${target}';\n` });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${file} imports src/${target.slice(6)}, but ${room} may import`);
  });

  test('of the Desk, other rooms importing more than its contract', () => {
    const contract = "import type { Receipt } from '../desk/contract/messages.ts';";
    expect(check({ 'src/push/a.ts': contract })).toEqual([]);
    expect(check({ 'src/push/a.ts': "import { Desk } from '../desk/desk.ts';" })).toHaveLength(1);
  });

  test('a room it has never heard of', () => {
    expect(check({ 'src/utils/text.ts': '' })[0]).toContain('src/utils/text.ts is in an unknown room');
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

  test('a circle of rooms that no circle of files makes', () => {
    const found = check({
      'src/bindings.ts': "import type { Access } from './access/a.ts';",
      'src/access/a.ts': '',
      'src/access/b.ts': "import type { Bindings } from '../bindings.ts';",
    });
    expect(found.at(-1)).toBe(
      'bindings.ts → access → bindings.ts is a circle of rooms: move what they share into a room below both.',
    );
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

  test('nothing in words that only look like imports', () => {
    expect(
      check({
        'src/domain/a.ts': "// import x from '../edge/y.ts'\n/**\n * export from '../desk/z.ts'\n */",
      }),
    ).toEqual([]);
  });
});
