import type { Isolate } from '../isolate.ts';
import { BudgetExceeded } from '../store/failures.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * What one isolate may ask of the Desk for clients, who all share one Desk. Each budget is of its own, so that spending
 * one leaves the others.
 */
export const DESK_BUDGETS = {
  /** Keys that KV lacks although the site names them: its settings, the articles of a feed. */
  'lookups for site': () => new TokenBucket(100, 20),
  /** Keys that KV lacks and that a client named: anybody can make up ids and names. */
  'lookups for client': () => new TokenBucket(100, 20),
  /** Webhooks of publishers that KV does not know, or whose signatures do not match the record in KV. */
  'lookups of publishers': () => new TokenBucket(20, 2),
  /** Tokens of partners that do not match the record in KV, which may be older than a rotation. */
  'lookups of credentials': () => new TokenBucket(20, 2),
} as const satisfies Record<string, () => TokenBucket>;

export type DeskBudget = keyof typeof DESK_BUDGETS;

/**
 * Takes from an isolate's budget of calls to the Desk.
 * @throws BudgetExceeded (503 with Retry-After) when it is spent: what was not asked must not count as absent
 */
export function spend(isolate: Isolate, budget: DeskBudget, cost = 1): void {
  if (!isolate.get(DESK_BUDGETS[budget]).take(Date.now(), cost)) throw new BudgetExceeded(budget);
}
