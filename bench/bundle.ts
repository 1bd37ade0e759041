import { once } from 'node:events';
import { spawnWrangler } from '../scripts/wrangler.ts';

/** Bundles a Worker into `folder` as a deployment would. */
export async function bundle(config: string, folder: string): Promise<void> {
  const args = ['deploy', '--dry-run', '--outdir', folder, '--config', config];
  const wrangler = spawnWrangler(args, { stdio: ['ignore', 'ignore', 'inherit'], detached: false });
  const [code] = await once(wrangler, 'exit');
  if (code !== 0) throw new Error(`wrangler could not bundle ${config}`);
}
