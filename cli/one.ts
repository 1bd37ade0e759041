import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { type Found, toPayload } from './article.ts';
import type { Answer } from './client.ts';
import type { ConnectionOptions } from './connection.ts';
import { Failure } from './failure.ts';
import type { Entry } from './reading/entry.ts';
import { findSources, readSource } from './reading/files.ts';

/** What `send` and `preview` may be told of an article. */
export interface ArticleOptions extends ConnectionOptions {
  id?: string;
  headline?: string;
  section?: string;
  language?: string;
}

/** Adds the options that speak for a file that does not say it all. */
export function withArticle(command: Command): Command {
  return command
    .option('--id <id>', 'the article’s id; by default the file’s name')
    .option('--headline <text>', 'its headline, when the file has none')
    .option('--section <name>', 'its section')
    .option('--language <tag>', 'its language (BCP 47), such as hi or ur-PK');
}

/**
 * The one article of a file, as a payload with a delivery id of its own.
 * @throws Failure when the file holds none, or several
 */
export async function readOne(
  path: string,
  options: ArticleOptions,
): Promise<{ id: string; payload: string }> {
  const sources = await findSources(path);
  const [source] = sources;
  if (source === undefined || sources.length > 1 || source.kind === 'wordpress' || source.kind === 'feed') {
    throw new Failure(`${path} is a feed, an export or a folder: npm run dateline -- import ${path}`);
  }
  const entries: Entry[] = [];
  try {
    for await (const entry of readSource(source, {}, () => {})) entries.push(entry);
  } catch (error) {
    throw error instanceof Failure ? new Failure(`${basename(path)} ${error.message}.`) : error;
  }
  const [entry] = entries;
  if (entry === undefined || entries.length > 1 || 'skipped' in entry) {
    throw new Failure(`${path} holds ${entries.length} articles: npm run dateline -- import ${path}`);
  }
  return {
    id: `msg_${randomUUID()}`,
    payload: 'payload' in entry ? entry.payload : payloadOf(entry.found, options),
  };
}

function payloadOf(found: Found, { id, headline, section, language }: ArticleOptions): string {
  return toPayload({
    ...found,
    ...(id !== undefined && { id }),
    ...(headline !== undefined && { headline: headline.replaceAll('&', '&amp;').replaceAll('<', '&lt;') }),
    ...(section !== undefined && { section }),
    ...(language !== undefined && { language }),
    // Sent by hand, it is what its sender wants now.
    revisedAt: new Date().toISOString(),
    // A whole page names its own headline; a piece of one that is given its headline is the article's body.
    body:
      headline !== undefined && found.body.format === 'page' && !/<html|<!doctype/i.test(found.body.content)
        ? { format: /<\w/.test(found.body.content) ? 'html' : 'text', content: found.body.content }
        : found.body,
  });
}

/**
 * What the site answered when it took the article.
 * @throws Failure with the reason when it did not
 */
export function takenOf(answer: Answer, { headline }: ArticleOptions): unknown {
  if (answer.kind === 'taken') return answer.body;
  if (answer.kind === 'busy') throw new Failure(`The site is busy (${answer.reason}). Try again later.`);
  const hint =
    headline === undefined && /headline|page without an article/.test(answer.reason)
      ? '\nIf it is only a piece of a page, say what it is called: --headline "…"'
      : '';
  throw new Failure(`Refused: ${answer.reason}${hint}`);
}
