import type { Context } from 'hono';
import type { PageBudget } from './access/desk-budgets.ts';
import type { OutboundRules } from './access/outbound.ts';
import type { Isolate } from './isolate.ts';
import type { Store } from './store/store.ts';

/**
 * The bindings and secrets of wrangler.toml. `npm run types` writes `worker-configuration.d.ts` from it. That file
 * imports the worker for the classes of the Durable Objects; no other type does.
 */
export type Bindings = Cloudflare.Env;

/** The variables that the first middleware in `app.ts` sets for every request. */
interface Variables {
  requestId: string;
  isolate: Isolate;
  store: Store;
  /** The budget of pages that the request spends, if the Desk has to put its page together. */
  pages: PageBudget;
  /** Responds to a path of this site as any client gets it, bypassing every cache. */
  render: (path: string, pages?: PageBudget) => Promise<Response>;
}

export type App = { Bindings: Bindings; Variables: Variables };
export type AppContext = Context<App>;

/** The site's one Desk. */
export function deskOf(env: Pick<Bindings, 'DESK'>) {
  return env.DESK.getByName('desk');
}

/** The site's push subscriptions. */
export function subscriptionsOf(env: Pick<Bindings, 'SUBSCRIPTIONS'>) {
  return env.SUBSCRIPTIONS.getByName('subscriptions');
}

/**
 * The deployment's rules for requests to URLs that somebody else chose.
 * @param url the URL of the request that names them, if there is one: the site may have more hosts than its origin
 */
export const outboundRules = (
  env: Pick<Bindings, 'ORIGIN' | 'WORKER_NAME' | 'ALLOW_PRIVATE_CALLBACKS'>,
  url?: string,
): OutboundRules => ({
  origin: env.ORIGIN,
  workerName: env.WORKER_NAME,
  ...(url !== undefined && { calledAs: new URL(url).host }),
  allowPrivate: env.ALLOW_PRIVATE_CALLBACKS === 'true',
});
