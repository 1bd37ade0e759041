import { existsSync } from 'node:fs';
import { open, rename, truncate } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Page, readPage } from '../../src/store/backup-page.ts';
import { pagesOf } from '../backup-file.ts';
import { OperatorClient, type OperatorOptions, problemOf, withOperator } from '../operator.ts';
import { Failure } from '../report.ts';

/** `backup FILE`: copies a site into a file, page by page. */
export function addBackup(program: Command): void {
  withOperator(
    program
      .command('backup')
      .summary('back up a whole site into a file (for its operator)')
      .description(
        'Copies all that a site is into a file, also while it changes: articles, accounts, settings, subscriptions.\n' +
          'After an interruption, the same command continues where it stopped. Keep the file as safe as the site.',
      )
      .argument('<file>'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  DATELINE_ADMIN_TOKEN=… npm run dateline -- backup 2026-11-29.ndjson --site https://news.example',
    )
    .action(run);
}

async function run(path: string, options: OperatorOptions): Promise<void> {
  const client = new OperatorClient(options);
  if (existsSync(path)) throw new Failure(`${path} exists already. Name another file.`);
  const part = `${path}.part`;
  const before = await continued(part);
  if (before.page > 0) console.error(`Continuing after page ${before.page} of ${part}.`);
  const end = await copy(client, part, before);
  await rename(part, path);
  console.log(`${path}: ${end.rows} rows in ${end.pages} pages, as of ${end.at}.`);
}

interface Progress {
  /** The last page in the file, and the cursor of the next one. */
  page: number;
  next: string;
}

/** Where an earlier run stopped: cuts off what is not a whole page. */
async function continued(part: string): Promise<Progress> {
  if (!existsSync(part)) return { page: 0, next: '' };
  let progress: Progress = { page: 0, next: '' };
  let size = 0;
  try {
    for await (const { page, end } of pagesOf(part, false)) {
      // The last page was written, but the file was not renamed: it is asked for again, or the backup begins again.
      if (page.next === null) break;
      progress = { page: page.page, next: page.next };
      size = end;
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`${error.message} Continuing after the last page that is whole.`);
  }
  await truncate(part, size);
  return progress;
}

async function copy(
  client: OperatorClient,
  part: string,
  start: Progress,
): Promise<{ rows: number; pages: number; at: string }> {
  // Only its owner may read it.
  const file = await open(part, 'a', 0o600);
  let { page, next } = start;
  try {
    for (;;) {
      const query = next === '' ? '' : `?after=${encodeURIComponent(next)}`;
      const { status, text } = await client.send('GET', `/admin/export${query}`);
      if (status === 409 && page > 0) {
        console.error(`${problemOf(text)} Beginning again.`);
        await file.truncate(0);
        [page, next] = [0, ''];
        continue;
      }
      if (status !== 200) throw new Failure(`The backup was refused: ${problemOf(text)}`);
      const taken = await verified(next, text);
      await file.appendFile(text);
      page = taken.page;
      if (taken.next === null) {
        await file.sync();
        return { rows: taken.end?.rows ?? 0, pages: page, at: taken.end?.at ?? '' };
      }
      next = taken.next;
      if (page % 10 === 0) console.error(`${page} pages`);
    }
  } finally {
    await file.close();
  }
}

/** A page as it arrived. What the connection damaged is not written. */
async function verified(cursor: string, text: string): Promise<Page> {
  try {
    return await readPage(cursor, text);
  } catch (error) {
    throw new Failure(
      `A page arrived damaged (${(error as Error).message}). Run the same command to continue.`,
    );
  }
}
