import type { Article, Card } from '../../domain/article.ts';
import { cutForPage } from '../../domain/article-size.ts';
import type { Block } from '../../domain/blocks.ts';
import type { PublisherProfile, Scope, Site } from '../../domain/site.ts';
import { fill } from '../../locales/locales.ts';
import { renderBlocks, renderFigure } from '../blocks.ts';
import { escapeAttribute, escapeText } from '../escape.ts';
import { withDateline } from '../html.ts';
import { itemSummary } from '../item.ts';
import { httpsUrl, safeLinkUrl, safeWebUrl } from '../url.ts';
import { articleHead } from './article-head.ts';
import { DOT, renderCards, trendingBox } from './card.ts';
import { renderPage, scopeHref } from './layout.ts';
import { ownName } from './locale.ts';
import { type PageMedia, pageMedia } from './media.ts';
import { languageAttributes, type Phrases, phrasesFor } from './phrases.ts';
import { placementsIn } from './placement.ts';
import { shareLinks } from './share.ts';
import { timeElement } from './time.ts';

export interface ArticlePageInput {
  article: Article;
  site: Site;
  publisher?: PublisherProfile | undefined;
  /** Other articles of its section, or the newest of all for one without a section; newest first. */
  more?: readonly Card[];
  /** The most read articles. */
  trending?: readonly Card[];
  /** Names of the sections in the bar at the top. */
  sections?: readonly string[];
}

interface Context {
  article: Article;
  site: Site;
  publisher: PublisherProfile | undefined;
  phrases: Phrases;
  media: PageMedia;
}

/** The page of an article, in the article's language and direction. */
export function articlePage(input: ArticlePageInput): string {
  const { article, site, publisher, more = [], trending = [], sections = [] } = input;
  const phrases = phrasesFor(article.language);
  const media = pageMedia(phrases, article.canonicalUrl);
  const context: Context = { article, site, publisher, phrases, media };
  const scope: Scope =
    article.section === undefined ? { kind: 'all' } : { kind: 'sections', name: article.section };
  // In page order: the first picture is the one a reader waits for.
  const lead = article.image ? renderFigure(article.image, media) : '';
  const text = articleText(context);
  const others = [moreBox(more, scope, context), trendingBox(trending, site, phrases)].filter(Boolean);
  const main = [
    '<article class="story">',
    top(context),
    lead === '' ? '' : `<div class="lead">${lead}</div>`,
    text.html,
    bottom(context, text.related),
    '</article>',
    others.length === 0
      ? ''
      : `<div class="others${others.length === 2 ? ' pair' : ''}">${others.join('')}</div>`,
  ].join('');
  return renderPage({
    site,
    language: article.language,
    direction: article.direction,
    phrases,
    title: `${article.headline} · ${site.name}`,
    description: itemSummary(article),
    canonicalUrl: safeWebUrl(article.canonicalUrl) ?? article.url,
    scope,
    sections,
    head: articleHead(article, site, publisher),
    main,
    components: media.components,
  });
}

