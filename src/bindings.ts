import type { Context } from 'hono';
import type { OutboundRules } from './access/outbound.ts';
import type { Freshness } from './store/cache.ts';

/**
 * What wrangler.toml binds, and its secrets: `npm run types` writes `worker-configuration.d.ts` from it, which knows
 * the classes of the Durable Objects by importing the worker. No other type does.
 */
export interface Bindings extends Cloudflare.Env {
  /** Not bound: how long what is being answered may be given again. */
  freshness?: Freshness;
}

export type App = { Bindings: Bindings; Variables: { requestId: string } };
export type AppContext = Context<App>;

/** The site's one Desk. */
export function deskOf(env: Pick<Bindings, 'DESK'>) {
  return env.DESK.getByName('desk');
}

/** Who is subscribed to the site's feeds and articles. */
export function subscriptionsOf(env: Pick<Bindings, 'SUBSCRIPTIONS'>) {
  return env.SUBSCRIPTIONS.getByName('subscriptions');
}

/** Where requests may go that a stranger asked for. */
export const outboundRules = (env: Pick<Bindings, 'ORIGIN' | 'ALLOW_PRIVATE_CALLBACKS'>): OutboundRules => ({
  origin: env.ORIGIN,
  allowPrivate: env.ALLOW_PRIVATE_CALLBACKS === 'true',
});
