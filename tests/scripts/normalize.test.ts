import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';
import { exampleArticles } from '../../scripts/examples.ts';
import { normalizeCommand } from '../../scripts/normalize-command.ts';

const SCRIPT = join(import.meta.dirname, '../../scripts/normalize.ts');
const folder = mkdtempSync(join(tmpdir(), 'dateline-normalize-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command in this process; gives what it wrote and its exit code. */
async function run(args: string[], input: string | Uint8Array = '') {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const written = Promise.all([text(stdout), text(stderr)]);
  const code = await normalizeCommand(args, { stdin: Readable.from([input]), stdout, stderr, folder });
  stdout.end();
  stderr.end();
  const [output, errors] = await written;
  return { output, errors, code, lines: output.trim().split('\n') };
}

/** The body of one of the examples, written into the folder. */
function example(slug: string, file: string): string {
  const found = exampleArticles().find((article) => article.file.endsWith(`/${slug}.json`));
  return write(file, JSON.parse(found?.body ?? '').data.body.content);
}

function write(file: string, content: string | Uint8Array): string {
  mkdirSync(join(folder, file, '..'), { recursive: true });
  writeFileSync(join(folder, file), content);
  return file;
}

const page = (headline: string, body: string, head = '') =>
  `<!doctype html><html lang="en"><head><title>${headline}</title>${head}</head><body><nav>Home Sport</nav>
  <article><h1>${headline}</h1>${body}</article></body></html>`;

const FERRY = page(
  'The evening ferry sails again',
  `<p>After a month in dry dock the evening ferry is back on the bay, with a new bell and a fresh coat of paint.</p>
  <p>Some two hundred people came down to the pier to see the first boat leave, and most of them sailed with it.</p>`,
);

describe('an article to read', () => {
  test('a page of plain text: headline, summary, what is known of it, body, related, and its warnings apart', async () => {
    const { output, errors, code } = await run([example('morning-train', 'morning-train.txt')]);
    expect(code).toBe(0);
    const parts = output.trim().split('\n\n');
    expect(parts[0]).toMatch(/^चार महीने बाद फिर चली पहाड़ की सुबह वाली पैसेंजर ट्रेन/);
    expect(parts[1]).toMatch(/^भूस्खलन में दबी पटरी/);
    expect(parts[2]).toMatch(/hi · \d+ words/);
    expect(parts.at(-1)).toMatch(/^Related\n• .+\n• .+$/);
    expect(output).not.toContain('WATCH LIVE TV');
    expect(errors).toContain('Warnings for morning-train.txt:');
    expect(errors).toMatch(/boilerplate-dropped +WATCH LIVE TV/);
  });

  test('headings, lists, quotes with who is quoted, and dividers', async () => {
    const { lines, code } = await run(['--format', 'html', example('tide-pools', 'tide-pools.html')]);
    expect(code).toBe(0);
    expect(lines[0]).toBe('tide-pools.html');
    expect(lines).toContain('## How the count was done');
    expect(lines).toContain('2. Every frame was photographed before anyone touched the water.');
    expect(lines).toContain('> The rock was never bare. Nobody had knelt down to look.');
    expect(lines).toContain('> — A class seven pupil who took part in the survey');
    expect(lines).toContain('* * *');
  });

  test('nested lists, definitions, asides, tables, pictures, embeds and code', async () => {
    const file = write(
      'blocks.html',
      `<ul><li>Boats<ul><li>Ferries</li></ul></li></ul>
      <dl><dt>Pier<dd>Where boats land</dl>
      <aside><p>The bell weighs forty kilograms.</p></aside>
      <table><tr><th>Pier</th><th>Time</th></tr><tr><td>North</td><td>6<br>7</td></tr></table>
      <figure><img src="/bell.jpg" alt="A bell"><figcaption>The new bell</figcaption></figure>
      <iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>
      <pre>one
two</pre>`,
    );
    const { output } = await run(['--format', 'html', '--url', 'https://harbour.example/news/1', file]);
    expect(output).toContain('• Boats\n  • Ferries\n');
    expect(output).toContain('Pier\n    Where boats land\n');
    expect(output).toContain('│ The bell weighs forty kilograms.\n');
    expect(output).toContain('Pier | Time\nNorth | 6 / 7\n');
    expect(output).toMatch(/\[image: The new bell · https:\/\/harbour\.example\/bell\.jpg\]/);
    expect(output).toContain('[youtube: https://www.youtube.com/watch?v=abcdefghijk]');
    expect(output).toContain('    one\n    two\n');
  });

  test('from standard input', async () => {
    // As npm runs it.
    const child = spawn(process.execPath, [SCRIPT, '-'], { cwd: folder });
    child.stdin.end(FERRY);
    const exited = new Promise((resolve) => child.on('close', resolve));
    const [output, code] = await Promise.all([text(child.stdout), exited]);
    expect(code).toBe(0);
    expect(output).toMatch(/^The evening ferry sails again\n/);
    expect(output).toContain('After a month in dry dock');
    expect(output).not.toContain('Home Sport');
  });

  test('under the file’s name when the page has no headline', async () => {
    const { lines, code } = await run([example('meteor-shower', 'meteor-shower.txt')]);
    expect(lines[0]).toBe('meteor-shower.txt');
    expect(code).toBe(0);
  });
});

describe('--json', () => {
  test('is one document a line, whole: file, article, warnings', async () => {
    const file = example('morning-train', 'morning-train.txt');
    const { lines, errors } = await run(['--json', file]);
    expect(lines).toHaveLength(1);
    const document = JSON.parse(lines[0] ?? '');
    expect(document.file).toBe(file);
    expect(document.article).toMatchObject({ language: 'hi', direction: 'ltr' });
    expect(document.article.body.length).toBeGreaterThan(5);
    expect(document.article.related).toHaveLength(2);
    expect(document.warnings).toContainEqual({ code: 'boilerplate-dropped', excerpt: 'WATCH LIVE TV' });
    expect(errors).toBe('');
  });

  test('of a folder: every HTML and text file in and below it, counted on standard error', async () => {
    write('site/b/ferry.HTML', FERRY);
    write('site/a.txt', 'The ferry\n\nIt sails again every evening from the north pier at six.');
    write('site/picture.jpg', 'no text');
    const { lines, errors, code } = await run(['--json', 'site']);
    expect(lines.map((line) => JSON.parse(line).file)).toEqual(['site/a.txt', 'site/b/ferry.HTML']);
    expect(errors).toBe('2 of 2 files\n');
    expect(code).toBe(0);
  });

  test('contains the issues of a file without an article, and the other files as well', async () => {
    const { lines, code } = await run([
      '--json',
      write('empty.html', ' '),
      'missing.html',
      write('ferry.html', FERRY),
    ]);
    const [empty, missing, ferry] = lines.map((line) => JSON.parse(line));
    expect(empty).toEqual({
      file: 'empty.html',
      issues: [{ path: 'body.content', message: 'must not be empty' }],
      warnings: [],
    });
    expect(missing.issues[0].message).toContain('ENOENT');
    expect(ferry.article.headline).toBe('The evening ferry sails again');
    expect(code).toBe(1);
  });
});

describe('the command', () => {
  test('exits with 1 and the reason when a file contains no article', async () => {
    const { output, errors, code } = await run([
      write('bare.html', '<!doctype html><html><body></body></html>'),
    ]);
    expect(code).toBe(1);
    expect(output).toBe('');
    expect(errors).toContain('bare.html: no article: body.content must contain an article');
  });

  test.each([
    [['--format', 'pdf', '-'], '--format must be one of html, text, page'],
    [['--language', 'q!', '-'], '--language must be a BCP 47 language tag'],
    [['--url', 'ftp://harbour.example/', '-'], '--url must be an absolute http or https URL'],
    [['--colour', '-'], "Unknown option '--colour'"],
    [[], 'Usage: '],
  ])('exits with 2 for the invalid arguments %j', async (args, message) => {
    const { output, errors, code } = await run(args);
    expect(errors).toContain(message);
    expect({ output, code }).toEqual({ output: '', code: 2 });
  });

  test('--help tells what it can do', async () => {
    const { output, code } = await run(['--help']);
    expect(output).toContain('--json');
    expect(code).toBe(0);
  });

  test('takes --language before its own guess', async () => {
    const { lines } = await run([
      '--json',
      '--language',
      'mr',
      example('morning-train', 'morning-train.txt'),
    ]);
    expect(JSON.parse(lines[0] ?? '').article.language).toBe('mr');
  });

  test('ends quietly when its reader stops early', async () => {
    const file = write('long.html', page('Long', '<p>One of very many paragraphs.</p>'.repeat(30_000)));
    const child = spawn(process.execPath, [SCRIPT, file], { cwd: folder });
    child.stdout.once('data', () => child.stdout.destroy());
    const [errors, code] = await Promise.all([
      text(child.stderr),
      new Promise((resolve) => child.on('close', resolve)),
    ]);
    expect(errors).not.toContain('Error');
    expect(code).toBe(0);
  });
});

describe('a page’s bytes', () => {
  const body =
    '<p>Le café du port a rouvert ses portes après un mois de travaux, et le bac du soir aussi.</p>'.repeat(
      3,
    );
  const latin1 = (html: string) => Uint8Array.from(html, (character) => character.charCodeAt(0));
  const utf16 = (html: string) =>
    new Uint8Array(Uint16Array.from(`\uFEFF${html}`, (unit) => unit.charCodeAt(0)).buffer);

  test.each([
    ['UTF-8', page('Le café', body)],
    [
      'UTF-8 that a page saved anew still calls something else',
      page('Le café', body, '<meta charset="iso-8859-1">'),
    ],
    ['windows-1252, declared', latin1(page('Le café', body, '<meta charset="windows-1252">'))],
    ['an older encoding, undeclared', latin1(page('Le café', body))],
    ['an encoding nobody knows', latin1(page('Le café', body, '<meta charset="x-none">'))],
    ['UTF-16 with its mark', utf16(page('Le café', body))],
  ])('are read as %s', async (_name, bytes) => {
    const { lines } = await run(['--json', '-'], bytes);
    const { article } = JSON.parse(lines[0] ?? '');
    expect(article.headline).toBe('Le café');
    expect(JSON.stringify(article.body)).toContain('Le café du port a rouvert ses portes après');
  });
});
