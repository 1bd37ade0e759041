import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type V4QueueConsumerOptions as Consumer,
  convertV4MiniflareOptions,
  Miniflare,
  type V4QueueProducerOptions as Producer,
  type V4DurableObject,
  type V4WorkerOptions,
} from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import { HOST } from '../scripts/ports.ts';
import { ROOT } from '../scripts/wrangler.ts';
import { bundle } from './bundle.ts';

export const ADMIN_TOKEN = 'a-token-for-benches';

/**
 * One workerd without `wrangler dev` in between. For each site there is a Dateline as it would be deployed, one over
 * the same KV and Desk whose memory is off, and a Worker with the floors, peers and what fills the Desk.
 */
export interface Arena {
  /** The URL of a site's Worker. */
  url(site: string, worker: WorkerName): URL;
  /** The file of a site's Dateline bundle. */
  bundled(site: Site): string;
  /** A Worker's inspector URL (Chrome DevTools Protocol). */
  inspector(site: string, worker: WorkerName): Promise<URL>;
  close(): Promise<void>;
}

export type WorkerName = 'hot' | 'cold' | 'bench';

/** The name of the bundle of `worker.ts`. */
const BUNDLE = 'worker.js';
/** The state is in memory where that is a folder (Linux), so that the disk does not affect figures. */
const MEMORY = '/dev/shm';
const VARIABLES = {
  ORIGIN: 'http://news.example',
  ADMIN_TOKEN,
  SECRETS_KEY: btoa('a key of thirty-two bytes, bench'),
};

/** A site of the arena: its name, and the checkout that its Dateline and the Worker beside it are bundled from. */
export interface Site {
  name: string;
  root: string;
}

export const siteOfThisCheckout = (name: string): Site => ({ name, root: ROOT });

/** Bundles and starts everything. */
export async function openArena(sites: readonly Site[]): Promise<Arena> {
  const folder = await mkdtemp(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'dateline-bench-'));
  // Also removes that of an aborted run, which may be gigabytes of memory.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const checkouts = new Map<string, Bundles>();
  for (const { root } of sites) {
    if (checkouts.has(root)) continue;
    checkouts.set(root, await bundleCheckout(root, join(folder, `checkout-${checkouts.size}`)));
  }
  const bundlesOf = ({ root }: Site): Bundles => {
    const bundles = checkouts.get(root);
    if (bundles === undefined) throw new Error(`${root} has no bundle.`);
    return bundles;
  };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      // Otherwise Miniflare fetches a sample of `request.cf` from workers.cloudflare.com.
      cf: false,
      inspectorPort: 0,
      resourcePersistencePath: join(folder, 'state'),
      workers: sites.flatMap((site) => workersOf(site.name, bundlesOf(site))),
    }),
  );
  await miniflare.ready;
  const urls = new Map<string, URL>();
  for (const name of sites.flatMap((site) => NAMES.map((worker) => `${site.name}-${worker}`))) {
    urls.set(name, await miniflare.unsafeGetDirectURL(name));
  }
  return {
    bundled: (site) => join(bundlesOf(site).dateline, BUNDLE),
    inspector: async (site, worker) =>
      new URL(`/core:user:${site}-${worker}`, await miniflare.getInspectorURL()),
    url(site, worker) {
      const url = urls.get(`${site}-${worker}`);
      if (url === undefined) throw new Error(`Unknown site: ${site}.`);
      return url;
    },
    async close() {
      await miniflare.dispose();
      rmSync(folder, { recursive: true });
    },
  };
}

type Configured = ReturnType<typeof unstable_getMiniflareWorkerOptions>['workerOptions'];

const NAMES: readonly WorkerName[] = ['hot', 'cold', 'bench'];

/** What one checkout bundles to: the folders of Dateline and of the Worker with floors and peers. */
interface Bundles {
  dateline: string;
  bench: string;
  configured: Configured;
}

async function bundleCheckout(root: string, folder: string): Promise<Bundles> {
  const config = join(root, 'wrangler.toml');
  const [dateline, bench] = [join(folder, 'dateline'), join(folder, 'bench')];
  await Promise.all([bundle(config, dateline), bundle(join(root, 'bench/worker/wrangler.toml'), bench)]);
  // Avoids wrangler's warning about missing secrets.
  Object.assign(process.env, VARIABLES);
  return { dateline, bench, configured: unstable_getMiniflareWorkerOptions(config).workerOptions };
}

/** A site's Workers. Their bindings have names per site, so that sites are independent. */
function workersOf(site: string, { dateline: bundled, bench, configured }: Bundles): V4WorkerOptions[] {
  const {
    kvNamespaces,
    durableObjects,
    queueProducers,
    queueConsumers,
    modulesRules: _rules,
    ...common
  } = configured;
  const prefixed = (name: string) => `${site}-${name}`;
  const dateline = {
    ...common,
    ...codeIn(bundled),
    bindings: { ...Object(common.bindings), ...VARIABLES },
    kvNamespaces: mapped(kvNamespaces, (name) => [name, prefixed(name)]),
    queueProducers: mapped<Producer>(queueProducers, (name, { queueName }) => [name, prefixed(queueName)]),
  };
  const hot = prefixed('hot');
  // The load would spend the budget of pages at once.
  const bindings = { ...dateline.bindings, DESK_PAGES_PER_SECOND: '1000000' };
  return [
    {
      ...dateline,
      name: hot,
      bindings,
      durableObjects: mapped<V4DurableObject>(durableObjects, (name, each) => [name, each]),
      queueConsumers: mapped<Consumer>(queueConsumers, (name, { deadLetterQueue, ...rest }) => [
        prefixed(name),
        { ...rest, ...(deadLetterQueue && { deadLetterQueue: prefixed(deadLetterQueue) }) },
      ]),
    },
    {
      ...dateline,
      name: prefixed('cold'),
      bindings: { ...bindings, MEMORY_SECONDS: '0' },
      durableObjects: mapped<V4DurableObject>(durableObjects, (name, each) => [
        name,
        { ...each, scriptName: hot },
      ]),
    },
    {
      ...codeIn(bench),
      name: prefixed('bench'),
      compatibilityDate: '2026-10-20',
      compatibilityFlags: ['nodejs_compat'],
      kvNamespaces: { KV: prefixed('bench'), SITE: prefixed('KV') },
      ratelimits: Object(common).ratelimits,
      workerLoaders: { LOADER: {} },
      durableObjects: {
        INBOX: { className: 'Inbox', useSQLite: true },
        DESK: { className: 'Desk', useSQLite: true, scriptName: hot },
      },
    },
  ];
}

const codeIn = (folder: string) => ({
  modules: true,
  modulesRoot: folder,
  scriptPath: join(folder, BUNDLE),
  // Requests reach the Worker directly, not through Miniflare's proxy.
  unsafeDirectSockets: [{ host: HOST, port: 0 }],
});

/** A record with other names and values; empty for none. Wrangler's types do not say that these are records. */
function mapped<Value>(
  record: unknown,
  change: (name: string, value: Value) => [string, unknown],
): Record<string, never> {
  const entries = Object.entries(Object(record)).map(([name, value]) => change(name, value as Value));
  return Object.fromEntries(entries) as Record<string, never>;
}
