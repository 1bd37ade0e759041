import type { Article } from '../../article/article.ts';
import type { PublisherProfile, Site } from '../../article/site.ts';
import { renderBlocks, renderFigure } from '../blocks.ts';
import { escapeAttribute, escapeText } from '../escape.ts';
import { itemSummary } from '../item.ts';
import { withDateline } from '../lead-in.ts';
import { httpsUrl, linkUrl, webUrl } from '../url.ts';
import { articleJsonLd } from './json-ld.ts';
import { meta, renderPage, scopeHref } from './layout.ts';
import { pageMedia } from './media.ts';
import { languageAttributes, type Phrases, phrasesFor } from './phrases.ts';
import { fill } from './strings/registry.ts';
import { timeElement } from './time.ts';

export interface ArticlePageInput {
  article: Article;
  site: Site;
  publisher?: PublisherProfile | undefined;
  /** Names of the sections in the bar at the top. */
  sections?: readonly string[];
}

/** A reader's page of one article, in the article's language and direction. */
export function articlePage({ article, site, publisher, sections = [] }: ArticlePageInput): string {
  const phrases = phrasesFor(article.language);
  const media = pageMedia(phrases);
  const context: Context = { article, site, publisher, phrases };
  const main = [
    '<article class="story">',
    top(context),
    article.image ? `<div class="lead-picture">${renderFigure(article.image, media)}</div>` : '',
    `<div class="text">${renderBlocks(withDateline(article.body, article.dateline), media)}</div>`,
    bottom(context),
    '</article>',
  ].join('');
  return renderPage({
    site,
    language: article.language,
    direction: article.direction,
    phrases,
    title: `${article.headline} · ${site.name}`,
    description: itemSummary(article),
    canonicalUrl: webUrl(article.canonicalUrl) ?? article.url,
    scope: article.section === undefined ? { kind: 'all' } : { kind: 'sections', name: article.section },
    sections,
    head: head(article) + articleJsonLd(article, site, publisher),
    main,
    components: media.components,
  });
}

interface Context {
  article: Article;
  site: Site;
  publisher: PublisherProfile | undefined;
  phrases: Phrases;
}

/** Open Graph, so that a shared link looks like the article; and its other languages. */
function head(article: Article): string {
  const image = httpsUrl(article.image?.url);
  return [
    meta('property', 'og:type', 'article'),
    meta('property', 'og:title', article.headline),
    meta('property', 'og:url', article.url),
    meta('property', 'article:published_time', article.publishedAt),
    meta('property', 'article:modified_time', article.updatedAt),
    article.section ? meta('property', 'article:section', article.section) : '',
    image ? meta('property', 'og:image', image) : '',
    image && article.image?.alt ? meta('property', 'og:image:alt', article.image.alt) : '',
    meta('name', 'twitter:card', image ? 'summary_large_image' : 'summary'),
    meta('name', 'robots', 'max-image-preview:large'),
    ...article.translations.map(({ language, url }) => {
      const href = webUrl(url);
      return href === undefined
        ? ''
        : `<link rel="alternate" hreflang="${escapeAttribute(language)}" href="${escapeAttribute(href)}">`;
    }),
  ].join('');
}

function top({ article, site, publisher, phrases }: Context): string {
  const { strings } = phrases;
  const section = article.section;
  const by = article.authors.map(
    ({ name }) =>
      `<a rel="author" href="${scopeHref(site, { kind: 'authors', name })}"><bdi>${escapeText(name)}</bdi></a>`,
  );
  const from = `<a href="${scopeHref(site, { kind: 'publishers', name: article.publisher })}"><bdi>${escapeText(publisher?.name ?? article.publisher)}</bdi></a>`;
  const when = { language: article.language, timeZone: site.timeZone, zone: true };
  const minutes = new Intl.NumberFormat(phrases.language).format(article.readingMinutes);
  const times = [
    `${phrases.html(strings.published)} ${timeElement(article.publishedAt, when)}`,
    isLater(article.updatedAt, article.publishedAt)
      ? `${phrases.html(strings.updated)} ${timeElement(article.updatedAt, when)}`
      : '',
    article.readingMinutes > 0 ? phrases.html(fill(strings.readingTime, { minutes })) : '',
  ];
  return [
    '<header>',
    section
      ? `<p class="kicker"><a href="${scopeHref(site, { kind: 'sections', name: section })}">${escapeText(section)}</a></p>`
      : '',
    `<h1>${escapeText(article.headline)}</h1>`,
    article.summary ? `<p class="dek">${escapeText(article.summary)}</p>` : '',
    `<div class="byline"><p class="by">${[...by, from].join(DOT)}</p>`,
    `<p class="when">${times.filter(Boolean).join(DOT)}</p></div>`,
    '</header>',
  ].join('');
}

const DOT = ' <span aria-hidden="true">·</span> ';

// What a publisher's system touches in the first minute is not an update to a reader.
const isLater = (updated: string, published: string): boolean =>
  Date.parse(updated) - Date.parse(published) >= 60_000;

function bottom({ article, site, publisher, phrases }: Context): string {
  const { strings } = phrases;
  const canonical = webUrl(article.canonicalUrl);
  const tags = article.tags.map(
    (name) =>
      `<a rel="tag" href="${scopeHref(site, { kind: 'tags', name })}"><bdi>${escapeText(name)}</bdi></a>`,
  );
  const corrections = article.corrections.map(
    ({ at, note }) =>
      `${timeElement(at, { language: article.language, timeZone: site.timeZone })} ${escapeText(note)}`,
  );
  const related = article.related.map(({ title, url }) => {
    const href = linkUrl(url);
    return href === undefined
      ? escapeText(title)
      : `<a href="${escapeAttribute(href)}">${escapeText(title)}</a>`;
  });
  const original = fill(strings.original, { publisher: publisher?.name ?? article.publisher });
  return [
    '<footer>',
    article.credit ? `<p class="credit">${escapeText(article.credit)}</p>` : '',
    canonical
      ? `<p class="original"><a href="${escapeAttribute(canonical)}">${phrases.html(original)}</a></p>`
      : '',
    article.rights?.copyright ? `<p class="copyright">${escapeText(article.rights.copyright)}</p>` : '',
    part('corrections', phrases, strings.corrections, corrections),
    part('tags', phrases, strings.topics, tags),
    part('translations', phrases, strings.translations, article.translations.map(translation)),
    part('related', phrases, strings.related, related),
    '</footer>',
  ].join('');
}

/** A titled list under the article; nothing when it is empty. */
function part(name: string, phrases: Phrases, title: string, items: readonly string[]): string {
  const shown = items.filter((item) => item !== '');
  if (shown.length === 0) return '';
  const list = shown.map((item) => `<li>${item}</li>`).join('');
  return `<section class="${name}"><h2>${phrases.html(title)}</h2><ul>${list}</ul></section>`;
}

/** A link to the article in another language, named in that language. */
function translation({ language, url }: Article['translations'][number]): string {
  const href = webUrl(url);
  if (href === undefined) return '';
  // `of` takes no extensions (`-u-nu-deva`), which a tag may carry.
  const name = new Intl.Locale(language).baseName;
  const own = new Intl.DisplayNames([name, 'en'], { type: 'language' }).of(name) ?? language;
  return `<a href="${escapeAttribute(href)}" hreflang="${escapeAttribute(language)}" ${languageAttributes(language)}>${escapeText(own)}</a>`;
}
