/** `npm start -- [wrangler dev options]`: starts only the local Worker. */
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDevVars } from './dev-vars.ts';
import { requirePort } from './port-option.ts';
import { HOST } from './ports.ts';
import { ROOT, spawnWrangler } from './wrangler.ts';

const given = process.argv.slice(2);
// Not strict: all other options are wrangler's.
const { values } = parseArgs({
  args: given,
  strict: false,
  options: {
    port: { type: 'string' },
    ip: { type: 'string' },
    var: { type: 'string', multiple: true },
  },
});

const port = await requirePort(values.port, 'npm start');
const ownOrigin = values.var?.some((value) => String(value).startsWith('ORIGIN:')) ?? false;
ensureDevVars(join(ROOT, '.dev.vars'));

// These options come last: `--var` takes every word up to the next option, including a script's path.
const wrangler = spawnWrangler(
  [
    'dev',
    ...given,
    ...(values.port === undefined ? ['--port', String(port)] : []),
    ...(values.ip === undefined ? ['--ip', HOST] : []),
    ...(ownOrigin ? [] : ['--var', `ORIGIN:http://${HOST}:${port}`]),
  ],
  { stdio: 'inherit', detached: false },
);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopping = true;
    wrangler.kill('SIGTERM');
  });
}
const [code] = await once(wrangler, 'exit');
process.exitCode = stopping ? 0 : (code ?? 1);
