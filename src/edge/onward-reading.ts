import type { Article, Card, Instant } from '../domain/article.ts';
import type { Scope } from '../domain/site.ts';
import { withUrl } from '../store/records.ts';
import type { Store } from '../store/store.ts';

/** Two rows of three on a wide screen. */
const MORE_CARDS = 6;

/** What stands around an article's text. */
export interface Boxes {
  more: Card[];
  /** For validators: what is in the boxes, and when that last changed. */
  version: string;
  changedAt: Instant;
}

/** The newest others of an article's section, or of all for one without a section. One KV read. */
export async function boxesOf(store: Store, article: Article): Promise<Boxes> {
  const scope: Scope =
    article.section === undefined ? { kind: 'all' } : { kind: 'sections', name: article.section };
  const feed = await store.readFeed(scope);
  // One more than are shown: this article may be among them.
  const newest = feed?.cards(MORE_CARDS + 1) ?? [];
  const others = newest.filter(({ id }) => id !== article.id).slice(0, MORE_CARDS);
  return {
    more: others.map((card) => withUrl(store.origin, card)),
    version: others.map(({ id, version }) => `${id}-${version}`).join(),
    changedAt: feed?.changedAt ?? article.updatedAt,
  };
}
