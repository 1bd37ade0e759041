import type { Article, Card } from '../../src/domain/article.ts';
import { toCard } from '../../src/domain/article.ts';
import type { Feed, FeedFormat } from '../../src/formats/feed.ts';
import { articles, site } from './articles.ts';

/** A feed with its items. */
interface WholeFeed extends Feed {
  items: readonly (Article | Card)[];
}

/** The feed's document in a format. */
export const render = (format: FeedFormat, { items, ...feed }: WholeFeed): string =>
  format.document(
    feed,
    items.map((item) => format.item(item, feed)),
  );

/** A feed of these items; without any, of all the fixtures in full. */
export function feedOf(
  items: readonly (Article | Card)[] = articles,
  rest: Partial<WholeFeed> = {},
): WholeFeed {
  return {
    title: site.name,
    description: site.description,
    language: 'hi',
    homeUrl: 'https://news.example/',
    selfUrl: 'https://news.example/feeds/all.rss?limit=7&content=full',
    siteName: site.name,
    hubUrl: 'https://news.example/hub',
    updatedAt: '2026-11-22T12:00:00.000Z',
    items,
    withdrawn: [],
    ...rest,
  };
}

/** The same articles as summaries. */
export const cards: readonly Card[] = articles.map(toCard);
