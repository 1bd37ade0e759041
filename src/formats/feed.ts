import type { Article, Card, Instant } from '../article/article.ts';

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
  /** The page of older articles, when there is one. */
  nextUrl?: string;
  /** The newest change to the feed; never "now". */
  updatedAt: Instant;
  /** Newest first. An item with a `body` is written in full, a card as its summary. */
  items: readonly (Article | Card)[];
}

/** A dialect a feed can be written in. */
export interface FeedFormat {
  /** The extension in `/feeds/{scope}.{extension}`. */
  extension: string;
  /** With its charset where the type has one. */
  mediaType: string;
  render(feed: Feed): string;
}
