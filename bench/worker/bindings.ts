import type { Desk } from '../../src/desk/desk.ts';
import type { Inbox } from './inbox.ts';

/** The bindings that bench/arena.ts sets. */
export interface Env {
  /** The values that the floors and peers serve. */
  KV: KVNamespace;
  /** The KV of the Dateline under test. */
  SITE: KVNamespace;
  INBOX: DurableObjectNamespace<Inbox>;
  /** The benched Dateline's own. */
  DELIVERY_LIMIT: RateLimit;
  /** The Desk of the Dateline under test. */
  DESK: DurableObjectNamespace<Desk>;
  /** Starts Workers from their source. */
  LOADER: WorkerLoader;
}

/** Responds to paths with a given first segment; `rest` are the other segments. */
export type Handler = (request: Request, env: Env, rest: string[]) => Response | Promise<Response>;
