import type { Instant } from '../domain/article.ts';
import { safeWebUrl } from './url.ts';
import { document, parent, requiredElement } from './xml.ts';

/** The sitemap protocol (https://www.sitemaps.org/protocol.html), with Google's image extension. */

/** The protocol's limits for a document: entries (pages or sitemaps), bytes, and the length of a URL. */
export const SITEMAP_LIMITS = { entries: 50_000, bytes: 52_428_800, url: 2_047 } as const;

/** Pages in one sitemap: as many as fit within the byte limit even if every URL has the maximum length. */
export const SITEMAP_PAGES = 2_500;

export interface SitemapPage {
  url: string;
  lastModified: Instant;
  /** The page's picture. */
  imageUrl?: string | undefined;
}

const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9';

/** One sitemap of at most `SITEMAP_PAGES` pages; the caller puts more into another sitemap. */
export function sitemap(pages: readonly SitemapPage[]): string {
  const urls = pages.slice(0, SITEMAP_PAGES).map(({ url, lastModified, imageUrl }) => {
    const image = safeWebUrl(imageUrl);
    const isListed = image !== undefined && image.length <= SITEMAP_LIMITS.url;
    return parent('url', [
      ...location(url, lastModified),
      isListed ? parent('image:image', [requiredElement('image:loc', image)]) : '',
    ]);
  });
  return urlset(urls, { 'xmlns:image': 'http://www.google.com/schemas/sitemap-image/1.1' });
}

/** The index of a site's sitemaps, each with its newest change. */
export function sitemapIndex(sitemaps: readonly Omit<SitemapPage, 'imageUrl'>[]): string {
  const entries = sitemaps
    .slice(0, SITEMAP_LIMITS.entries)
    .map(({ url, lastModified }) => parent('sitemap', location(url, lastModified)));
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
