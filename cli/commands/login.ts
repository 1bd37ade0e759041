import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { Client } from '../client.ts';
import {
  type ConnectionOptions,
  readProfile,
  toConnection,
  withConnection,
  writeProfile,
} from '../connection.ts';
import { Failure } from '../report.ts';

/** `login`: checks site, publisher and secret, and stores them for the other commands. */
export function addLogin(program: Command): void {
  withConnection(
    program
      .command('login')
      .summary('save site, publisher and secret for the other commands')
      .description(
        'Checks site, publisher and secret with the site, then saves them in .dateline/profile.json, which only you can read and git ignores.\n' +
          'Prompts for the secret without echoing it, or reads it from standard input when that is not a terminal.',
      ),
  )
    .addHelpText(
      'after',
      `
Examples:
  npm run dateline -- login --site https://news.example --publisher harbour-post
  npm run --silent dateline -- login --site https://news.example --publisher harbour-post < secret.txt`,
    )
    .action(run);
}

async function run(options: ConnectionOptions): Promise<void> {
  const known = readProfile();
  const site = options.site ?? (await ask('Site', known.site));
  const publisher = options.publisher ?? (await ask('Publisher', known.publisher));
  const secret = options.secret ?? (await askSecret());
  const connection = toConnection({ site, publisher, secret });
  const answer = await new Client(connection).deliveries(1);
  if (answer.kind !== 'accepted') throw new Failure(`The site could not check the secret: ${answer.reason}`);
  console.log(`Logged in to ${connection.site} as ${publisher}. Saved in ${writeProfile(connection)}.`);
}

async function ask(what: string, known: string | undefined): Promise<string> {
  if (!process.stdin.isTTY) throw new Failure(`--${what.toLowerCase()} is required.`);
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await reader.question(known === undefined ? `${what}: ` : `${what} (${known}): `);
  reader.close();
  return answer.trim() || (known ?? '');
}

/** Asks for the secret without echoing it. */
async function askSecret(): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).trim();
  process.stderr.write('Secret (whsec_…): ');
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  reader.on('SIGINT', () => process.exit(130));
  const answer = await reader.question('');
  reader.close();
  process.stderr.write('\n');
  return answer.trim();
}
