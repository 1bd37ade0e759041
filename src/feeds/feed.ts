import { type Article, type Card, toCard } from '../domain/article.ts';
import { excessOf } from '../domain/article-size.ts';
import { FEED_BYTES } from '../domain/settings.ts';
import { feedPath, pagePath, type Scope, type Site } from '../domain/site.ts';
import { type Feed, type FeedFormat, sharedLanguage } from '../formats/feed.ts';
import { isFull, itemSummary } from '../formats/item.ts';
import { ByteBudget, fitsIn, utf8Length } from '../text/bytes.ts';
import { type Position, writeCursor } from './cursor.ts';
import { type FeedAddress, type FeedLinks, feedLinks } from './links.ts';
import type { Listing } from './listing.ts';

/** A feed's metadata, the same on all its pages. */
export interface FeedTitle {
  title: string;
  /** The page for readers that shows the same articles. */
  homeUrl: string;
  /** BCP 47. When absent: the language that all articles share, else the site's. */
  language?: string;
}

/** A page of a feed, before its articles are read. */
export interface FeedPage extends FeedTitle {
  format: FeedFormat;
  site: Site;
  address: FeedAddress;
  listing: Listing;
  /**
   * Called for each article that cannot be rendered in full. It is in the page as its summary, as its headline, or not at
   * all.
   */
  onDamage(id: string, error: unknown): void;
}

/** A page of a feed as bytes, and the URLs that it names. */
export interface RenderedFeed {
  text: string;
  links: FeedLinks;
  /** Where the page of older articles starts, when there is one. */
  next?: Position;
}

/** The metadata of a scope's feed. `name` is the scope's display name; the whole site has none. */
export const feedTitle = (site: Site, scope: Scope, name = ''): FeedTitle => ({
  title: name === '' ? site.name : `${name} · ${site.name}`,
  homeUrl: site.origin + pagePath(scope),
  ...(scope.kind === 'languages' && { language: scope.name }),
});

/** Reads the display names of articles' publishers, by id. */
export type NamesOf = (items: readonly { publisher: string }[]) => Promise<ReadonlyMap<string, string>>;

/**
 * Writes a page of a feed in its format, item by item, and stops before it has more than `site.feedBytes`: what does not
 * fit is on the page of `next`. An article that alone does not fit, or exceeds `MAX_ARTICLE_BYTES`, is in it as its
 * summary, and one that cannot be rendered as well: no article keeps others out of the feed.
 * @param since for a document of changes (RFC 3229): only articles and withdrawals after this sequence number
 */
export async function renderFeed(page: FeedPage, namesOf: NamesOf, since = 0): Promise<RenderedFeed> {
  const { format, site, address, listing, title, homeUrl, onDamage } = page;
  const withdrawn = listing.withdrawn(since);
  const written: string[] = [];
  let language = page.language ?? (listing.cards && sharedLanguage(listing.cards, site.language));
  let last: Position | undefined;

  const headOf = (next: Position | undefined, publisherNames?: Feed['publisherNames']): Feed => {
    const links = feedLinks(address, { ...listing, next });
    return {
      title,
      description: site.description,
      language: language ?? site.language,
      homeUrl,
      selfUrl: links.self,
      siteName: site.name,
      hubUrl: links.hub,
      ...(links.first !== undefined && { firstUrl: links.first }),
      ...(links.previous !== undefined && { previousUrl: links.previous }),
      ...(links.next !== undefined && { nextUrl: links.next }),
      updatedAt: listing.changedAt,
      withdrawn,
      ...(publisherNames && { publisherNames }),
    };
  };
  const finish = (next: Position | undefined): RenderedFeed => ({
    text: format.document(headOf(next), written),
    links: feedLinks(address, { ...listing, next }),
    ...(next && { next }),
  });

  let room: Room | undefined;
  for await (const portion of listing.items(since)) {
    if (portion.length === 0) continue;
    const names = await namesOf(portion.map(({ item }) => item));
    language ??= sharedLanguage(
      portion.map(({ item }) => item),
      site.language,
    );
    // The frame counts with a `next` even if there will be none.
    const feed = headOf(portion[0]?.position, names);
    room ??= roomFor((site.feedBytes ?? FEED_BYTES.default) - utf8Length(format.document(feed, [])));
    for (const { position, item } of portion) {
      const text = writeItem(format, item, feed, { ...room, onDamage });
      if (text === undefined) return finish(last);
      if (text !== '') written.push(text);
      last = position;
    }
  }
  return finish(listing.next);
}

/** The room for a page's items: in all, and what is left. */
interface Room {
  bytes: number;
  budget: ByteBudget;
}

const roomFor = (bytes: number): Room => ({ bytes, budget: new ByteBudget(bytes) });

/** A format puts a byte between two items. */
const SEPARATOR_BYTES = 1;

/**
 * The item in the fullest form for which a page has room; undefined when that is only the next page. Empty when no form
 * can be written, so that the item does not stop the feed.
 */
function writeItem(
  format: FeedFormat,
  item: Article | Card,
  feed: Feed,
  { bytes, budget, onDamage }: Room & Pick<FeedPage, 'onDamage'>,
): string | undefined {
  let isReported = false;
  for (const formOf of FORMS) {
    let text: string;
    try {
      const form = formOf(item);
      if (form === undefined) continue;
      text = format.item(form, feed);
    } catch (error) {
      // A body that a renderer cannot read is no reason to keep its summary, or other articles, out of the feed.
      if (!isReported) onDamage(item.id, error);
      isReported = true;
      continue;
    }
    if (!fitsIn(bytes - SEPARATOR_BYTES, text)) continue;
    return budget.take(text, SEPARATOR_BYTES) ? text : undefined;
  }
  return '';
}

/** The forms of an item, the fullest first; undefined where it has none. */
const FORMS: readonly ((item: Article | Card) => Article | Card | undefined)[] = [
  wholeOf,
  summaryOf,
  headlineOf,
];

function wholeOf(item: Article | Card): Article | undefined {
  return isFull(item) && excessOf(item) === undefined ? item : undefined;
}

/** An article as its card, with an excerpt if it has no summary. */
function summaryOf(item: Article | Card): Card {
  if (!isFull(item)) return item;
  const summary = itemSummary(item);
  return { ...toCard(item), ...(summary !== undefined && { summary }) };
}

/** What remains of an item that is too large even as a summary: the schemas of earlier releases had other limits. */
function headlineOf(item: Article | Card): Card {
  const { id, version, status, url, publisher, sourceId, language, direction, headline } = item;
  const { publishedAt, updatedAt, wordCount, readingMinutes } = item;
  return {
    ...{ id, version, status, url, publisher, sourceId, language, direction, headline },
    ...{ publishedAt, updatedAt, wordCount, readingMinutes, authors: [], tags: [] },
  };
}

/** The formats in which KV stores the feed of all articles rendered: most clients request these. */
export const DEFAULT_FEEDS = ['rss', 'json'] as const;
export type DefaultFeed = (typeof DEFAULT_FEEDS)[number];

export const isDefaultFeed = (extension: string): extension is DefaultFeed =>
  (DEFAULT_FEEDS as readonly string[]).includes(extension);

/** The address of a default feed's first page. */
export function defaultFeedAddress(origin: string, extension: DefaultFeed): FeedAddress {
  const url = `${origin}${feedPath({ kind: 'all' })}.${extension}`;
  const urlOf = (before?: Position) => (before === undefined ? url : `${url}?before=${writeCursor(before)}`);
  return { origin, urlOf };
}
