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
  /** Folder of the state and of `wrangler.log`; created when missing. */
  persistTo: string;
  /** Overrides of variables and secrets in wrangler.toml and `.dev.vars`. */
  vars?: Record<string, string>;
  /** Environment variables of its processes. */
  env?: Record<string, string>;
  /** Its log; by default among its state. */
  logPath?: string;
}

/** A complete Dateline on this machine: wrangler, workerd, KV, the Desk and everything else. */
export interface LocalDateline {
  /** `http://127.0.0.1:8787` */
  origin: string;
  adminToken: string;
  /** Resolves when the process has ended, for whatever reason. */
  exited: Promise<void>;
  /** Stops it gracefully. */
  stop(): Promise<void>;
  /** Sends SIGKILL to all its processes at once, like a power cut. Resolves once they are gone. */
  kill(): Promise<void>;
}

const START_MS = 180_000;
const STOP_MS = 10_000;

/**
 * Starts Dateline on a port that must be free; resolves when `/health` responds with 200. Rejects with the end of its
 * log when it exits before that or takes longer than three minutes.
 */
export async function startDateline({
  port,
  persistTo,
  vars = {},
  env = {},
  logPath = join(persistTo, 'wrangler.log'),
}: LocalOptions): Promise<LocalDateline> {
  if (!(await isPortFree(port))) throw new Error(`port ${port} is busy`);
  const secrets = ensureDevVars(join(ROOT, '.dev.vars'));
  const state = resolve(persistTo);
  mkdirSync(state, { recursive: true });
  const origin = `http://${HOST}:${port}`;
  // A file rather than a pipe, so that the child never blocks on a reader.
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
      // Local Workers find each other through this folder; two Datelines must not.
      env: { WRANGLER_REGISTRY_PATH: join(state, 'registry'), ...env },
    },
  );
  closeSync(log);
  // A script that exits early, by an error or a closed pipe, must leave nothing running.
  const killNow = () => signalGroup(child, 'SIGKILL');
  process.once('exit', killNow);
  const exited = once(child, 'exit').then(() => {
    process.off('exit', killNow);
  });

  const kill = async () => {
    killNow();
    await exited;
    // The group leader is gone; workerd has ended once its port is free.
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

/** Waits for `/health`. @returns what went wrong, or undefined on success */
async function untilHealthy(origin: string, child: ChildProcess): Promise<string | undefined> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (hasExited(child)) return 'exited before it was ready';
    const response = await fetch(`${origin}/health`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    await response?.body?.cancel();
    if (response?.status === 200) return undefined;
    await sleep(100);
  }
  return `was not ready within ${START_MS / 1_000} s`;
}

const hasExited = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Sends a signal to every process of the child's group, if any is left. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    // kill(2): a negative number names the group, here wrangler, esbuild and every workerd.
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
