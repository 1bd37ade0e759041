import { cardsWithin } from '../domain/article-size.ts';
import { trendingPage } from '../formats/amp/list-page.ts';
import { cacheTags, publicCaching } from '../http/caching.ts';
import { respond } from '../http/conditional.ts';
import { operation } from '../http/operation.ts';
import { pageHeaders } from '../http/security-headers.ts';
import { PAGES_TAG } from '../store/cache-tags.ts';
import { readTrending } from './card-lists.ts';
import { MAX_CARDS_BYTES } from './pages.ts';
import { page } from './response-schemas.ts';
import { publishersOf, siteOf } from './site.ts';

/** Cards on the page. */
const PAGE_CARDS = 20;

/** The most read articles; empty while nobody reads. */
export const serveTrending = operation(
  {
    id: 'getTrendingPage',
    tag: 'Readers',
    summary: 'Get the page of the most read articles',
    conditional: 'copies',
    answers: { 200: page('A page of cards; empty while nobody reads.') },
  },
  async (c) => {
    const [{ cards: most, version, changedAt }, { site, siteVersion }] = await Promise.all([
      readTrending(c.var.store, PAGE_CARDS),
      siteOf(c.var.store),
    ]);
    const cards = cardsWithin(MAX_CARDS_BYTES, most);
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
  },
);
