/** The command `npm run normalize`, with its input and output streams passed in. */
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

Reads HTML or text files, folders of them, or standard input (-), and prints the articles they contain.
Warnings list everything that was changed or left out. They go to standard error and into the JSON.

  --json           print one JSON document per line: {file, article, warnings} or {file, issues, warnings}
  --format FORMAT  page: a whole page, HTML or text, including boilerplate (default);
                   html, text: only the body of an article
  --url URL        the URL of the page, to resolve relative URLs
  --language TAG   the language of the text (BCP 47); overrides the page's declaration
  --help           print this help

When a file has no headline, its name is used.
Exit codes: 0 every file contains an article, 1 a file does not, 2 invalid command line.`;

interface Outcome {
  file: string;
  article?: ArticleContent;
  issues?: Issue[];
  warnings: Warning[];
}

type Options = ReturnType<typeof parseCommand>['values'];

/** A command's streams and working directory: those of the process, or of a test. */
export interface Terminal {
  stdin: NodeJS.ReadableStream;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream & { isTTY?: boolean };
  /** The base of relative paths. */
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
    complain(positionals.length === 0 ? HELP : 'No HTML or text file found.');
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

/** Normalizes one file. A file that cannot be read, or that makes the normalizer throw, does not stop the others. */
async function normalizeFile(file: string, options: Options, { stdin, folder }: Terminal): Promise<Outcome> {
  try {
    const fields = fieldsOf(file, await readPageFile(file, { stdin, folder }), options);
    const named = { ...fields, headline: fields.id };
    let result = await normalizeFields(options.format === 'page' ? fields : named);
    // A page without a headline is still worth showing.
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
  // A file name may contain anything, including terminal escape sequences.
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

/** Writes a line, and waits when the reader is slower. */
async function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (!stream.write(`${text}\n`)) await once(stream, 'drain');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
