import type { Article } from '../../article/article.ts';
import { articleUrn } from '../../article/identity.ts';
import type { PublisherProfile, Site } from '../../article/site.ts';
import { scriptJson } from '../escape.ts';
import { webUrl } from '../url.ts';

/** schema.org NewsArticle as a data block; it runs nothing. */
export function articleJsonLd(article: Article, site: Site, publisher: PublisherProfile | undefined): string {
  const organization = {
    '@type': 'Organization',
    name: publisher?.name ?? article.publisher,
    url: webUrl(publisher?.url),
  };
  const image = webUrl(article.image?.url);
  return dataBlock({
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    identifier: articleUrn(article.id),
    url: article.url,
    mainEntityOfPage: webUrl(article.canonicalUrl) ?? article.url,
    headline: article.headline,
    description: article.summary,
    dateline: article.dateline,
    inLanguage: article.language,
    datePublished: article.publishedAt,
    dateModified: article.updatedAt,
    author:
      article.authors.length > 0
        ? article.authors.map(({ name, url }) => ({ '@type': 'Person', name, url: webUrl(url) }))
        : [organization],
    publisher: organization,
    isPartOf: { '@type': 'WebSite', name: site.name, url: `${site.origin}/` },
    articleSection: article.section,
    keywords: article.tags.length > 0 ? article.tags : undefined,
    wordCount: article.wordCount,
    image: image && {
      '@type': 'ImageObject',
      url: image,
      width: article.image?.width,
      height: article.image?.height,
      caption: article.image?.caption,
      creditText: article.image?.credit,
    },
    creditText: article.credit,
    copyrightNotice: article.rights?.copyright,
    usageInfo: webUrl(article.rights?.usageTerms),
    license: webUrl(article.rights?.licence),
    correction:
      article.corrections.length > 0
        ? article.corrections.map(({ at, note }) => ({
            '@type': 'CorrectionComment',
            text: note,
            datePublished: at,
          }))
        : undefined,
  });
}

const dataBlock = (value: unknown): string =>
  `<script type="application/ld+json">${scriptJson(value)}</script>`;
