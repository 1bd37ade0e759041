import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** Folders that documents name by their path from the root. */
const FOLDERS = ['src', 'cli', 'scripts', 'tests', 'docs', 'bench', 'examples'];

const files = globSync(['*', '.ci/*', '.github/**', `{${FOLDERS.join(',')}}/**`], {
  cwd: ROOT,
  exclude: (name) => name === 'node_modules',
}).map((file) => file.replaceAll('\\', '/'));
const pages = files.filter((file) => file.endsWith('.md') && !file.startsWith('bench/results/'));
const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
/** Files that a document tells its reader to make. */
const examples = ['src/locales/ga.json'];
/** What commands write and git ignores: documents may name it although a fresh clone has none of it. */
const ignored = read('.gitignore')
  .split('\n')
  .filter((line) => line.endsWith('/'));

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** What a Markdown text refers to and the project does not have, each as it is written there. */
function staleReferences(page: string, text: string): string[] {
  return [
    ...links(text).filter((link) => !leadsSomewhere(page, link)),
    ...paths(text).filter((path) => !isInProject(path)),
    ...fileNames(text).filter((name) => !files.some((file) => `/${file}`.endsWith(`/${name}`))),
    ...folderNames(text).filter(
      (name) => ![...files, ...ignored].some((file) => `/${file}`.includes(`/${name}`)),
    ),
    ...commands(text).filter((command) => !scripts.includes(command)),
  ];
}

/** Targets of links and pictures within the project. */
function links(text: string): string[] {
  const targets = [/\]\(([^)\s]+)\)/g, /\b(?:src|href)="([^"{]+)"/g].flatMap((pattern) => [
    ...withoutCode(text).matchAll(pattern),
  ]);
  return targets.map((match) => match[1] ?? '').filter((target) => !/^[a-z]+:/.test(target));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : posix.join(posix.dirname(page), path);
  if (!existsSync(join(ROOT, target))) return false;
  return anchor === undefined || headings(read(target)).includes(anchor);
}

/** The anchors that GitHub gives a page's headings. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Every path from the root that the text names, in code and in prose, up to where it has a placeholder. */
function paths(text: string): string[] {
  const pattern = new RegExp(String.raw`(?<![\w./}-])(?:${FOLDERS.join('|')})/[\w./-]*|\.ci/[\w-]+`, 'g');
  return [...text.matchAll(pattern)].map((match) => {
    const path = match[0].replace(/[.-]+$/, '');
    return /^[{*…]/.test(text.slice(match.index + path.length)) ? dirname(`${path}x`) : path;
  });
}

function isInProject(path: string): boolean {
  return (
    existsSync(join(ROOT, path)) ||
    examples.includes(path) ||
    ignored.some((folder) => `${path}/`.startsWith(folder))
  );
}

/** Names of files in code spans that do not say from the root where the file is. */
function fileNames(text: string): string[] {
  return [...text.replace(/^```.*?^```/gms, '').matchAll(/`([\w-]+(?:\/[\w-]+)*(?:\.[\w-]+)*\.ts)`/g)].map(
    (match) => match[1] ?? '',
  );
}

/** Names of folders in code spans, each with the slash at its end. */
function folderNames(text: string): string[] {
  return [...text.matchAll(/`([a-z][\w-]*(?:\/[\w-]+)*\/)`/g)].map((match) => match[1] ?? '');
}

/** Every npm script that the text tells somebody to run. */
function commands(text: string): string[] {
  return [
    ...[...text.matchAll(/\bnpm run (?:--?[\w-]+ )*([\w:-]+)/g)].map((match) => match[1] ?? ''),
    ...[...text.matchAll(/\bnpm (test|start)\b/g)].map((match) => match[1] ?? ''),
  ];
}

function withoutCode(text: string): string {
  return text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '');
}

describe('documents', () => {
  test.each(pages)('%s names only links, paths, files and commands that exist', (page) => {
    expect(staleReferences(page, read(page))).toEqual([]);
  });

  test('are found', () => {
    expect(pages).toEqual(
      expect.arrayContaining([
        'README.md',
        'docs/api.md',
        'docs/decisions/0001-one-writer.md',
        'src/desk/README.md',
      ]),
    );
  });
});

describe('the check finds', () => {
  test.each([
    ['a link to no file', '[x](nowhere.md)', 'nowhere.md'],
    ['a link to no heading', '[x](docs/api.md#no-such-heading)', 'docs/api.md#no-such-heading'],
    ['a picture that is gone', '<img src="docs/pictures/none.png">', 'docs/pictures/none.png'],
    ['a path in code', '`src/article/draft.ts`', 'src/article/draft.ts'],
    ['a path in prose', 'See docs/none.md.', 'docs/none.md'],
    ['a path in a command', '```sh\nnpx vitest run tests/none\n```', 'tests/none'],
    ['a folder with a placeholder in it', '`src/languages/{tag}.json`', 'src/languages'],
    ['a file by its name', '`values-of-old.ts`', 'values-of-old.ts'],
    ['a folder by its name', '`rooms-of-old/`', 'rooms-of-old/'],
    ['a script', '`npm run --silent nothing -- x`', 'nothing'],
  ])('%s', (_, text, found) => {
    expect(staleReferences('README.md', text)).toContain(found);
  });

  test.each([
    '[x](docs/api.md#errors) and [y](https://site.example/src/x.md)',
    '`src/locales/{tag}.json`, `tests/{room}/`, `https://site.example/docs/none`, `/docs/none`',
    '`npm run bench:compare -- CHECKOUT`, `npm test`',
    '`registry.ts`, `signatures/registry.ts`, `signatures/`, `.dateline/`',
  ])('nothing in %s', (text) => {
    expect(staleReferences('README.md', text)).toEqual([]);
  });
});

test('wrangler.toml tells the Worker its own name', () => {
  const [, name] = /^name = "(.+)"$/m.exec(read('wrangler.toml')) ?? [];
  expect(read('wrangler.toml')).toContain(`\nWORKER_NAME = "${name}"\n`);
});
