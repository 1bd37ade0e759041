/** The tag of every feed, sitemap and JSON list of articles. */
export const FEEDS_TAG = 'feeds';

/** The tag of every page that lists articles. */
export const PAGES_TAG = 'pages';

/** The tag of an article, its page, and every article page that lists it. */
export const articleTag = (id: string): string => `article:${id}`;

/** The tags of every response that may show one of these articles. */
export const tagsShowing = (ids: Iterable<string>): string[] => [
  FEEDS_TAG,
  PAGES_TAG,
  ...Array.from(ids, articleTag),
];
