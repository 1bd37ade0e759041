import type { Desk } from '../../src/desk/desk.ts';
import type { Inbox } from './inbox.ts';

/** What bench/arena.ts binds. */
export interface Env {
  /** What the floors and peers serve. */
  KV: KVNamespace;
  /** What the benched Dateline serves. */
  SITE: KVNamespace;
  INBOX: DurableObjectNamespace<Inbox>;
  /** The benched Dateline's own. */
  DELIVERY_LIMIT: RateLimit;
  /** The benched Dateline's own Desk. */
  DESK: DurableObjectNamespace<Desk>;
  /** Starts Workers out of their source. */
  LOADER: WorkerLoader;
}

/** Responds to paths with a given first segment; `rest` are the other segments. */
export type Handler = (request: Request, env: Env, rest: string[]) => Response | Promise<Response>;
