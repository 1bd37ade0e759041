import type { Instant } from '../domain/article.ts';
import { escapeAttribute } from './escape.ts';
import { webUrl } from './url.ts';

/** The sitemap protocol (https://www.sitemaps.org/protocol.html), with Google's image extension. */

/** What the protocol allows a document: its entries, pages or sitemaps, its bytes, and the length of an address. */
export const SITEMAP_LIMITS = { entries: 50_000, bytes: 52_428_800, url: 2_047 } as const;

/** Pages listed in one sitemap: as many as fit the bytes allowed even if every address is as long as it may be. */
export const SITEMAP_PAGES = 2_500;

export interface SitemapPage {
  url: string;
  lastModified: Instant;
  /** The page's picture. */
  imageUrl?: string | undefined;
}

/** One sitemap: at most `SITEMAP_PAGES` pages; what is beyond belongs to the next. */
export function sitemap(pages: readonly SitemapPage[]): string {
  const urls = pages.slice(0, SITEMAP_PAGES).map(({ url, lastModified, imageUrl }) => {
    const image = webUrl(imageUrl);
    const picture =
      image === undefined || image.length > SITEMAP_LIMITS.url
        ? ''
        : `<image:image><image:loc>${escapeAttribute(image)}</image:loc></image:image>`;
    return element('url', `${location(url, lastModified)}${picture}`);
  });
  return xmlDocument(
    'urlset',
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"',
    urls.join(''),
  );
}

/** The index of a site's sitemaps, each with its newest change. */
export function sitemapIndex(sitemaps: readonly Omit<SitemapPage, 'imageUrl'>[]): string {
  const entries = sitemaps
    .slice(0, SITEMAP_LIMITS.entries)
    .map(({ url, lastModified }) => element('sitemap', location(url, lastModified)));
  return xmlDocument('sitemapindex', '', entries.join(''));
}

const location = (url: string, lastModified: Instant): string =>
  element('loc', escapeAttribute(url)) + element('lastmod', lastModified);

/** An element with what is already markup in it. */
export const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

/** A document of the protocol: its root and what is in it, already markup. */
export function xmlDocument(root: string, namespaces: string, content: string): string {
  const declarations = `xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" ${namespaces}`.trim();
  return `<?xml version="1.0" encoding="utf-8"?>\n<${root} ${declarations}>${content}</${root}>\n`;
}
