import type { Embed, Image } from '../../article/blocks.ts';
import type { Media } from '../blocks.ts';
import { escapeAttribute } from '../escape.ts';
import { httpsUrl, webUrl } from '../url.ts';
import { type Component, componentFor, providerLabel } from './components.ts';
import type { Phrases } from './phrases.ts';
import { fill } from './strings/registry.ts';

/** A page's pictures and embeds as AMP allows them, and the components they turned out to need. */
export interface PageMedia extends Media {
  readonly components: ReadonlySet<Component>;
}

// A picture whose size nobody told: a box of the usual shape keeps its place while it loads.
const UNKNOWN_SIZE = { width: 1600, height: 900 };

/** The media of one page; pictures are asked for in the order they stand there. */
export function pageMedia(phrases: Phrases): PageMedia {
  const components = new Set<Component>();
  let pictures = 0;
  return {
    components,
    picture(image) {
      const html = picture(image, pictures === 0);
      if (html !== '') pictures += 1;
      return html;
    },
    embed: (embed) => embedFigure(embed, phrases, components),
    // Focusable, so that a wide table scrolls with the keyboard too.
    table: (html) =>
      `<div class="wide" role="region" tabindex="0" aria-label="${escapeAttribute(phrases.strings.table)}">${html}</div>`,
  };
}

/** The first picture is what a reader waits for; the others load as they come near. */
function picture(image: Image, first: boolean): string {
  const url = httpsUrl(image.url);
  if (url === undefined) return '';
  const known = image.width !== undefined && image.height !== undefined;
  const { width, height } = known ? image : UNKNOWN_SIZE;
  const box = known ? '' : ' class="box"';
  const loading = first ? ' fetchpriority="high"' : ' loading="lazy"';
  return `<img src="${escapeAttribute(url)}" alt="${escapeAttribute(image.alt ?? '')}" width="${width}" height="${height}"${box}${loading} decoding="async">`;
}

/** The embed with a link under it, which is all of it where there is no component or no script. */
function embedFigure(embed: Embed, phrases: Phrases, components: Set<Component>): string {
  const url = webUrl(embed.url);
  if (url === undefined) return '';
  const words = phrases.html(fill(phrases.strings.viewOn, { provider: providerLabel(embed.provider, url) }));
  const link = `<a href="${escapeAttribute(url)}">${words}</a>`;
  const found = componentFor(embed);
  if (found === undefined) return `<p class="embed">${link}</p>`;
  const { name, width, height, layout } = found.component;
  components.add(found.component);
  const attributes = Object.entries({ ...found.attributes, width, height, layout })
    .map(([attribute, value]) => ` ${attribute}="${escapeAttribute(String(value))}"`)
    .join('');
  return `<figure class="embed"><${name}${attributes}></${name}><figcaption>${link}</figcaption></figure>`;
}
