import type { Card } from '../../article/article.ts';
import { languageDirection } from '../../article/language.ts';
import { type PublisherProfile, pagePath, type Scope, type Site } from '../../article/site.ts';
import { escapeAttribute, escapeText } from '../escape.ts';
import { meta, renderPage, scopeHref } from './layout.ts';
import { type PageMedia, pageMedia } from './media.ts';
import { languageAttributes, phrasesFor } from './phrases.ts';
import { timeElement } from './time.ts';

export interface ListPageInput {
  site: Site;
  scope: Scope;
  /** This page, absolute, when it is not the first of its scope. */
  url?: string | undefined;
  /** What the list is called: the section's, tag's, author's or publisher's name; the site's on the front page. */
  title: string;
  /** BCP 47: of the page around the cards. */
  language: string;
  /** Newest first; the first is the lead. */
  cards: readonly Card[];
  /** The page of older articles, absolute. */
  nextUrl?: string | undefined;
  /** Publishers by id, for their names on the cards. */
  publishers?: ReadonlyMap<string, PublisherProfile>;
  /** Names of the sections in the bar at the top. */
  sections?: readonly string[];
}

/** A reader's page of headlines: the front page, or one section, tag, publisher or author. */
export function listPage(input: ListPageInput): string {
  const { site, scope, title, language, cards, nextUrl, sections = [] } = input;
  const phrases = phrasesFor(language);
  const { strings } = phrases;
  const media = pageMedia(phrases);
  const url = input.url ?? `${site.origin}${pagePath(scope)}`;
  const front = scope.kind === 'all';
  const heading = front
    ? `<h2 class="unseen">${phrases.html(strings.latest)}</h2>`
    : `<header class="scope"><p class="kicker">${phrases.html(strings.kinds[scope.kind])}</p><h1><bdi>${escapeText(title)}</bdi></h1></header>`;
  const list =
    cards.length > 0
      ? `<div class="cards">${cards.map((card, index) => renderCard(card, index === 0, input, media)).join('')}</div>`
      : `<p class="empty">${phrases.html(strings.empty)}</p>`;
  const older = nextUrl
    ? `<p class="older"><a rel="next" href="${escapeAttribute(nextUrl)}">${phrases.html(strings.older)}</a></p>`
    : '';
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
      meta('property', 'og:title', title),
      meta('property', 'og:url', url),
      nextUrl ? `<link rel="next" href="${escapeAttribute(nextUrl)}">` : '',
    ].join(''),
    main: heading + list + older,
    components: media.components,
  });
}

/** A card speaks its own article's language, whatever the page around it speaks. */
function renderCard(card: Card, lead: boolean, input: ListPageInput, media: PageMedia): string {
  const { site, scope, publishers } = input;
  const section = card.section;
  const picture = card.image ? media.picture(card.image) : '';
  const kicker =
    section !== undefined && !(scope.kind === 'sections' && scope.name === section)
      ? `<p class="kicker"><a href="${scopeHref(site, { kind: 'sections', name: section })}">${escapeText(section)}</a></p>`
      : '';
  const publisher = publishers?.get(card.publisher)?.name ?? card.publisher;
  const time = timeElement(card.publishedAt, { language: card.language, timeZone: site.timeZone });
  const level = scope.kind === 'all' ? 'h3' : 'h2';
  return [
    `<article class="card${lead ? ' lead' : ''}" ${languageAttributes(card.language, card.direction)}>`,
    picture,
    `<div>${kicker}`,
    `<${level}><a href="${escapeAttribute(card.url)}">${escapeText(card.headline)}</a></${level}>`,
    card.summary ? `<p class="summary">${escapeText(card.summary)}</p>` : '',
    `<p class="when"><bdi>${escapeText(publisher)}</bdi> <span aria-hidden="true">·</span> ${time}</p>`,
    '</div></article>',
  ].join('');
}
