import { Readable } from 'node:stream';
import { parseFeed as parseWithRowan } from '@rowanmanning/feed-parser';
import FeedParser from 'feedparser';
import { parseAtomFeed, parseRssFeed } from 'feedsmith';
import RssParser from 'rss-parser';

/** An item as a parser of feeds hands it to its program. Absent is what that parser has no word for. */
export interface ReadItem {
  id: string | undefined;
  title: string | undefined;
  url: string | undefined;
  published: string | undefined;
  updated?: string | undefined;
  summary?: string | undefined;
  content?: string | undefined;
  authors?: (string | undefined)[];
  tags?: (string | undefined)[];
  image?: string | undefined;
}

export interface ReadFeed {
  title: string | undefined;
  homeUrl: string | undefined;
  selfUrl?: string | undefined;
  /** The feed's authors, from a parser that gives them to items that have none. */
  authors?: (string | undefined)[];
  items: ReadItem[];
}

type Parser = (xml: string) => Promise<ReadFeed>;

const iso = (date: Date | string | null | undefined): string | undefined =>
  date ? new Date(date).toISOString() : undefined;
const hasContent = (item: object): boolean => 'content:encoded' in item || 'atom:content' in item;

/** Four parsers that share no code, each with the dialects it reads. */
export const PARSERS: Record<string, Parser> = {
  async feedsmith(xml) {
    if (xml.includes('<rss ')) {
      const feed = parseRssFeed(xml);
      return {
        title: feed.title,
        homeUrl: feed.link,
        selfUrl: feed.atom?.links?.find(({ rel }) => rel === 'self')?.href,
        items: (feed.items ?? []).map((item) => ({
          id: item.guid?.value,
          title: item.title,
          url: item.link,
          published: iso(item.pubDate),
          updated: iso(item.dcterms?.modified?.[0]),
          content: item.content?.encoded,
          authors: item.dc?.creators ?? [],
          tags: item.categories?.map(({ name }) => name) ?? [],
          image: item.media?.contents?.[0]?.url,
        })),
      };
    }
    const feed = parseAtomFeed(xml);
    return {
      title: feed.title?.value,
      homeUrl: feed.links?.find(({ rel }) => rel === 'alternate')?.href,
      selfUrl: feed.links?.find(({ rel }) => rel === 'self')?.href,
      items: (feed.entries ?? []).map((item) => ({
        id: item.id,
        title: item.title?.value,
        url: item.links?.find(({ rel }) => rel === 'alternate')?.href,
        published: item.published,
        updated: item.updated,
        summary: item.summary?.value,
        content: item.content?.value,
        authors: item.authors?.map(({ name }) => name) ?? [],
        tags: item.categories?.map(({ term }) => term) ?? [],
        image: item.media?.contents?.[0]?.url,
      })),
    };
  },

  async 'rss-parser'(xml) {
    const feed = await new RssParser<
      object,
      { id?: string; author?: string; 'content:encoded'?: string }
    >().parseString(xml);
    const isRss = xml.includes('<rss ');
    return {
      title: feed.title,
      homeUrl: feed.link,
      selfUrl: feed.feedUrl,
      items: feed.items.map((item) => ({
        id: item.guid ?? item.id,
        title: item.title,
        url: item.link,
        published: item.isoDate,
        content: isRss ? item['content:encoded'] : item.content,
        ...(isRss ? { tags: item.categories ?? [] } : { summary: item.summary }),
      })),
    };
  },

  async feedparser(xml) {
    const parser = Readable.from([xml]).pipe(new FeedParser({ normalize: true }));
    const items: FeedParser.Item[] = [];
    for await (const item of parser) items.push(item);
    return {
      title: parser.meta.title,
      homeUrl: parser.meta.link,
      selfUrl: parser.meta.xmlurl,
      items: items.map((item) => ({
        id: item.guid,
        title: item.title,
        url: item.link,
        published: iso(item.pubdate),
        content: hasContent(item) ? item.description : undefined,
        tags: item.categories,
        image: item.image.url,
      })),
    };
  },

  async '@rowanmanning/feed-parser'(xml) {
    const feed = parseWithRowan(xml).toJSON();
    return {
      title: feed.title ?? undefined,
      homeUrl: feed.url ?? undefined,
      selfUrl: feed.self ?? undefined,
      authors: feed.authors.map(({ name }) => name ?? undefined),
      items: feed.items.map((item) => ({
        id: item.id ?? undefined,
        title: item.title ?? undefined,
        url: item.url ?? undefined,
        published: iso(item.published),
        ...(feed.meta.type === 'atom' ? { updated: iso(item.updated) } : {}),
        summary: item.description ?? undefined,
        // Not its content: it takes media:content for it, and decodes entities once more than there are.
        authors: item.authors.map(({ name }) => name ?? undefined),
        tags: item.categories.map(({ term }) => term),
        image: item.image?.url,
      })),
    };
  },
};
