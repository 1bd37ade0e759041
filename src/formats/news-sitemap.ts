import type { Card } from '../domain/article.ts';
import type { Site } from '../domain/site.ts';
import { primaryLanguage } from '../locales/language-tag.ts';
import { partsWithin } from '../text/bytes.ts';
import { FRAME_BYTES, MAX_SITEMAP_BYTES, urlset } from './sitemap.ts';
import { parent, requiredElement } from './xml.ts';

/** The limits of Google News: at most 1,000 pages, each first published within the last two days. */
export const NEWS_SITEMAP_LIMITS = { pages: 1_000, ageMs: 2 * 24 * 60 * 60 * 1_000 } as const;

type NewsPage = Pick<Card, 'url' | 'headline' | 'language' | 'publishedAt'>;

/**
 * Google's news sitemap (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap).
 * @param articles newest first; the caller has selected those that are new enough. As many as fit are listed
 */
export function newsSitemap(
  site: Pick<Site, 'name' | 'language'>,
  articles: readonly NewsPage[],
  maxBytes: number = MAX_SITEMAP_BYTES,
): string {
  const pages = partsWithin(
    maxBytes - FRAME_BYTES,
    articles.slice(0, NEWS_SITEMAP_LIMITS.pages).map((article) => newsPage(site, article)),
  );
  return urlset(pages, { 'xmlns:news': 'http://www.google.com/schemas/sitemap-news/0.9' });
}

function newsPage(site: Pick<Site, 'name' | 'language'>, article: NewsPage): string {
  const language = newsLanguage(
    primaryLanguage(article.language) === 'und' ? site.language : article.language,
  );
  return parent('url', [
    requiredElement('loc', article.url),
    parent('news:news', [
      parent('news:publication', [
        requiredElement('news:name', site.name),
        requiredElement('news:language', language),
      ]),
      // "The original date and time the article was first published on your site": never the time of an update.
      requiredElement('news:publication_date', article.publishedAt),
      requiredElement('news:title', article.headline),
    ]),
  ]);
}

const TRADITIONAL_CHINESE = /^zh-(?:(?:.*-)?hant\b|(?:tw|hk|mo)\b)/i;

/** ISO 639 in two or three letters; "for Simplified Chinese, use zh-cn and for Traditional Chinese, use zh-tw". */
function newsLanguage(tag: string): string {
  const [language = tag] = tag.toLowerCase().split('-');
  if (language !== 'zh') return language;
  return TRADITIONAL_CHINESE.test(tag) ? 'zh-tw' : 'zh-cn';
}
