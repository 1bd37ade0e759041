/** Shared by `send` and `preview`: the one article of a file, and the site's response. */
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Answer } from './client.ts';
import type { ConnectionOptions } from './connection.ts';
import { type Entry, findFiles, readFile } from './files.ts';
import { toDelivery } from './payload.ts';
import { Failure } from './report.ts';

/** The options of both commands that describe the article. */
export interface ArticleOptions extends ConnectionOptions {
  id?: string;
  headline?: string;
  section?: string;
  language?: string;
}

/** Adds the options for what a file may lack. */
export function withArticle(command: Command): Command {
  return command
    .option('--id <id>', 'the article’s id; the default is the file name')
    .option('--headline <text>', 'its headline')
    .option('--section <name>', 'its section')
    .option('--language <tag>', 'its language (BCP 47), such as hi or ur-PK');
}

/**
 * The one article of a file, as a payload with a new delivery id.
 * @throws Failure when the file contains none, or several
 */
export async function readSingle(
  path: string,
  options: ArticleOptions,
): Promise<{ id: string; payload: string }> {
  const files = await findFiles(path);
  const [file] = files;
  if (file === undefined || files.length > 1 || file.kind === 'xml') {
    throw new Failure(`${path} is a feed, an export or a folder. Use: npm run dateline -- import ${path}`);
  }
  const { id, headline, section, language } = options;
  const entries: Entry[] = [];
  try {
    const reading = readFile(file, headline === undefined ? {} : { headline }, () => {});
    for await (const entry of reading) entries.push(entry);
  } catch (error) {
    throw error instanceof Failure ? new Failure(`${basename(path)}: ${error.message}.`) : error;
  }
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) {
    throw new Failure(`${path} contains ${entries.length} articles. Use: npm run dateline -- import ${path}`);
  }
  const outcome = toDelivery(entry, {
    ...(id !== undefined && { id }),
    ...(headline !== undefined && { headline }),
    ...(section !== undefined && { section }),
    ...(language !== undefined && { language }),
    // An article sent by hand is a new revision.
    revisedAt: new Date().toISOString(),
  });
  if ('skipped' in outcome) throw new Failure(`${path} is not sent: ${outcome.skipped}.`);
  if ('refused' in outcome) throw refusal(outcome.refused, options);
  return { id: `msg_${randomUUID()}`, payload: outcome.payload };
}

/**
 * The body of the site's response when it accepted the article.
 * @throws Failure with the reason when it did not
 */
export function acceptedBody(answer: Answer, options: ArticleOptions): unknown {
  if (answer.kind === 'accepted') return answer.body;
  if (answer.kind === 'busy') throw new Failure(`The site is busy (${answer.reason}). Try again later.`);
  throw refusal(answer.reason, options);
}

function refusal(reason: string, { headline }: ArticleOptions): Failure {
  const hint =
    headline === undefined && /headline|must contain an article/.test(reason)
      ? '\nIf the file is only a part of a page, set its headline: --headline "…"'
      : '';
  return new Failure(`Refused: ${reason}${hint}`);
}
