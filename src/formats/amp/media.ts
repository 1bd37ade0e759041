import type { Ads } from '../../domain/ads.ts';
import type { Embed, Image } from '../../domain/blocks.ts';
import { fill } from '../../locales/locales.ts';
import type { Media } from '../blocks.ts';
import { escapeAttribute } from '../escape.ts';
import { httpsUrl, safeWebUrl } from '../url.ts';
import { AD, componentFor, isKnownProvider, providerLabel, type Script } from './components.ts';
import type { Phrases } from './phrases.ts';

/** A page's pictures, embeds and advertisements as AMP, and the scripts that they need. */
export interface PageMedia extends Media {
  readonly components: ReadonlySet<Script>;
  /** A labelled advertisement slot. */
  advertisement(ads: Ads, slot: Ads['slots'][number]): string;
  /** Says that the rest of the article cannot be shown, with a link to where it can be read. */
  missing(): string;
}

// For a picture of unknown size: reserves a box of the usual shape while it loads.
const UNKNOWN_SIZE = { width: 1600, height: 900 };

/**
 * The media of one page. Pictures must be rendered in page order. `originalUrl` is where readers can see what this page
 * cannot show.
 */
export function pageMedia(phrases: Phrases, originalUrl?: string): PageMedia {
  const components = new Set<Script>();
  let pictures = 0;
  return {
    components,
    picture(image) {
      const html = picture(image, pictures === 0);
      if (html !== '') pictures += 1;
      return html;
    },
    embed: (embed) => embedFigure(embed, phrases, components, originalUrl),
    advertisement(ads, slot) {
      components.add(AD);
      const { width, height } = slot;
      const own = Object.entries({ ...ads.attributes, ...slot.attributes }).filter(([name]) =>
        AD_ATTRIBUTE.test(name),
      );
      const attributes = { ...Object.fromEntries(own), type: ads.type, width, height, layout: 'fixed' };
      return `<div class="ad"><p>${phrases.html(phrases.strings.advertisement)}</p>${element(AD, attributes)}</div>`;
    },
    missing: () => elsewhere(safeWebUrl(originalUrl), '', phrases, true),
    // Focusable, so that a wide table can be scrolled with the keyboard.
    table: (html) =>
      `<div class="wide" role="region" tabindex="0" aria-label="${escapeAttribute(phrases.strings.table)}">${html}</div>`,
  };
}

/** The first picture loads at once; the others load when they are near the viewport. */
function picture(image: Image, first: boolean): string {
  const url = httpsUrl(image.url);
  if (url === undefined) return '';
  const known = image.width !== undefined && image.height !== undefined;
  const { width, height } = known ? image : UNKNOWN_SIZE;
  const box = known ? '' : ' class="box"';
  const loading = first ? ' fetchpriority="high"' : ' loading="lazy"';
  return `<img src="${escapeAttribute(url)}" alt="${escapeAttribute(image.alt ?? '')}" width="${width}" height="${height}"${box}${loading} decoding="async">`;
}

const AD_ATTRIBUTE = /^(?:json|data-[a-z0-9-]+)$/;

/**
 * The embed with a link below it, which is what remains without scripts. Without a component, a card that links to it,
 * which says that it cannot be shown if it would need a frame.
 */
function embedFigure(
  embed: Embed,
  phrases: Phrases,
  components: Set<Script>,
  originalUrl: string | undefined,
): string {
  const url = safeWebUrl(embed.url) ?? safeWebUrl(originalUrl);
  const found = url === undefined ? undefined : componentFor(embed);
  if (url === undefined || found === undefined) {
    return elsewhere(url, embed.provider, phrases, url === undefined || !isKnownProvider(embed.provider));
  }
  const link = linkTo(url, embed.provider, phrases);
  const { component, attributes } = found;
  components.add(component);
  const { width, height, layout } = component;
  return `<figure class="embed">${element(component, { ...attributes, width, height, layout })}<figcaption>${link}</figcaption></figure>`;
}

/** A card that links to content elsewhere, and says, if it should, that it cannot be shown here. */
function elsewhere(url: string | undefined, provider: string, phrases: Phrases, saysSorry: boolean): string {
  const sorry = saysSorry ? `<p>${phrases.html(phrases.strings.unavailable)}</p>` : '';
  const link = url === undefined ? '' : `<p>${linkTo(url, provider, phrases)}</p>`;
  return `<div class="embed">${sorry}${link}</div>`;
}

function linkTo(url: string, provider: string, phrases: Phrases): string {
  const label = providerLabel(provider, url);
  return `<a href="${escapeAttribute(url)}">${phrases.html(fill(phrases.strings.viewOn, { provider: label }))}</a>`;
}

function element({ name }: Script, attributes: Readonly<Record<string, string | number>>): string {
  const written = Object.entries(attributes).map(
    ([attribute, value]) => ` ${attribute}="${escapeAttribute(String(value))}"`,
  );
  return `<${name}${written.join('')}></${name}>`;
}
