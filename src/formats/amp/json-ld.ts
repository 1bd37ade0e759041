import type { Article } from '../../domain/article.ts';
import { articleUrn } from '../../domain/identity.ts';
import type { Logo } from '../../domain/settings.ts';
import { type PublisherProfile, pagePath, type Site } from '../../domain/site.ts';
import { scriptJson } from '../escape.ts';
import { safeWebUrl } from '../url.ts';

/** schema.org NewsArticle as a data block; it runs nothing. */
export function articleJsonLd(article: Article, site: Site, publisher: PublisherProfile | undefined): string {
  const organization = {
    '@type': 'Organization',
    name: publisher?.name ?? article.publisher,
    url: safeWebUrl(publisher?.url),
    logo: logoOf(publisher?.logo),
  };
  const original = safeWebUrl(article.canonicalUrl);
  const image = safeWebUrl(article.image?.url);
  return dataBlock({
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    identifier: articleUrn(article.id),
    url: article.url,
    mainEntityOfPage: original ?? article.url,
    isBasedOn: original,
    sameAs: original,
    headline: article.headline,
    description: article.summary,
    dateline: article.dateline,
    inLanguage: article.language,
    datePublished: article.publishedAt,
    dateModified: article.updatedAt,
    author:
      article.authors.length > 0
        ? article.authors.map(({ name, url }) => ({ '@type': 'Person', name, url: safeWebUrl(url) }))
        : [organization],
    publisher: organization,
    sdPublisher: siteOrganization(site),
    isPartOf: webSite(site),
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
    usageInfo: safeWebUrl(article.rights?.usageTerms),
    license: safeWebUrl(article.rights?.licence),
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

/** The breadcrumb trail from the front page to an article, which search engines show above the title. */
export function breadcrumbJsonLd(article: Article, site: Site): string {
  const steps = [
    { name: site.name, item: `${site.origin}/` },
    ...(article.section === undefined
      ? []
      : [
          {
            name: article.section,
            item: site.origin + pagePath({ kind: 'sections', name: article.section }),
          },
        ]),
    { name: article.headline, item: article.url },
  ];
  return dataBlock({
    '@context': 'https://schema.org',
    '@type': 'BreadcrumbList',
    itemListElement: steps.map((step, index) => ({ '@type': 'ListItem', position: index + 1, ...step })),
  });
}

/** The site itself, for its front page. */
export function siteJsonLd(site: Site): string {
  return dataBlock({
    '@context': 'https://schema.org',
    ...webSite(site),
    description: site.description,
    inLanguage: site.language,
    publisher: siteOrganization(site),
  });
}

const webSite = (site: Site) => ({ '@type': 'WebSite', name: site.name, url: `${site.origin}/` });

const siteOrganization = (site: Site) => ({
  '@type': 'Organization',
  name: site.name,
  url: `${site.origin}/`,
  logo: logoOf(site.logo),
  sameAs: site.social && Object.values(site.social),
});

const logoOf = (logo: Logo | undefined) => logo && { '@type': 'ImageObject', ...logo };

const dataBlock = (value: unknown): string =>
  `<script type="application/ld+json">${scriptJson(value)}</script>`;
