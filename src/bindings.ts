import type { Context } from 'hono';
import type { OutboundRules } from './access/outbound.ts';
import type { Desk } from './desk/desk.ts';
import type { PushMessage } from './push/messages.ts';
import type { Subscriptions } from './push/subscriptions.ts';
import type { Freshness } from './store/cache.ts';

/** What wrangler.toml binds, and the two secrets that the operator sets. */
export interface Bindings {
  KV: KVNamespace;
  DESK: DurableObjectNamespace<Desk>;
  SUBSCRIPTIONS: DurableObjectNamespace<Subscriptions>;
  PUSH_QUEUE: Queue<PushMessage>;
  /** How many deliveries each publisher may make. */
  DELIVERY_LIMIT: RateLimit;
  /** The address readers and partners see, without a slash at its end. */
  ORIGIN: string;
  /** `Cache-Control` of public reads, in seconds, as digits. */
  MAX_AGE: string;
  STALE_WHILE_REVALIDATE: string;
  /** How many seconds an isolate may go on using what it read of KV, as digits; 0 turns its memory off. */
  MEMORY_SECONDS: string;
  /** Seconds between the attempts of a delivery: `10,60,300`. */
  PUSH_PAUSES: string;
  /** `true` in development: callbacks may be http and on this machine or its network. */
  ALLOW_PRIVATE_CALLBACKS: string;
  /** The operator's bearer token. */
  ADMIN_TOKEN: string;
  /** Base64 of 32 bytes, under which publishers' secrets are sealed. */
  SECRETS_KEY: string;
  /** Not bound: how long what is being answered may be given again. */
  freshness?: Freshness;
}

export type App = { Bindings: Bindings; Variables: { requestId: string } };
export type AppContext = Context<App>;

/** The site's one Desk. */
export function deskOf(env: Pick<Bindings, 'DESK'>): DurableObjectStub<Desk> {
  return env.DESK.getByName('desk');
}

/** Who is subscribed to the site's feeds and articles. */
export function subscriptionsOf(env: Pick<Bindings, 'SUBSCRIPTIONS'>): DurableObjectStub<Subscriptions> {
  return env.SUBSCRIPTIONS.getByName('subscriptions');
}

/** Where requests may go that a stranger asked for. */
export const outboundRules = (env: Pick<Bindings, 'ORIGIN' | 'ALLOW_PRIVATE_CALLBACKS'>): OutboundRules => ({
  origin: env.ORIGIN,
  allowPrivate: env.ALLOW_PRIVATE_CALLBACKS === 'true',
});
