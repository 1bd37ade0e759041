import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';

/** The project's folder, whatever folder the command was given in. */
export const ROOT = dirname(import.meta.dirname);

/** Nothing of a local Dateline may need, or tell, the network. */
const OFFLINE = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  // The banner is what asks the registry for a newer version.
  WRANGLER_HIDE_BANNER: 'true',
  // Otherwise Miniflare fetches a sample of `request.cf` from workers.cloudflare.com.
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
};

interface WranglerOptions {
  stdio: StdioOptions;
  /** Makes the child the leader of a process group of its own, so that all it starts can be ended with it. */
  detached: boolean;
  env?: Record<string, string>;
}

/** Starts the project's own wrangler on the Node that runs this script: the machine's may be too old for it. */
export function spawnWrangler(args: readonly string[], options: WranglerOptions): ChildProcess {
  const path = [dirname(process.execPath), process.env.PATH].filter(Boolean).join(delimiter);
  return spawn(process.execPath, [join(ROOT, 'node_modules/wrangler/bin/wrangler.js'), ...args], {
    cwd: ROOT,
    stdio: options.stdio,
    detached: options.detached,
    env: { ...process.env, PATH: path, ...OFFLINE, ...options.env },
  });
}
