import type { Warnings } from '../warnings.ts';

// A tag, or a shortcode: `[name]`, `[/name]`, `[name key="value"]`, `[name=value]`; `[[name]]` is text. Neither part
// extends past the beginning of another tag or shortcode, so that the time stays linear.
const TOKEN =
  /<(\/?)(?:([a-z][a-z0-9]*)(?![a-z0-9]))?[^<>]*>|(?<!\[)\[(\/?)([a-z][\w-]{0,40})((?:[\s=][^[\]<>]*)?)\](?!\])/gi;
const CLOSING = /\[\/([a-z][\w-]{0,40})\]/gi;

const ADDRESS = /https?:\/\/[^\s"'“”″&,|]{4,2000}/gi;
/** Shortcodes with the address of what they embed, inside or between them. */
const EMBEDS =
  /^(?:embed|embedyt|youtube|vimeo|dailymotion|twitter|tweet|instagram|facebook|fb|tiktok|soundcloud|spotify|reddit|telegram|pinterest|iframe)$/i;
const WORDED = /[a-z_-]=\s*(?:["'“”″&]|\S)/i;

/**
 * Replaces WordPress's shortcodes with the elements they stand for: `[caption]`, `[gallery]` with addresses, `[video]`,
 * `[audio]`, `[embed]` and its kind. Drops others with a warning but keeps what they wrap. Words in brackets are text.
 */
export function expandShortcodes(html: string, warnings: Warnings): string {
  if (!html.includes('[') || !/\[\/?[a-z][\w-]*[\s\]=]/i.test(html)) return html;
  const closed = new Set([...html.matchAll(CLOSING)].map(([, name]) => name?.toLowerCase()));
  const state: State = { code: 0, caption: undefined, closed };
  return html.replace(
    TOKEN,
    (token: string, slash?: string, element?: string, end?: string, name?: string, rest = '') => {
      if (name === undefined) return token + afterTag(state, element?.toLowerCase() ?? '', slash === '/');
      if (state.code > 0) return token;
      const closes = end === '/';
      const known = expand(name.toLowerCase(), String(rest), closes, state);
      if (known !== undefined) return known;
      if (!closes && !closed.has(name.toLowerCase()) && !WORDED.test(String(rest))) return token;
      warnings.add('shortcode-dropped', token);
      return '';
    },
  );
}

interface State {
  /** Names with a closing shortcode somewhere: these wrap something. */
  closed: ReadonlySet<string | undefined>;
  /** How many `pre` and `code` elements are open, in which brackets are text. */
  code: number;
  /** The open caption: whether its picture is linked, and words from its attribute. */
  caption: { linked: boolean; words: string; begun: boolean } | undefined;
}

/** What to insert after a tag: a caption begins where its picture, with the link around it, ends. */
function afterTag(state: State, element: string, closes: boolean): string {
  if (element === 'pre' || element === 'code') state.code = Math.max(0, state.code + (closes ? -1 : 1));
  const { caption } = state;
  if (caption === undefined || caption.begun) return '';
  if (element === 'a' && !closes) caption.linked = true;
  const ends = caption.linked ? element === 'a' && closes : element === 'img';
  if (!ends) return '';
  caption.begun = true;
  return `<figcaption>${caption.words}`;
}

function expand(name: string, rest: string, closes: boolean, state: State): string | undefined {
  if (name === 'caption' || name === 'wp_caption') {
    if (!closes) {
      state.caption = { linked: false, words: attributeOf(rest, 'caption'), begun: false };
      return '<figure>';
    }
    const begun = state.caption?.begun === true;
    state.caption = undefined;
    return `${begun ? '</figcaption>' : ''}</figure>`;
  }
  const addresses = rest.match(ADDRESS) ?? [];
  if (name === 'gallery' && (closes || addresses.length > 0)) {
    return closes ? '' : `<figure>${addresses.map((url) => `<img src="${url}">`).join('')}</figure>`;
  }
  if (name === 'video' || name === 'audio') {
    if (closes) return '';
    const poster = attributeOf(rest, 'poster');
    const files = addresses.filter((url) => url !== poster).map((url) => `<source src="${url}">`);
    if (files.length === 0) return undefined;
    return `<${name}${poster === '' ? '' : ` poster="${poster}"`}>${files.join('')}</${name}>`;
  }
  if (!EMBEDS.test(name)) return undefined;
  if (closes) return '</p>';
  const [address] = addresses;
  if (address !== undefined) return `<p>${address}</p>`;
  return state.closed.has(name) ? '<p>' : undefined;
}

/** An attribute's value, which may be in typographic quotation marks. */
function attributeOf(rest: string, name: string): string {
  const value = new RegExp(`\\b${name}=\\s*(?:"([^"]*)"|'([^']*)'|[“”″]([^“”″]*)[“”″])`, 'i').exec(rest);
  return (value?.[1] ?? value?.[2] ?? value?.[3] ?? '').replaceAll('"', '&quot;');
}
