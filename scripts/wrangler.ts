import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';

/** The project's folder, whatever the working directory is. */
export const ROOT = dirname(import.meta.dirname);

/** A local Dateline must not use the network. */
const OFFLINE = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  // Printing the banner asks the registry for a newer version.
  WRANGLER_HIDE_BANNER: 'true',
  // Otherwise Miniflare fetches a sample of `request.cf` from workers.cloudflare.com.
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
};

/**
 * For a site of a test: wrangler's dev server otherwise stores a trace of each request among the site's state, which took
 * 434 MB in ten minutes of the soak.
 */
export const WITHOUT_TRACES = { X_LOCAL_OBSERVABILITY: 'false' };

interface WranglerOptions {
  stdio: StdioOptions;
  /** Makes the child the leader of a new process group, so that all its descendants can be stopped with it. */
  detached: boolean;
  env?: Record<string, string>;
}

/** Starts the project's wrangler with the Node that runs this script, because the machine's may be too old. */
export function spawnWrangler(args: readonly string[], options: WranglerOptions): ChildProcess {
  const path = [dirname(process.execPath), process.env.PATH].filter(Boolean).join(delimiter);
  return spawn(process.execPath, [join(ROOT, 'node_modules/wrangler/bin/wrangler.js'), ...args], {
    cwd: ROOT,
    stdio: options.stdio,
    detached: options.detached,
    env: { ...process.env, PATH: path, ...OFFLINE, ...options.env },
  });
}
