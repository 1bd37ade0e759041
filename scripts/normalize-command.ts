/** The command behind `npm run normalize`, with what it reads and writes passed in. */
import { once } from 'node:events';
import { basename } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import * as v from 'valibot';
import type { ArticleContent } from '../src/domain/article.ts';
import { draftSchema, type Issue, LIMITS, toIssues, type Warning } from '../src/domain/draft.ts';
import { type Normalized, normalize } from '../src/normalize/normalize.ts';
import { oneLine } from '../src/text/text.ts';
import { pageFiles, readPageFile, STANDARD_INPUT } from './page-files.ts';
import { Progress } from './progress.ts';
import { readableArticle } from './readable.ts';

const HELP = `Usage: npm run --silent normalize -- [options] FILE…

Reads HTML or text files, folders of them, or standard input (-), and prints the articles in them.
What was dropped, lifted or repaired goes to standard error, and into the JSON.

  --json           one JSON document a line: {file, article, warnings} or {file, issues, warnings}
  --format FORMAT  page: a whole page, HTML or text, boilerplate and all (default);
                   html, text: an article's body alone
  --url URL        the address of the page, for what is relative to it
  --language TAG   the language of the text (BCP 47), when the page should not be asked
  --help           this

The file's name stands for a headline that is not there.
The exit code is 0 when every file held an article, 1 when one did not, 2 when the command was not understood.`;

interface Outcome {
  file: string;
  article?: ArticleContent;
  issues?: Issue[];
  warnings: Warning[];
}

type Options = ReturnType<typeof parseCommand>['values'];

/** Where a command reads, writes and finds its files: a process, or a test. */
export interface Terminal {
  stdin: NodeJS.ReadableStream;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream & { isTTY?: boolean };
  /** What relative paths start from. */
  folder: string;
}

/** Runs the command. @returns its exit code */
export async function normalizeCommand(args: string[], terminal: Terminal): Promise<number> {
  const print = (text: string) => write(terminal.stdout, text);
  const complain = (text: string) => void terminal.stderr.write(`${text}\n`);
  let command: ReturnType<typeof parseCommand>;
  try {
    command = parseCommand(args);
  } catch (error) {
    complain(`${messageOf(error)}\n\n${HELP}`);
    return 2;
  }
  const { values: options, positionals } = command;
  if (options.help) {
    await print(HELP);
    return 0;
  }
  const refused = v.safeParse(draftSchema, { ...fieldsOf('-', 'any text', options), headline: 'any' }).issues;
  if (refused !== undefined) {
    for (const { path, message } of toIssues(refused)) complain(`--${path.split('.').at(-1)} ${message}`);
    return 2;
  }
  const files = pageFiles(positionals, terminal.folder);
  if (files.length === 0) {
    complain(positionals.length === 0 ? HELP : 'There is no HTML or text file in there.');
    return 2;
  }

  let failed = 0;
  const progress = files.length > 1 ? new Progress(files.length, undefined, terminal.stderr) : undefined;
  for (const file of files) {
    const outcome = await normalizeFile(file, options, terminal);
    if (outcome.article === undefined) failed += 1;
    progress?.clear();
    if (options.json) await print(JSON.stringify(outcome));
    else await printReadable(outcome, files.length > 1, print, complain);
    progress?.step();
  }
  progress?.clear();
  return failed > 0 ? 1 : 0;
}

function parseCommand(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      format: { type: 'string', default: 'page' },
      url: { type: 'string' },
      language: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
}

/** What the normalizer makes of one file. A file that cannot be read, or breaks it, must not cost the others. */
async function normalizeFile(file: string, options: Options, { stdin, folder }: Terminal): Promise<Outcome> {
  try {
    const fields = fieldsOf(file, await readPageFile(file, { stdin, folder }), options);
    const named = { ...fields, headline: fields.id };
    let result = await normalizeFields(options.format === 'page' ? fields : named);
    // What a page without a headline says is still worth seeing.
    if ('issues' in result && result.issues.every(({ path }) => path === 'headline')) {
      result = await normalizeFields(named);
    }
    if ('issues' in result) return { file, issues: result.issues, warnings: [] };
    return { file, article: result.content, warnings: result.warnings };
  } catch (error) {
    return { file, issues: [{ path: 'file', message: messageOf(error) }], warnings: [] };
  }
}

function fieldsOf(file: string, content: string, { format, url, language }: Options) {
  return { id: basename(file).slice(-LIMITS.id).toWellFormed(), url, language, body: { format, content } };
}

async function normalizeFields(fields: object): Promise<Normalized> {
  const draft = v.safeParse(draftSchema, fields);
  if (!draft.success) return { issues: toIssues(draft.issues) };
  return normalize(draft.output, { id: 'files', name: 'Files' });
}

async function printReadable(
  { file, article, issues = [], warnings }: Outcome,
  isOneOfMany: boolean,
  print: (text: string) => Promise<void>,
  complain: (text: string) => void,
): Promise<void> {
  // A file may be called anything, escape sequences included.
  const name = file === STANDARD_INPUT ? 'standard input' : oneLine(file);
  if (article !== undefined) {
    const title = isOneOfMany ? `${styleText('cyan', `==> ${name} <==`)}\n\n` : '';
    await print(`${title}${readableArticle(article)}\n`);
  }
  for (const { path, message } of issues)
    complain(`${name}: no article: ${[path, message].join(' ').trim()}`);
  if (warnings.length > 0) {
    const width = Math.max(...warnings.map(({ code }) => code.length));
    const lines = warnings.map(({ code, excerpt }) => `  ${code.padEnd(width)}  ${excerpt}`);
    complain([`Warnings for ${name}:`, ...lines, ''].join('\n'));
  }
}

/** Writes a line, and waits while whoever reads it is slower than we are. */
async function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (!stream.write(`${text}\n`)) await once(stream, 'drain');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
