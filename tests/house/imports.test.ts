import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { circlesOfFiles, importsOf, moduleState, violations } from './rules.ts';

const ROOT = join(import.meta.dirname, '../..');

function sourcesIn(...patterns: string[]): Map<string, string> {
  const files = globSync(patterns, { cwd: ROOT }).map((file) => file.replaceAll('\\', '/'));
  return new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
}

function check(sources: Record<string, string>): string[] {
  return violations(new Map(Object.entries(sources)));
}

describe('the source keeps the rules of the house', () => {
  const sources = sourcesIn('src/**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}');

  test('imports point down, without circles of files, rooms or folders; pure rooms are pure', () => {
    expect(violations(sources)).toEqual([]);
  });

  test('no module keeps state, but the registry of languages, which tests replace', () => {
    expect(moduleState(sources)).toEqual([
      expect.stringMatching(/^src\/locales\/locales\.ts:\d+ keeps state in registry:/),
    ]);
  });

  test('commands, scripts and the bench have no circles either', () => {
    expect(circlesOfFiles(sourcesIn('cli/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts'))).toEqual([]);
  });

  test('and the check really reads it', () => {
    expect([...sources.keys()]).toContain('src/worker.ts');
    expect(sources.size).toBeGreaterThan(30);
    expect(importsOf(sources.get('src/worker.ts') ?? '').specifiers).toContain('./app.ts');
  });
});

