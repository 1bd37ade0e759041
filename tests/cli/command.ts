import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const SCRIPT = join(import.meta.dirname, '../../cli/main.ts');

export interface Ended {
  output: string;
  errors: string;
  code: number | null;
}

/** Starts the command as npm does, in a folder of the test's, with nothing of the machine's own settings. */
export function start(
  folder: string,
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string } = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('DATELINE_'));
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    cwd: folder,
    env: { ...Object.fromEntries(own), NO_COLOR: '1', FORCE_COLOR: undefined, ...options.env },
  });
  child.stdin.end(options.input ?? '');
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
  const ended = Promise.all([text(child.stdout), text(child.stderr), exited]).then(
    ([output, errors, code]) => ({
      output,
      errors,
      code,
    }),
  );
  return { child, ended };
}

export const run = (...given: Parameters<typeof start>): Promise<Ended> => start(...given).ended;
