import type { Card } from '../../domain/article.ts';
import type { Scope, Site } from '../../domain/site.ts';
import { escapeAttribute, escapeText } from '../escape.ts';
import { scopeHref } from './layout.ts';
import type { PageMedia } from './media.ts';
import { languageAttributes, type Phrases } from './phrases.ts';
import { timeElement } from './time.ts';

export interface CardsInput {
  site: Site;
  media: PageMedia;
  /** The scope of the page: cards do not repeat the page's own section. */
  scope: Scope;
  /** The heading level of each card. */
  level: 'h2' | 'h3';
  /** Whether the first card stands out. */
  lead?: boolean;
  /** A publisher's name; without one the card does not say who published it. */
  publisherOf?: (card: Card) => string;
}

/** Articles as cards, each in its article's language, whatever the page's language is. */
export function renderCards(cards: readonly Card[], input: CardsInput): string {
  const all = cards.map((card, index) => renderCard(card, input, input.lead === true && index === 0));
  return `<div class="cards">${all.join('')}</div>`;
}

function renderCard(
  card: Card,
  { site, media, scope, level, publisherOf }: CardsInput,
  lead: boolean,
): string {
  const { section } = card;
  const picture = card.image ? media.picture(card.image) : '';
  const kicker =
    section !== undefined && !(scope.kind === 'sections' && scope.name === section)
      ? `<p class="kicker"><a href="${scopeHref(site, { kind: 'sections', name: section })}">${escapeText(section)}</a></p>`
      : '';
  const from = publisherOf ? `<bdi>${escapeText(publisherOf(card))}</bdi>${DOT}` : '';
  const time = timeElement(card.publishedAt, card.language, site);
  return [
    `<article class="card${lead ? ' first' : ''}" ${languageAttributes(card.language, card.direction)}>`,
    picture,
    `<div>${kicker}`,
    `<${level}><a href="${escapeAttribute(card.url)}">${escapeText(card.headline)}</a></${level}>`,
    card.summary ? `<p class="summary">${escapeText(card.summary)}</p>` : '',
    `<p class="when">${from}${time}</p>`,
    '</div></article>',
  ].join('');
}

export const DOT = ' <span aria-hidden="true">·</span> ';

/** A box of the most read articles; empty when there are none. */
export function trendingBox(cards: readonly Card[], site: Site, phrases: Phrases): string {
  if (cards.length === 0) return '';
  // The language is on the item, for its number is set in the headline's line height; it stands where the page begins.
  const items = cards.map(
    ({ url, headline, language, direction }) =>
      `<li lang="${escapeAttribute(language)}"><a href="${escapeAttribute(url)}" dir="${direction}">${escapeText(headline)}</a></li>`,
  );
  const title = `<a href="${escapeAttribute(`${site.origin}/trending`)}">${phrases.html(phrases.strings.trending)}</a>`;
  return `<section class="trending" aria-labelledby="trending"><h2 id="trending">${title}</h2><ol>${items.join('')}</ol></section>`;
}
