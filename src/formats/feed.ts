import type { Article, Card, Instant } from '../domain/article.ts';

/** An article that was taken back. */
export interface Withdrawal {
  id: string;
  at: Instant;
}

/** A feed before it is written in a dialect. Every URL is absolute. */
export interface Feed {
  title: string;
  description: string;
  /** BCP 47. */
  language: string;
  /** The page that shows the same articles. */
  homeUrl: string;
  /** This document, as it was asked for. */
  selfUrl: string;
  /** The site's name: the author of what names none. */
  siteName: string;
  /** The WebSub hub that tells of changes to this document. */
  hubUrl: string;
  /** RFC 5005 section 3: the page of newest articles, the page of newer and that of older ones, when there is one. */
  firstUrl?: string;
  previousUrl?: string;
  nextUrl?: string;
  /** The newest change to the feed; never "now". */
  updatedAt: Instant;
  /** Newest first. An item with a `body` is written in full, a card as its summary. */
  items: readonly (Article | Card)[];
  /** What was taken back within the retention window, newest first; never among the items. */
  withdrawn: readonly Withdrawal[];
  /** What readers call the items' publishers, by id; without a name a publisher goes unnamed. */
  publisherNames?: ReadonlyMap<string, string>;
}

/** The language all items share, else another (BCP 47). */
export function sharedLanguage(items: readonly { language: string }[], otherwise: string): string {
  const languages = new Set(items.map((item) => item.language));
  const [language] = languages;
  return languages.size === 1 && language !== undefined ? language : otherwise;
}

/** The name all pages of a feed share: the address of its first. */
export const feedId = ({ firstUrl, selfUrl }: Feed): string => firstUrl ?? selfUrl;

/** A dialect a feed can be written in. */
export interface FeedFormat {
  /** The extension in `/feeds/{scope}.{extension}`. */
  extension: string;
  /** With its charset where the type has one. */
  mediaType: string;
  /** Whether it is XML, which a browser can show by the feed's style sheet. */
  isXml: boolean;
  render(feed: Feed): string;
}
