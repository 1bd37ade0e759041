import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDevVars } from './dev-vars.ts';
import { HOST, isPortFree } from './ports.ts';
import { ROOT, spawnWrangler } from './wrangler.ts';

interface LocalOptions {
  port: number;
  /** Folder of the state and of `wrangler.log`; made when missing. */
  persistTo: string;
  /** Variables and secrets in place of those in wrangler.toml and `.dev.vars`. */
  vars?: Record<string, string>;
}

/** A Dateline on this machine: wrangler, workerd, KV, the Desk and all. */
export interface LocalDateline {
  /** `http://127.0.0.1:8787` */
  origin: string;
  adminToken: string;
  /** Fulfilled when the process has ended, whoever ended it. */
  exited: Promise<void>;
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** SIGKILL to every process of it at once, as a power cut would. Fulfilled once they are gone. */
  kill(): Promise<void>;
}

const START_MS = 180_000;
const STOP_MS = 10_000;

/**
 * Starts Dateline on a port that must be free; fulfilled when `/health` answers 200. Rejects with the end of its
 * log when it ends before that or takes longer than three minutes.
 */
export async function startDateline({ port, persistTo, vars = {} }: LocalOptions): Promise<LocalDateline> {
  if (!(await isPortFree(port))) throw new Error(`port ${port} is busy`);
  const secrets = ensureDevVars(join(ROOT, '.dev.vars'));
  const state = resolve(persistTo);
  mkdirSync(state, { recursive: true });
  const origin = `http://${HOST}:${port}`;
  const logPath = join(state, 'wrangler.log');
  // A file rather than a pipe: nobody needs to read it for the child to go on.
  const log = openSync(logPath, 'w');
  const child = spawnWrangler(
    [
      'dev',
      ...['--ip', HOST, '--port', String(port), '--inspector-port', '0', '--persist-to', state],
      '--show-interactive-dev-session=false',
      ...Object.entries({ ORIGIN: origin, ...vars }).flatMap(([name, value]) => [
        '--var',
        `${name}:${value}`,
      ]),
    ],
    {
      stdio: ['ignore', log, log],
      detached: true,
      // Local Workers find each other through this folder; two Datelines have nothing to say to each other.
      env: { WRANGLER_REGISTRY_PATH: join(state, 'registry') },
    },
  );
  closeSync(log);
  // A script that ends early, by an error or a closed pipe, leaves nothing running behind it.
  const killNow = () => signalGroup(child, 'SIGKILL');
  process.once('exit', killNow);
  const exited = once(child, 'exit').then(() => {
    process.off('exit', killNow);
  });

  const kill = async () => {
    killNow();
    await exited;
    // The leader is gone; workerd has let go of everything once its port is free.
    while (!(await isPortFree(port))) await sleep(20);
  };
  const stop = async () => {
    signalGroup(child, 'SIGTERM');
    await Promise.race([exited, sleep(STOP_MS, undefined, { ref: false })]);
    await kill();
  };

  const failure = await untilHealthy(origin, child);
  if (failure !== undefined) {
    await kill();
    throw new Error(
      `Dateline ${failure}. The end of ${logPath}:\n${readFileSync(logPath, 'utf8').slice(-4_000)}`,
    );
  }
  return { origin, adminToken: vars.ADMIN_TOKEN ?? secrets.ADMIN_TOKEN, exited, stop, kill };
}

/** Waits for `/health`; gives what went wrong, or undefined when all is well. */
async function untilHealthy(origin: string, child: ChildProcess): Promise<string | undefined> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (hasExited(child)) return 'ended before it answered';
    const response = await fetch(`${origin}/health`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    await response?.body?.cancel();
    if (response?.status === 200) return undefined;
    await sleep(100);
  }
  return `did not answer within ${START_MS / 1_000} s`;
}

const hasExited = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Sends a signal to every process of the child's group; one that is gone needs none. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    // kill(2): a negative number names the group, here wrangler, esbuild and every workerd.
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
