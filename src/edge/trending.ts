import type { Card } from '../article/article.ts';
import { scoreAt } from '../article/standing.ts';
import type { AppContext, Bindings } from '../bindings.ts';
import { listPage } from '../formats/amp/list-page.ts';
import { readStoredTrending } from '../store/reading.ts';
import { LEAST_SCORE, withUrl } from '../store/values.ts';
import { cacheTags, publicCaching } from './caching.ts';
import { respond } from './conditional.ts';
import { publishersOf, siteOf } from './site.ts';

/** Cards on the page. */
const PAGE_CARDS = 20;

/** What is being read most, the most read first, at most `limit` (50 at most). One KV read. */
export async function readTrending(env: Bindings, limit: number): Promise<Card[]> {
  return (await readMostRead(env, limit)).cards;
}

async function readMostRead(env: Bindings, limit: number): Promise<{ changedAt: string; cards: Card[] }> {
  const stored = await readStoredTrending(env.KV);
  if (stored === null) return { changedAt: new Date(0).toISOString(), cards: [] };
  const now = Date.now();
  const read = stored.items.filter(({ standing }) => scoreAt(standing, now) >= LEAST_SCORE);
  return {
    changedAt: stored.changedAt,
    cards: read.slice(0, limit).map(({ card }) => withUrl(env.ORIGIN, card)),
  };
}

/** `GET /trending`. Empty where nobody reads. */
export async function serveTrending(c: AppContext): Promise<Response> {
  const [{ changedAt, cards }, { site, siteVersion }] = await Promise.all([
    readMostRead(c.env, PAGE_CARDS),
    siteOf(c.env),
  ]);
  const { publishers, version } = await publishersOf(c.env, cards);
  return respond(c, {
    sequence: Date.parse(changedAt),
    // Articles leave the end of the list as time passes: how many there are says which.
    versions: ['trending', siteVersion, version, cards.length],
    lastModified: changedAt,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': publicCaching(c.env),
      'Cache-Tag': cacheTags(['pages', 'page:trending']),
    },
    body: () =>
      listPage({
        site,
        scope: { kind: 'all' },
        url: `${site.origin}/trending`,
        title: site.name,
        language: site.language,
        cards,
        publishers,
        sections: [...new Set(cards.flatMap((card) => card.section ?? []))],
      }),
  });
}