function top({ article, site, publisher, phrases }: Context): string {
  const { strings } = phrases;
  const { section, language } = article;
  const by = article.authors.map(
    ({ name }) =>
      `<a rel="author" href="${scopeHref(site, { kind: 'authors', name })}"><bdi>${escapeText(name)}</bdi></a>`,
  );
  const from = `<a href="${scopeHref(site, { kind: 'publishers', name: article.publisher })}"><bdi>${escapeText(publisher?.name ?? article.publisher)}</bdi></a>`;
  const updated = isLater(article.updatedAt, article.publishedAt);
  const times = [
    `${phrases.html(strings.published)} ${timeElement(article.publishedAt, language, site, { zone: !updated })}`,
    updated
      ? `${phrases.html(strings.updated)} ${timeElement(article.updatedAt, language, site, { zone: true })}`
      : '',
    article.readingMinutes > 0
      ? phrases.html(phrases.minutes(strings.readingTime, article.readingMinutes, site.localDigits))
      : '',
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

// A change within the first minute is not an update for readers.
const isLater = (updated: string, published: string): boolean =>
  Date.parse(updated) - Date.parse(published) >= 60_000;

/**
 * The article's own words and pictures, with advertisements and one "also read" between its paragraphs; and the
 * related articles that are left for its end.
 */
function articleText(context: Context): { html: string; related: Article['related'] } {
  const { article, site, publisher, phrases, media } = context;
  const cut = cutForPage(article);
  const body = withDateline(withoutLead(cut.article), article.dateline);
  const ads = publisher?.ads ?? site.ads;
  const slots = (ads?.slots ?? []).map((slot) => () => (ads ? media.advertisement(ads, slot) : ''));
  const [first, ...others] = linkedFirst(article);
  const also = first === undefined ? [] : [() => alsoRead(first, phrases)];
  const inserts = [...slots.slice(0, 1), ...also, ...slots.slice(1)];
  const found = placementsIn(body, article.language).slice(0, inserts.length);
  let html = '';
  let from = 0;
  for (const [index, place] of found.entries()) {
    html += renderBlocks(body.slice(from, place), media) + (inserts[index]?.() ?? '');
    from = place;
  }
  const isPlaced = also.length > 0 && found.length > Math.min(slots.length, 1);
  return {
    html: `<div class="text">${html}${renderBlocks(body.slice(from), media)}${cut.isWhole ? '' : media.missing()}</div>`,
    related: isPlaced ? others : linkedFirst(article),
  };
}

/** The body without the lead image, which is already above it. */
function withoutLead({ body, image }: Article): readonly Block[] {
  const lead = httpsUrl(image?.url);
  if (lead === undefined) return body;
  return body.filter((block) => block.type !== 'image' || httpsUrl(block.url) !== lead);
}

/** The related articles, those with a URL first. */
function linkedFirst({ related }: Article): Article['related'] {
  const isLink = ({ url }: Article['related'][number]) => safeLinkUrl(url) !== undefined;
  return [...related.filter(isLink), ...related.filter((each) => !isLink(each))];
}

const alsoRead = (related: Article['related'][number], phrases: Phrases): string =>
  `<p class="also"><b>${phrases.html(phrases.strings.related)}</b> ${relatedLink(related)}</p>`;

function relatedLink({ title, url }: Article['related'][number]): string {
  const href = safeLinkUrl(url);
  const words = `<bdi>${escapeText(title)}</bdi>`;
  return href === undefined ? words : `<a href="${escapeAttribute(href)}">${words}</a>`;
}

function bottom(context: Context, related: Article['related']): string {
  const { article, site, phrases } = context;
  const { strings } = phrases;
  const tags = article.tags.map(
    (name) =>
      `<a rel="tag" href="${scopeHref(site, { kind: 'tags', name })}"><bdi>${escapeText(name)}</bdi></a>`,
  );
  const corrections = article.corrections.map(
    ({ at, note }) => `${timeElement(at, article.language, site)} ${escapeText(note)}`,
  );
  return [
    '<footer>',
    part('corrections', phrases, strings.corrections, corrections),
    source(context),
    shareLinks(article, site, phrases),
    part('tags', phrases, strings.topics, tags),
    part('translations', phrases, strings.translations, article.translations.map(translation)),
    part('related', phrases, strings.related, related.map(relatedLink)),
    '</footer>',
  ].join('');
}

/** Credit, original publication, and rights. */
function source({ article, publisher, phrases }: Context): string {
  const { strings } = phrases;
  const { copyright, usageTerms, licence } = article.rights ?? {};
  const canonical = safeWebUrl(article.canonicalUrl);
  const original = fill(strings.original, { publisher: publisher?.name ?? article.publisher });
  const terms = [copyright, usageTerms].filter((line) => line !== undefined).map((line) => rightsLine(line));
  const lines = [
    article.credit ? `<p class="credit">${escapeText(article.credit)}</p>` : '',
    canonical
      ? `<p class="original"><a href="${escapeAttribute(canonical)}">${phrases.html(original)}</a></p>`
      : '',
    terms.length > 0 ? `<p class="copyright">${terms.join(DOT)}</p>` : '',
    licence === undefined
      ? ''
      : `<p class="licence">${phrases.html(strings.licence)}: ${rightsLine(licence, ' rel="license"')}</p>`,
  ];
  return lines.join('') === '' ? '' : `<div class="source">${lines.join('')}</div>`;
}

/** A line that may be a URL. */
function rightsLine(line: string, attributes = ''): string {
  const href = safeWebUrl(line);
  const words = `<bdi>${escapeText(line)}</bdi>`;
  return href === undefined ? words : `<a href="${escapeAttribute(href)}"${attributes}>${words}</a>`;
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
  const href = safeWebUrl(url);
  if (href === undefined) return '';
  return `<a href="${escapeAttribute(href)}" hreflang="${escapeAttribute(language)}" ${languageAttributes(language)}>${escapeText(ownName(language))}</a>`;
}

function moreBox(cards: readonly Card[], scope: Scope, { site, phrases, media }: Context): string {
  if (cards.length === 0) return '';
  const { strings } = phrases;
  const title = scope.kind === 'all' ? strings.latest : fill(strings.more, { name: scope.name });
  return `<section class="more" aria-labelledby="more"><h2 id="more">${phrases.html(title)}</h2>${renderCards(cards, { site, media, scope, level: 'h3' })}</section>`;
}
