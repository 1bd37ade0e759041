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
  const { strings } = phrases;
  const url = safeWebUrl(embed.url) ?? safeWebUrl(originalUrl);
  const sorry = `<p>${phrases.html(strings.unavailable)}</p>`;
  if (url === undefined) return `<div class="embed">${sorry}</div>`;
  const words = phrases.html(fill(strings.viewOn, { provider: providerLabel(embed.provider, url) }));
  const link = `<a href="${escapeAttribute(url)}">${words}</a>`;
  const found = componentFor(embed);
  if (found === undefined) {
    return `<div class="embed">${isKnownProvider(embed.provider) ? '' : sorry}<p>${link}</p></div>`;
  }
  const { component, attributes } = found;
  components.add(component);
  const { width, height, layout } = component;
  return `<figure class="embed">${element(component, { ...attributes, width, height, layout })}<figcaption>${link}</figcaption></figure>`;
}

function element({ name }: Script, attributes: Readonly<Record<string, string | number>>): string {
  const written = Object.entries(attributes).map(
    ([attribute, value]) => ` ${attribute}="${escapeAttribute(String(value))}"`,
  );
  return `<${name}${written.join('')}></${name}>`;
}
