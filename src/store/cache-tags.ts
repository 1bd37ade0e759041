/** On every feed, sitemap and list of articles as JSON. */
export const FEEDS_TAG = 'feeds';

/** On every page that lists articles. */
export const PAGES_TAG = 'pages';

/** On an article, its page, and every page that shows it in a box. */
export const articleTag = (id: string): string => `article:${id}`;

/** The tags of every answer that may show one of these articles. */
export const tagsShowing = (ids: Iterable<string>): string[] => [
  FEEDS_TAG,
  PAGES_TAG,
  ...Array.from(ids, articleTag),
];
