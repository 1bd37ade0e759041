import type { Article, Card, Instant } from '../domain/article.ts';
import type { Scope } from '../domain/site.ts';
import { scoreAt } from '../domain/trending-score.ts';
import { MIN_SCORE, withUrl } from '../store/records.ts';
import type { Store } from '../store/store.ts';

/** Two rows of three on a wide screen. */
const MORE_CARDS = 6;

/** A short list of articles beside a page's content. */
export interface CardList {
  cards: Card[];
  /** For the page's validators: which articles are listed, and when that last changed. */
  version: string;
  changedAt: Instant;
}

/** The newest other articles of an article's section, or of all for one without a section. One KV read. */
export async function readMoreArticles(store: Store, article: Article): Promise<CardList> {
  const scope: Scope =
    article.section === undefined ? { kind: 'all' } : { kind: 'sections', name: article.section };
  const feed = await store.readFeed(scope);
  // One more than is shown, because this article may be among them.
  const newest = store.withoutWithdrawn(feed?.cards(MORE_CARDS + 1) ?? []);
  const others = newest.filter(({ id }) => id !== article.id).slice(0, MORE_CARDS);
  return {
    cards: others.map((card) => withUrl(store.origin, card)),
    version: versionOf(others),
    changedAt: feed?.changedAt ?? article.updatedAt,
  };
}

/** The most read articles, most read first: at most `limit` (up to 50), without the article `except`. One KV read. */
export async function readTrending(store: Store, limit: number, except?: string): Promise<CardList> {
  const stored = await store.read('trending');
  const now = Date.now();
  const listed = stored.items
    .filter(({ card, standing }) => card.id !== except && scoreAt(standing, now) >= MIN_SCORE)
    .map(({ card }) => card);
  const cards = store
    .withoutWithdrawn(listed)
    .slice(0, limit)
    .map((card) => withUrl(store.origin, card));
  return {
    cards,
    version: versionOf(cards),
    changedAt: stored.changedAt,
  };
}

const versionOf = (cards: readonly { id: string; version: number }[]): string =>
  cards.map(({ id, version }) => `${id}-${version}`).join();
