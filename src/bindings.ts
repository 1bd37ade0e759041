import type { Context } from 'hono';
import type { Desk } from './desk/desk.ts';

/** What wrangler.toml binds, and the two secrets that the operator sets. */
export interface Bindings {
  KV: KVNamespace;
  DESK: DurableObjectNamespace<Desk>;
  /** The address readers and partners see, without a slash at its end. */
  ORIGIN: string;
  /** `Cache-Control` of public reads, in seconds, as digits. */
  MAX_AGE: string;
  STALE_WHILE_REVALIDATE: string;
  /** How many seconds an isolate may go on using what it read of KV, as digits; 0 turns its memory off. */
  MEMORY_SECONDS: string;
  /** The operator's bearer token. */
  ADMIN_TOKEN: string;
  /** Base64 of 32 bytes, under which publishers' secrets are sealed. */
  SECRETS_KEY: string;
}

export type App = { Bindings: Bindings; Variables: { requestId: string } };
export type AppContext = Context<App>;

/** The site's one Desk. */
export function deskOf(env: Pick<Bindings, 'DESK'>): DurableObjectStub<Desk> {
  return env.DESK.getByName('desk');
}
