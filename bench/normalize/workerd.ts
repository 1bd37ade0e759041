import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { bundle } from '../bundle.ts';
import type { ContestantName } from './contestants.ts';

/** All contestants in one Worker, in one workerd. */
export interface Arena {
  /** Lets a contestant clean `html` a number of times. @returns the time in milliseconds */
  time(name: ContestantName, html: string, iterations: number): Promise<number>;
  close(): Promise<void>;
}

const CONFIG = join(import.meta.dirname, 'wrangler.toml');

/** Bundles the Worker as for a deployment, and starts it. */
export async function openArena(): Promise<Arena> {
  const folder = await mkdtemp(join(tmpdir(), 'dateline-bench-'));
  await bundle(CONFIG, folder);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      modulesRoot: folder,
      scriptPath: join(folder, 'worker.js'),
      compatibilityDate: '2026-10-20',
      compatibilityFlags: ['nodejs_compat'],
      // Otherwise Miniflare fetches a sample of `request.cf` from workers.cloudflare.com.
      cf: false,
    }),
  );
  await miniflare.ready;
  return {
    async time(name, html, iterations) {
      const started = performance.now();
      const url = `http://bench.example/${encodeURIComponent(name)}?iterations=${iterations}`;
      const response = await miniflare.dispatchFetch(url, { method: 'POST', body: html });
      const answer = await response.text();
      const took = performance.now() - started;
      if (!response.ok || !(Number(answer) > 0)) throw new Error(`${name} made nothing of it: ${answer}`);
      return took;
    },
    async close() {
      await miniflare.dispose();
      await rm(folder, { recursive: true });
    },
  };
}
