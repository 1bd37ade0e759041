/** `npm run normalize -- FILE…`: what Dateline makes of any page, to read or as JSON. */
import { normalizeCommand } from './normalize-command.ts';

// Whoever reads us may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
const { stdin, stdout, stderr } = process;
process.exitCode = await normalizeCommand(process.argv.slice(2), {
  ...{ stdin, stdout, stderr },
  folder: process.cwd(),
});
