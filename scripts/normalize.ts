/** `npm run normalize -- FILE…`: shows how Dateline normalizes a page, as text or JSON. */
import { normalizeCommand } from './normalize-command.ts';

// The reader of the output may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
const { stdin, stdout, stderr } = process;
process.exitCode = await normalizeCommand(process.argv.slice(2), {
  ...{ stdin, stdout, stderr },
  folder: process.cwd(),
});
