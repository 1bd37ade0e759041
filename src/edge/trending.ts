import type { AppContext } from '../bindings.ts';
import type { Card, Instant } from '../domain/article.ts';
import { scoreAt } from '../domain/trending-score.ts';
import { trendingPage } from '../formats/amp/list-page.ts';
import { cacheTags, publicCaching } from '../http/caching.ts';
import { respond } from '../http/conditional.ts';
import { pageHeaders } from '../http/security-headers.ts';
import { PAGES_TAG } from '../store/cache-tags.ts';
import { MIN_SCORE, withUrl } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { publishersOf, siteOf } from './site.ts';

/** Cards on the page. */
const PAGE_CARDS = 20;

/** What is being read most, as a page shows it. */
export interface MostRead {
  /** The most read first. */
  cards: Card[];
  /** For validators: what is on the list, and when that last changed. */
  version: string;
  changedAt: Instant;
}

/** What is being read most, at most `limit` (50 at most) and without one article, if it is named. One KV read. */
export async function readTrending(store: Store, limit: number, without?: string): Promise<MostRead> {
  const stored = await store.readTrending();
  const now = Date.now();
  const read = (stored?.items ?? []).filter(({ standing }) => scoreAt(standing, now) >= MIN_SCORE);
  const shown = read.filter(({ card }) => card.id !== without).slice(0, limit);
  return {
    cards: shown.map(({ card }) => withUrl(store.origin, card)),
    version: shown.map(({ card }) => `${card.id}-${card.version}`).join(),
    changedAt: stored?.changedAt ?? new Date(0).toISOString(),
  };
}

/** `GET /trending`. Empty where nobody reads. */
export async function serveTrending(c: AppContext): Promise<Response> {
  const [{ cards, version, changedAt }, { site, siteVersion }] = await Promise.all([
    readTrending(c.var.store, PAGE_CARDS),
    siteOf(c.var.store),
  ]);
  const { publishers, version: names } = await publishersOf(c.var.store, cards);
  return respond(c, {
    sequence: cards.length,
    versions: ['trending', siteVersion, names, version],
    lastModified: changedAt,
    headersOf: pageHeaders,
    headers: {
      'Cache-Control': publicCaching(c.env),
      'Cache-Tag': cacheTags([PAGES_TAG, 'page:trending']),
    },
    body: () =>
      trendingPage({
        site,
        language: site.language,
        cards,
        publishers,
        sections: [...new Set(cards.flatMap((card) => card.section ?? []))],
      }),
  });
}
