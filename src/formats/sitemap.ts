import type { Instant } from '../domain/article.ts';
import { partsWithin, utf8Length } from '../text/bytes.ts';
import { safeWebUrl } from './url.ts';
import { document, parent, requiredElement } from './xml.ts';

/** The sitemap protocol (https://www.sitemaps.org/protocol.html), with Google's image extension. */

/** The protocol's limits for a document: entries (pages or sitemaps), bytes, and the length of a URL. */
export const SITEMAP_LIMITS = { entries: 50_000, bytes: 52_428_800, url: 2_047 } as const;

/**
 * The most bytes of a sitemap, far below the protocol's: an isolate has 128 MB in all. `SITEMAP_PAGES` pages and an
 * index of 10,000 days fit with the longest URLs of this site.
 */
export const MAX_SITEMAP_BYTES = 5_000_000;

/** Pages in one sitemap. The path of a page has at most 750 bytes: an id, and a slug of 80 characters. */
export const SITEMAP_PAGES = 2_500;

/** What a document has besides its entries, at most. */
export const FRAME_BYTES = 1_000;

export interface SitemapPage {
  url: string;
  lastModified: Instant;
  /** The page's picture. */
  imageUrl?: string | undefined;
}

const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9';

/**
 * One sitemap of at most `SITEMAP_PAGES` pages; the caller puts more into another sitemap. Pictures are listed as long as
 * there is room for them: their URLs are the publishers', and no page may be missing because of them.
 */
export function sitemap(pages: readonly SitemapPage[], maxBytes: number = MAX_SITEMAP_BYTES): string {
  const listed = pages.slice(0, SITEMAP_PAGES);
  const bare = listed.map(({ url, lastModified }) => parent('url', location(url, lastModified)));
  const room = maxBytes - FRAME_BYTES - bare.reduce((bytes, url) => bytes + utf8Length(url) + 1, 0);
  const images = partsWithin(
    Math.max(0, room),
    listed.map(({ imageUrl }) => {
      const image = safeWebUrl(imageUrl);
      const isListed = image !== undefined && image.length <= SITEMAP_LIMITS.url;
      return isListed ? parent('image:image', [requiredElement('image:loc', image)]) : '';
    }),
  );
  const urls = listed.map(({ url, lastModified }, index) =>
    parent('url', [...location(url, lastModified), images[index] ?? '']),
  );
  return urlset(urls, { 'xmlns:image': 'http://www.google.com/schemas/sitemap-image/1.1' });
}

/** The index of a site's sitemaps, newest first, each with its newest change: as many as fit. */
export function sitemapIndex(
  sitemaps: readonly Omit<SitemapPage, 'imageUrl'>[],
  maxBytes: number = MAX_SITEMAP_BYTES,
): string {
  const listed = sitemaps.slice(0, SITEMAP_LIMITS.entries);
  const entries = partsWithin(
    maxBytes - FRAME_BYTES,
    listed.map(({ url, lastModified }) => parent('sitemap', location(url, lastModified))),
  );
  return document(parent('sitemapindex', entries, { xmlns: NAMESPACE }));
}

const location = (url: string, lastModified: Instant): string[] => [
  requiredElement('loc', url),
  requiredElement('lastmod', lastModified),
];

/** A sitemap document around its `url` elements. @param extension the namespace of extension elements */
export function urlset(urls: readonly string[], extension: Record<string, string>): string {
  return document(parent('urlset', urls, { xmlns: NAMESPACE, ...extension }));
}
