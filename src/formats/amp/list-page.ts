import type { Card } from '../../domain/article.ts';
import { type PublisherProfile, pagePath, type Scope, type Site } from '../../domain/site.ts';
import { languageDirection } from '../../locales/language-tag.ts';
import { escapeAttribute, escapeText } from '../escape.ts';
import { httpsUrl } from '../url.ts';
import { renderCards, trendingBox } from './card.ts';
import { siteJsonLd } from './json-ld.ts';
import { meta, renderPage } from './layout.ts';
import { pageMedia } from './media.ts';
import { phrasesFor } from './phrases.ts';

export interface ListPageInput {
  site: Site;
  scope: Scope;
  /** This page, absolute, when it is not the first of its scope. */
  url?: string | undefined;
  /** The name of the section, tag, author or publisher; the site's name on the front page. */
  title: string;
  /** BCP 47. The language of the page, not of its cards. */
  language: string;
  /** Newest first; the first is the lead. */
  cards: readonly Card[];
  /** The most read articles, for the box beside the cards. */
  trending?: readonly Card[];
  /** The page of older articles, absolute. */
  nextUrl?: string | undefined;
  /** Publishers by id, for their names on the cards. */
  publishers?: ReadonlyMap<string, PublisherProfile>;
  /** Names of the sections in the bar at the top. */
  sections?: readonly string[];
}

/** A list page: the front page, or that of a section, tag, publisher or author. */
export function listPage(input: ListPageInput): string {
  const { site, scope, title, nextUrl } = input;
  const phrases = phrasesFor(input.language);
  const { strings } = phrases;
  const front = scope.kind === 'all';
  return cardsPage({
    ...input,
    url: input.url ?? `${site.origin}${pagePath(scope)}`,
    title: front ? undefined : title,
    heading: front
      ? `<h2 class="unseen">${phrases.html(strings.latest)}</h2>`
      : `<header class="scope"><p class="kicker">${phrases.html(strings.kinds[scope.kind])}</p><h1><bdi>${escapeText(title)}</bdi></h1></header>`,
    after: nextUrl
      ? `<p class="older"><a rel="next" href="${escapeAttribute(nextUrl)}">${phrases.html(strings.older)}</a></p>`
      : '',
    head: nextUrl ? `<link rel="next" href="${escapeAttribute(nextUrl)}">` : '',
  });
}

export interface TrendingPageInput {
  site: Site;
  /** BCP 47. The language of the page, not of its cards. */
  language: string;
  /** Most read first; the page says when there are none. */
  cards: readonly Card[];
  publishers?: ReadonlyMap<string, PublisherProfile>;
  sections?: readonly string[];
}

/** The page of the most read articles. */
export function trendingPage(input: TrendingPageInput): string {
  const phrases = phrasesFor(input.language);
  const title = phrases.strings.trending;
  return cardsPage({
    ...input,
    ...{ scope: { kind: 'all' }, url: `${input.site.origin}/trending`, title },
    heading: `<header class="scope"><h1>${phrases.html(title)}</h1></header>`,
  });
}

interface CardsPage extends TrendingPageInput {
  scope: Scope;
  url: string;
  /** The page's title, before the site's name; the front page has none. */
  title: string | undefined;
  trending?: readonly Card[];
  /** HTML above the cards, below them, and in the head. */
  heading: string;
  after?: string;
  head?: string;
}

function cardsPage(page: CardsPage): string {
  const { site, language, cards, publishers, scope, url, title, trending = [], sections = [] } = page;
  const phrases = phrasesFor(language);
  const media = pageMedia(phrases);
  const front = title === undefined;
  const list =
    cards.length > 0
      ? renderCards(cards, {
          ...{ site, media, scope, lead: true, level: front ? 'h3' : 'h2' },
          publisherOf: ({ publisher }) => publishers?.get(publisher)?.name ?? publisher,
        })
      : `<p class="empty">${phrases.html(phrases.strings.empty)}</p>`;
  const image = httpsUrl(cards[0]?.image?.url);
  return renderPage({
    site,
    language,
    direction: languageDirection(language),
    phrases,
    title: front ? site.name : `${title} · ${site.name}`,
    description: front ? site.description : undefined,
    canonicalUrl: url,
    scope,
    front,
    sections,
    head: [
      meta('property', 'og:type', 'website'),
      meta('property', 'og:title', title ?? site.name),
      meta('property', 'og:url', url),
      image ? meta('property', 'og:image', image) : '',
      meta('name', 'twitter:card', image ? 'summary_large_image' : 'summary'),
      meta('name', 'robots', 'max-image-preview:large'),
      page.head ?? '',
      front ? siteJsonLd(site) : '',
    ].join(''),
    main: page.heading + list + (page.after ?? '') + trendingBox(trending, site, phrases),
    components: media.components,
  });
}
