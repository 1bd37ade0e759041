import type { Context } from 'hono';
import type { OutboundRules } from './access/outbound.ts';
import type { Isolate } from './isolate.ts';
import type { Store } from './store/store.ts';

/**
 * What wrangler.toml binds, and its secrets. `npm run types` writes `worker-configuration.d.ts` from wrangler.toml. That
 * file imports the worker to know the classes of the Durable Objects; no other type does.
 */
export type Bindings = Cloudflare.Env;

/** What the first middleware in `app.ts` sets for every request. */
interface Variables {
  requestId: string;
  isolate: Isolate;
  store: Store;
  /** Answers a path of this site as anybody gets it, past every cache. */
  render: (path: string) => Promise<Response>;
}

export type App = { Bindings: Bindings; Variables: Variables };
export type AppContext = Context<App>;

/** The site's one Desk. */
export function deskOf(env: Pick<Bindings, 'DESK'>) {
  return env.DESK.getByName('desk');
}

/** Who is subscribed to the site's feeds and articles. */
export function subscriptionsOf(env: Pick<Bindings, 'SUBSCRIPTIONS'>) {
  return env.SUBSCRIPTIONS.getByName('subscriptions');
}

/** Where requests may go whose URL somebody else chose. */
export const outboundRules = (env: Pick<Bindings, 'ORIGIN' | 'ALLOW_PRIVATE_CALLBACKS'>): OutboundRules => ({
  origin: env.ORIGIN,
  allowPrivate: env.ALLOW_PRIVATE_CALLBACKS === 'true',
});