describe('the check finds', () => {
  test('a room that reaches up', () => {
    expect(check({ 'src/domain/a.ts': "import { put } from '../store/keys.ts';" })).toEqual([
      'src/domain/a.ts imports src/store/keys.ts, but domain may import only memoize.ts, locales, text: move what both need into a room below, or pass it in.',
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
      'src/bindings.ts → src/access → src/bindings.ts is a circle of folders: move what they share below both.',
    );
  });

  test('a circle of the folders of a room that no circle of files makes', () => {
    const found = check({
      'src/normalize/page/a.ts': "import { b } from '../editorial/b.ts';",
      'src/normalize/editorial/b.ts': '',
      'src/normalize/editorial/c.ts': "import type { D } from '../page/d.ts';",
      'src/normalize/editorial/f.ts': "import type { D } from '../page/d.ts';",
      'src/normalize/page/d.ts': "import { e } from '../e.ts';",
      'src/normalize/e.ts': '',
    });
    expect(found).toEqual([
      'src/normalize/page → src/normalize/editorial → src/normalize/page is a circle of folders: move what they share below both.',
    ]);
  });

  test('a circle of folders through a file beside them', () => {
    const found = check({
      'src/normalize/page/a.ts': "import { b } from '../b.ts';",
      'src/normalize/b.ts': "import { c } from './page/c.ts';",
      'src/normalize/page/c.ts': '',
    });
    expect(found).toEqual([
      'src/normalize/page → src/normalize/b.ts → src/normalize/page is a circle of folders: move what they share below both.',
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

  test.each([
    ['import', "import '../edge/b.ts';"],
    ['import of a name', "import { b } from '../edge/b.ts';"],
    ['import with a default and a namespace', "import one, * as all from '../edge/b.ts';"],
    ['import type', "import type { B } from '../edge/b.ts';"],
    ['import of a type beside values', "import { type B } from '../edge/b.ts';"],
    ['import of JSON', "import b from '../edge/b.json' with { type: 'json' };"],
    ['import on a line with another', "import './c.ts'; import '../edge/b.ts';"],
    ['import after other code on its line', "const one = 1; import '../edge/b.ts';"],
    ['import indented', "  import '../edge/b.ts';"],
    [
      'import list whose comments have quotes and semicolons',
      `import {
  // the publisher's "own"; as it came
  b, /* ' " ; */
} from '../edge/b.ts';`,
    ],
    ['import with an escape in its specifier', "import '../\\u0065dge/b.ts';"],
    ['import … = require', "import b = require('../edge/b.ts');"],
    ['export of a name', "export { b } from '../edge/b.ts';"],
    ['export type', "export type { B } from '../edge/b.ts';"],
    ['export *', "export * from '../edge/b.ts';"],
    ['export * as', "export * as b from '../edge/b.ts';"],
    ['import()', "await import('../edge/b.ts');"],
    ['import() with attributes', "await import('../edge/b.json', { with: { type: 'json' } });"],
    ['import() of a template', 'await import(`../edge/b.ts`);'],
    ['import() with a comment', "await import(/* the edge's */ '../edge/b.ts');"],
    ['import() over lines', "await import(\n  '../edge/b.ts'\n);"],
    ['import() in parentheses', "await import(('../edge/b.ts'));"],
    ['import() deep in other code', "class A { b = async () => [{ c: (await import('../edge/b.ts')).b }]; }"],
    ['type import()', "let b: import('../edge/b.ts').B;"],
    ['typeof import()', "type B = typeof import('../edge/b.ts');"],
    ['require', "const b = require('../edge/b.ts');"],
    ['declare module', "declare module '../edge/b.ts' { interface B { c: 1 } }"],
  ])('%s', (_form, text) => {
    const found = check({ 'src/domain/a.ts': text });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^src\/domain\/a\.ts imports src\/edge\/b\.(?:ts|json), but domain may import/);
  });

  test.each([
    'await import(name);',
    `await import(\`../edge/\${name}.ts\`);`,
    "await import('../edge/' + name);",
    "await import('../edge/b.ts' as string);",
    'require(name);',
  ])('a module that is no literal: %s', (call) => {
    expect(check({ 'src/edge/a.ts': `const name = 'b';\n${call}` })).toEqual([
      'src/edge/a.ts:2 imports what only running it can tell: name the module in a literal.',
    ]);
  });

  test('a file that cannot be parsed', () => {
    expect(check({ 'src/edge/a.ts': 'const one = 1;\nimport {' })[0]).toMatch(
      /^src\/edge\/a\.ts:2 cannot be parsed: /,
    );
  });

  test.each([
    ['src/app.ts', '../tests/b.ts', 'tests/b.ts'],
    ['src/worker.ts', '../package.json', 'package.json'],
    ['src/edge/a.ts', '../../tests/edge/b.ts', 'tests/edge/b.ts'],
    ['src/edge/a.ts', '../../scripts/edge/b.ts', 'scripts/edge/b.ts'],
    ['src/edge/a.ts', '../../../elsewhere/edge/b.ts', '../elsewhere/edge/b.ts'],
  ])('%s importing %s, which is out of src', (file, specifier, target) => {
    expect(check({ [file]: `import '${specifier}';` })).toEqual([
      `${file} imports ${target}: src may import only src and packages.`,
    ]);
  });

  test.each([
    '/edge/b.ts',
    'file:///edge/b.ts',
    'https://cdn.example/b.js',
    'data:text/javascript,1',
    '#edge',
  ])('%s, which is neither a relative path nor a package', (specifier) => {
    expect(check({ 'src/app.ts': `import '${specifier}';` })[0]).toContain('name files by relative paths');
  });

  test('nothing in packages and in JSON beside a file', () => {
    const text =
      "import 'valibot';\nimport '@noble/hashes/sha2.js';\nimport b from './b.json' with { type: 'json' };";
    expect(check({ 'src/domain/a.ts': text })).toEqual([]);
  });

  test.each([
    'let count = 0;',
    'export let count: number | undefined;',
    'var count = 0;',
    'const count = new Map<string, number>();',
    'export const count: ReadonlySet<string> = new Set();',
    'const count = new WeakMap();',
  ])('state at module level: %s', (text) => {
    expect(moduleState(new Map([['src/edge/a.ts', `const one = 1;\n${text}`]]))).toEqual([
      'src/edge/a.ts:2 keeps state in count: move it into the Isolate, or memoize a pure function.',
    ]);
  });

  test.each([
    "const NAMES = new Set(['a']);",
    'const count = memoize(10, (key) => key.length);',
    'function count() { let sum = 0; const seen = new Map(); }',
    'declare let count: number;',
  ])('no state in %s', (text) => {
    expect(moduleState(new Map([['src/edge/a.ts', text]]))).toEqual([]);
  });

  test.each([
    "// import x from '../edge/y.ts'\n/**\n * export from '../desk/z.ts'\n */",
    "const text = `\nimport x from '../edge/y.ts';\nimport('../edge/y.ts')`;",
    'const text = "import(\'../edge/y.ts\')";',
    "const pattern = /import('..\\/edge')/;",
    "const found = schema.import('../edge/y.ts') + loader.require('../edge/y.ts');",
  ])('nothing in words that only look like imports: %j', (text) => {
    expect(check({ 'src/domain/a.ts': text })).toEqual([]);
  });
});
