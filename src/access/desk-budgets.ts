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
  /** Keys that KV lacks and that push needs: what it sends, and the partners that get it. */
  'lookups for push': () => new TokenBucket(100, 20),
  /** Webhooks of publishers that KV does not know, or whose signatures do not match the record in KV. */
  'lookups of publishers': () => new TokenBucket(20, 2),
  /** Tokens of partners that do not match the record in KV, which may be older than a rotation. */
  'lookups of credentials': () => new TokenBucket(20, 2),
} as const satisfies Record<string, () => TokenBucket>;

export type DeskBudget = keyof typeof DESK_BUDGETS;

/**
 * The budgets of pages of lists, changes and sitemaps: `pages` for anybody; for partners, whose token was checked; for
 * feeds that push sends; and for feeds whose subscribers renew. So strangers can spend only the first. A token is
 * `ROWS_PER_TOKEN` rows.
 */
export type PageBudget = 'pages' | 'pages for partners' | 'pages for push' | 'pages for renewals';

export interface PageEnv {
  /** Tokens a second of each budget of pages, as digits. */
  DESK_PAGES_PER_SECOND: string;
}

/** A budget of pages holds the tokens of this many seconds. */
const BURST_SECONDS = 5;

const pageBuckets = () => new Map<PageBudget, TokenBucket>();

/**
 * Takes from an isolate's budget of calls to the Desk.
 * @throws BudgetExceeded (503 with Retry-After) when it is spent: what was not asked must not count as absent
 */
export function spend(isolate: Isolate, budget: DeskBudget): void {
  if (!isolate.get(DESK_BUDGETS[budget]).take(Date.now())) throw new BudgetExceeded(budget);
}

/** The values that the Desk may compute for the token of one lookup. */
const VALUES_PER_TOKEN = 25;

/**
 * Takes from a budget of lookups for these many keys, which are one call.
 * @throws BudgetExceeded when the budget is spent
 */
export function spendOnLookup(isolate: Isolate, budget: DeskBudget, keys: number): void {
  spend(isolate, budget);
  isolate.get(DESK_BUDGETS[budget]).charge(Math.floor(keys / VALUES_PER_TOKEN));
}

/** The rows of the Desk that a page may read for the token it has taken. */
const ROWS_PER_TOKEN = 250;

/**
 * Takes from a budget of pages, and asks the Desk. What the page cost is charged by the rows that the Desk examined.
 * @throws BudgetExceeded when the budget is spent
 */
export async function spendOnPage<Page>(
  isolate: Isolate,
  env: PageEnv,
  budget: PageBudget,
  ask: () => PromiseLike<Page>,
  rowsOf: (page: Page) => number,
): Promise<Page> {
  const bucket = pageBucket(isolate, env, budget);
  if (!bucket.take(Date.now())) throw new BudgetExceeded(budget);
  const page = await ask();
  bucket.charge(Math.floor(rowsOf(page) / ROWS_PER_TOKEN));
  return page;
}

function pageBucket(isolate: Isolate, env: PageEnv, budget: PageBudget): TokenBucket {
  const buckets = isolate.get(pageBuckets);
  const perSecond = Number(env.DESK_PAGES_PER_SECOND);
  const bucket = buckets.get(budget) ?? new TokenBucket(BURST_SECONDS * perSecond, perSecond);
  buckets.set(budget, bucket);
  return bucket;
}
