import { type PageBudget, spendOnPage } from '../access/desk-budgets.ts';
import { type AppContext, deskOf } from '../bindings.ts';
import type { Filters } from '../desk/contract/messages.ts';
import { type Article, type Card, isTombstone, toCard } from '../domain/article.ts';
import type { Scope } from '../domain/site.ts';
import {
  EMPTY_LISTING,
  firstPage,
  fitOnPage,
  type Listing,
  positionOf,
  readInPortions,
} from '../feeds/listing.ts';
import type { StoredCard } from '../feeds/stored-feed.ts';
import type { Paging } from '../http/parameters.ts';
import { ValueUnavailable } from '../store/failures.ts';
import { withUrl } from '../store/records.ts';

/**
 * One page of a scope or of a combination of filters; null when it never had an article. The first page of one scope
 * is one KV read, any other page one query of the Desk.
 * @param budget the isolate's budget for such queries; by default the request's
 */
export async function readListing(
  c: AppContext,
  filters: Filters,
  paging: Paging,
  budget: PageBudget = c.var.pages,
): Promise<Listing | null> {
  const scope = paging.before === undefined ? asScope(filters) : undefined;
  return scope === undefined ? readFurtherPage(c, filters, paging, budget) : readFirstPage(c, scope, paging);
}

/** The scope that filters are equivalent to; undefined for a combination. */
function asScope({ include, exclude, until }: Filters): Scope | undefined {
  const [first, ...others] = Object.entries(include);
  if (others.length > 0 || Object.keys(exclude).length > 0 || until !== undefined) return undefined;
  if (first === undefined) return { kind: 'all' };
  const [kind, [name, ...more]] = first;
  return name === undefined || more.length > 0 ? undefined : ({ kind, name } as Scope);
}

async function readFirstPage(c: AppContext, scope: Scope, paging: Paging): Promise<Listing | null> {
  const feed = await c.var.store.readFeed(scope);
  // The scope `all` always exists; it is empty until the first article.
  if (feed === null) return scope.kind === 'all' ? EMPTY_LISTING : null;
  return firstPage(feed, paging, (cards) =>
    paging.content === 'full' ? readFull(c, cards) : toCards(c, cards),
  );
}

async function readFurtherPage(
  c: AppContext,
  filters: Filters,
  paging: Paging,
  budget: PageBudget,
): Promise<Listing | null> {
  const page = await spendOnPage(
    c.var.isolate,
    c.env,
    budget,
    () => deskOf(c.env).page(filters, paging.before, paging.limit),
    ({ examined }) => examined,
  );
  if (page.sequence === 0) return null;
  const { sequence, changedAt, previous, withdrawn } = page;
  const sizes = page.items.map((item) => item.bytes);
  const count = fitOnPage(sizes, paging.limit);
  const shown = page.items.slice(0, count);
  const last = shown.at(-1);
  const next = count < page.items.length ? last && positionOf(last) : page.next;
  return {
    sequence,
    changedAt,
    ...(shown[0] && { newest: positionOf(shown[0]) }),
    ...(next && { next }),
    ...(previous !== undefined && { previous }),
    withdrawn: (since) => withdrawn.filter((each) => each.sequence > since),
    items(since) {
      const wanted = shown.filter((item) => item.sequence > since);
      return readInPortions(wanted, async (portion) => {
        const found = await c.var.store.readArticles(portion);
        const items = portion.flatMap(({ id }): [string, Article | Card][] => {
          const value = found.get(id);
          // The Desk listed it, and it changed since.
          if (value === undefined) throw new ValueUnavailable(`The listed article ${id} is not there.`);
          if (isTombstone(value)) return [];
          return [[id, paging.content === 'full' || !('body' in value) ? value : toCard(value)]];
        });
        return new Map(items);
      });
    },
  };
}

/**
 * KV's list may be a minute behind: an article that the Desk denies is no longer shown, and a tombstone removes the card. A
 * body of an older version is replaced by the card.
 */
async function readFull(c: AppContext, cards: readonly StoredCard[]): Promise<Map<string, Article | Card>> {
  const found = await c.var.store.readArticles(cards);
  const items = c.var.store.withoutWithdrawn(cards).flatMap((card): (Article | Card)[] => {
    const value = found.get(card.id);
    if (value === undefined || isTombstone(value)) return [];
    return [value.version < card.version ? withUrl(c.env.ORIGIN, card) : value];
  });
  return new Map(items.map((item) => [item.id, item]));
}

const toCards = async (c: AppContext, cards: readonly StoredCard[]): Promise<Map<string, Card>> =>
  new Map(c.var.store.withoutWithdrawn(cards).map((card) => [card.id, withUrl(c.env.ORIGIN, card)]));
