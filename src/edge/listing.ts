import type { Article, Card, Instant } from '../article/article.ts';
import { isTombstone, toCard } from '../article/article.ts';
import type { Scope } from '../article/site.ts';
import { type Bindings, deskOf } from '../bindings.ts';
import type { Filters, Position } from '../desk/messages.ts';
import { readFeed } from '../store/reading.ts';
import { type StoredCard, withUrl } from '../store/values.ts';
import { findArticles } from './bodies.ts';
import type { Content, Paging } from './parameters.ts';

/** A page stops at this much content: a KV bulk read gives 25 MiB at most, an isolate has 128 MB. */
const PAGE_BYTES = 8 * 1_048_576;

/** A page of articles before it is rendered. */
export interface Listing {
  /** The newest change to what was asked for. */
  sequence: number;
  changedAt: Instant;
  next?: Position;
  /** Newest first. Reads the bodies when they are asked for, in one KV operation. */
  items(): Promise<(Article | Card)[]>;
}

/**
 * One page of a scope or of a combination of filters; null when nothing was ever in it. The first page of one scope
 * is one KV read, any other one query of the Desk.
 */
export async function readListing(env: Bindings, filters: Filters, paging: Paging): Promise<Listing | null> {
  const scopes = Object.entries(filters).map(([kind, name]) => ({ kind, name }) as Scope);
  const [scope = { kind: 'all' } as const, ...others] = scopes;
  return paging.before === undefined && others.length === 0
    ? readFirstPage(env, scope, paging)
    : readFurtherPage(env, filters, paging);
}

async function readFirstPage(
  env: Bindings,
  scope: Scope,
  { limit, content }: Paging,
): Promise<Listing | null> {
  const feed = await readFeed(env.KV, scope);
  if (feed === null) {
    // The scope `all` always exists; it is empty until the first article.
    return scope.kind === 'all' ? { sequence: 0, changedAt: EPOCH, items: async () => [] } : null;
  }
  const count = fitting(feed.bytes, limit, content);
  const cards = feed.cards.slice(0, count);
  const last = cards.at(-1);
  const next =
    last !== undefined && (count < feed.cards.length || feed.more) ? { next: positionOf(last) } : {};
  const { sequence, changedAt } = feed;
  return {
    sequence,
    changedAt,
    ...next,
    items: () => (content === 'full' ? readFull(env, cards) : toCards(env, cards)),
  };
}

async function readFurtherPage(env: Bindings, filters: Filters, paging: Paging): Promise<Listing | null> {
  const page = await deskOf(env).page(filters, paging.before, paging.limit);
  if (page.sequence === 0) return null;
  const { sequence, changedAt } = page;
  const sizes = page.items.map((item) => item.bytes);
  const count = fitting(sizes, paging.limit, 'full');
  const shown = page.items.slice(0, count);
  const last = shown.at(-1);
  const next = count < page.items.length ? last && { publishedAt: last.publishedAt, id: last.id } : page.next;
  const items = async () => {
    const found = await findArticles(
      env,
      shown.map((item) => item.id),
    );
    const articles = [...found.values()].filter((value) => !isTombstone(value)) as Article[];
    return paging.content === 'full' ? articles : articles.map(toCard);
  };
  return { sequence, changedAt, ...(next && { next }), items };
}

/** How many of these fit on a page; always one, or a reader could not get on. */
function fitting(sizes: readonly number[], limit: number, content: Content): number {
  if (content === 'summary') return Math.min(limit, sizes.length);
  let total = 0;
  for (const [index, size] of sizes.entries()) {
    total += size;
    if (index >= limit) return limit;
    if (total > PAGE_BYTES && index > 0) return index;
  }
  return sizes.length;
}

/** KV may be a minute behind: a body not there yet gives way to its card, a tombstone takes the card away. */
async function readFull(env: Bindings, cards: readonly StoredCard[]): Promise<(Article | Card)[]> {
  const found = await findArticles(
    env,
    cards.map((card) => card.id),
  );
  return cards.flatMap((card): (Article | Card)[] => {
    const value = found.get(card.id);
    if (value === undefined) return [withUrl(env.ORIGIN, card)];
    return isTombstone(value) ? [] : [value];
  });
}

const toCards = async (env: Bindings, cards: readonly StoredCard[]): Promise<Card[]> =>
  cards.map((card) => withUrl(env.ORIGIN, card));

const positionOf = ({ publishedAt, id }: StoredCard): Position => ({ publishedAt, id });

const EPOCH = new Date(0).toISOString();
