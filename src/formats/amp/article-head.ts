import type { Article } from '../../domain/article.ts';
import type { PublisherProfile, Site } from '../../domain/site.ts';
import { escapeAttribute } from '../escape.ts';
import { httpsUrl, safeWebUrl } from '../url.ts';
import { articleJsonLd, breadcrumbJsonLd } from './json-ld.ts';
import { meta } from './layout.ts';

/** An article's metadata for search engines and chats: Open Graph and cards, its languages, schema.org data. */
export function articleHead(article: Article, site: Site, publisher: PublisherProfile | undefined): string {
  return [
    meta('property', 'og:type', 'article'),
    meta('property', 'og:title', article.headline),
    meta('property', 'og:url', article.url),
    meta('property', 'article:published_time', article.publishedAt),
    meta('property', 'article:modified_time', article.updatedAt),
    article.section ? meta('property', 'article:section', article.section) : '',
    ...article.tags.map((tag) => meta('property', 'article:tag', tag)),
    ...image(article),
    meta('name', 'robots', 'max-image-preview:large'),
    ...languages(article),
    articleJsonLd(article, site, publisher),
    breadcrumbJsonLd(article, site),
  ].join('');
}

function image({ image: picture }: Article): string[] {
  const url = httpsUrl(picture?.url);
  if (picture === undefined || url === undefined) return [meta('name', 'twitter:card', 'summary')];
  const { width, height, alt } = picture;
  return [
    meta('property', 'og:image', url),
    width === undefined ? '' : meta('property', 'og:image:width', String(width)),
    height === undefined ? '' : meta('property', 'og:image:height', String(height)),
    alt ? meta('property', 'og:image:alt', alt) : '',
    meta('name', 'twitter:card', 'summary_large_image'),
  ];
}

/** All languages of the article, including its own: search engines ignore a set that omits the page itself. */
function languages({ language, url, translations }: Article): string[] {
  const declared = translations.flatMap((each) => {
    const href = safeWebUrl(each.url);
    return href === undefined ? [] : [{ language: each.language, href }];
  });
  if (declared.length === 0) return [];
  return [{ language, href: url }, ...declared].map(
    (each) =>
      `<link rel="alternate" hreflang="${escapeAttribute(each.language)}" href="${escapeAttribute(each.href)}">`,
  );
}
