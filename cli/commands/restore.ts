import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { Progress } from '../../scripts/progress.ts';
import { pagesOf } from '../backup-file.ts';
import { OperatorClient, type OperatorOptions, problemOf, withOperator } from '../operator.ts';
import { Failure } from '../report.ts';

const POLL_MS = 1_000;

interface Imported {
  state: 'never' | 'running' | 'done';
  page: number;
  sha256?: string;
  subscriptions: 'taken' | 'left out';
}

interface Rebuild {
  state: string;
  waiting: number;
  failing: number;
}

/** `restore FILE`: writes a backup into an empty site. */
export function addRestore(program: Command): void {
  withOperator(
    program
      .command('restore')
      .summary('restore a backup into an empty site (for its operator)')
      .description(
        'Verifies the whole file, writes it into an empty site with the same SECRETS_KEY and release, and waits until\n' +
          'the site’s KV is written. After an interruption, the same command continues where it stopped.',
      )
      .argument('<file>'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  DATELINE_ADMIN_TOKEN=… npm run dateline -- restore 2026-11-29.ndjson --site https://news.example',
    )
    .action(run);
}

async function run(path: string, options: OperatorOptions): Promise<void> {
  const client = new OperatorClient(options);
  const digests: string[] = [];
  for await (const { page } of pagesOf(path)) digests.push(page.sha256);
  const done = await pagesTaken(client, path, digests);
  if (done > 0) console.error(`Continuing after page ${done} of ${digests.length}.`);
  const { size } = await stat(path);
  const progress = new Progress(size, (sent, total) => `${Math.floor((sent / total) * 100)} %`);
  let from = 0;
  for await (const { page, text, end } of pagesOf(path)) {
    if (page.page > done) await sendPage(client, page.page, text, progress);
    progress.step(end - from);
    from = end;
  }
  progress.clear();
  const { subscriptions } = await read<Imported>(client, '/admin/import');
  console.error('Every page is restored. Waiting for KV.');
  const failing = await rebuilt(client);
  console.log(`${client.site} is restored from ${path}.`);
  if (failing > 0)
    console.log(
      `${failing} keys could not be written to KV; the site’s log and GET /admin/migration name them.`,
    );
  if (subscriptions === 'left out')
    console.log('Subscriptions and partners’ webhooks were left out: the backup is from another origin.');
}

/** How many pages of this file the site has. */
async function pagesTaken(client: OperatorClient, path: string, digests: readonly string[]): Promise<number> {
  const { state, page, sha256 } = await read<Imported>(client, '/admin/import');
  if (state === 'never' || page === 0) return 0;
  if (sha256 !== undefined && digests[page - 1] === sha256) {
    if (state === 'running' || page === digests.length) return page;
  }
  throw new Failure(
    state === 'done'
      ? `${client.site} is not empty: another backup was restored into it.`
      : `${client.site} is being restored from a file other than ${path}. Continue with that one, or abandon it: DELETE /admin/import.`,
  );
}

async function sendPage(
  client: OperatorClient,
  number: number,
  text: string,
  progress: Progress,
): Promise<void> {
  const answer = await client.send('POST', '/admin/import', text);
  if (answer.status === 200) return;
  progress.clear();
  throw new Failure(`Page ${number} was refused: ${problemOf(answer.text)}`);
}

/**
 * Waits until the rebuild that the last page started has written everything that can be written.
 * @returns how many keys cannot
 */
async function rebuilt(client: OperatorClient): Promise<number> {
  let before = '';
  for (;;) {
    const { state, waiting, failing } = await read<Rebuild>(client, '/admin/rebuild');
    if (state === 'done') return failing;
    const now = `${state}, ${waiting} keys wait`;
    if (now !== before) console.error(now);
    before = now;
    await sleep(POLL_MS);
  }
}

async function read<Body>(client: OperatorClient, path: string): Promise<Body> {
  const { status, text } = await client.send('GET', path);
  if (status !== 200) throw new Failure(`${path}: ${problemOf(text)}`);
  return JSON.parse(text) as Body;
}
