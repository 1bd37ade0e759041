/** `npm run dateline -- COMMAND`: the command line for publishers, and for the operator's backups. */
import { Command, CommanderError } from 'commander';
import { addBackup } from './commands/backup.ts';
import { addDeliveries } from './commands/deliveries.ts';
import { addImport } from './commands/import.ts';
import { addLogin } from './commands/login.ts';
import { addPreview } from './commands/preview.ts';
import { addRestore } from './commands/restore.ts';
import { addSend } from './commands/send.ts';
import { Failure } from './report.ts';

// The reader of the output may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const program = new Command('dateline')
  .usage('COMMAND [options]')
  .description('Sends articles to a Dateline site by signed webhooks, and shows their outcomes.')
  .addHelpText(
    'after',
    `
Site, publisher and secret come from the options, else from DATELINE_SITE, DATELINE_PUBLISHER and
DATELINE_SECRET, else from the profile that login saved. backup and restore are the operator’s: they
need --admin-token or DATELINE_ADMIN_TOKEN.

Examples:
  npm run dateline -- login --site http://127.0.0.1:8787 --publisher harbour-post
  npm run dateline -- preview ferry.md
  npm run dateline -- send ferry.md
  npm run dateline -- import wordpress.xml
  npm run dateline -- deliveries --follow
  npm run dateline -- backup 2026-11-29.ndjson --site https://news.example

Exit codes: 0 success, 1 something was refused or failed, 2 invalid command line.`,
  )
  .showHelpAfterError('(use --help for usage)')
  .exitOverride();

for (const add of [addLogin, addSend, addPreview, addImport, addDeliveries, addBackup, addRestore])
  add(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof Failure) {
    console.error(error.message);
    process.exitCode = 1;
  } else throw error;
}
