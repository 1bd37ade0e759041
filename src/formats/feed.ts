import type { Article, Card, Instant } from '../domain/article.ts';

/** A withdrawn article. */
export interface Withdrawal {
  id: string;
  at: Instant;
}

/** A feed without its items, before it is rendered in a format. All URLs are absolute. */
export interface Feed {
  title: string;
  description: string;
  /** BCP 47. */
  language: string;
  /** The page that shows the same articles. */
  homeUrl: string;
  /** The URL of this document. */
  selfUrl: string;
  /** The site's name: the default author. */
  siteName: string;
  /** The WebSub hub for this document. */
  hubUrl: string;
  /** RFC 5005 section 3: the page of newest articles, the page of newer and that of older ones, when there is one. */
  firstUrl?: string;
  previousUrl?: string;
  nextUrl?: string;
  /** The newest change to the feed; never the current time. */
  updatedAt: Instant;
  /** The articles withdrawn within the retention window, newest first; never among the items. */
  withdrawn: readonly Withdrawal[];
  /** The display names of the items' publishers, by id; a publisher without one is not named. */
  publisherNames?: ReadonlyMap<string, string>;
}

/** The language that all items share, else the given one (BCP 47). */
export function sharedLanguage(items: readonly { language: string }[], otherwise: string): string {
  const languages = new Set(items.map((item) => item.language));
  const [language] = languages;
  return languages.size === 1 && language !== undefined ? language : otherwise;
}

/** The identifier that all pages of a feed share: the URL of the first. */
export const feedId = ({ firstUrl, selfUrl }: Feed): string => firstUrl ?? selfUrl;

/** An object as JSON, with a list of values that are JSON already as its last member. */
export const withList = (name: string, values: readonly string[], object: object): string =>
  `${JSON.stringify(object).slice(0, -1)},${JSON.stringify(name)}:[${values.join()}]}`;

/** A format of feeds. */
export interface FeedFormat {
  /** The extension in `/feeds/{scope}.{extension}`. */
  extension: string;
  /** With its charset where the type has one. */
  mediaType: string;
  /** Whether it is XML, which browsers can display with the feed's style sheet. */
  isXml: boolean;
  /** An item, as it stands in the document: an article in full, a card as its summary. */
  item(item: Article | Card, feed: Feed): string;
  /** The document around its items, newest first. It contains each unchanged, with at most one byte after it. */
  document(feed: Feed, items: readonly string[]): string;
}
