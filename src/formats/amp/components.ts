import type { Embed } from '../../domain/blocks.ts';
import { httpsUrl } from '../url.ts';

/** The AMP components that pages may use: the only scripts that a page loads. */

/** A custom element and the version of its script. */
export interface Script {
  /** The element, and the script's `custom-element`. */
  name: `amp-${string}`;
  version: string;
}

export interface Component extends Script {
  /** The space reserved for it: a ratio where `layout` is `responsive`, else pixels. */
  width: number | 'auto';
  height: number;
  layout: 'responsive' | 'fixed-height';
  /** The attributes that select the content; undefined when the component cannot show this embed. */
  attributes(embed: Embed): Readonly<Record<string, string>> | undefined;
}

interface Provider {
  /** As the provider spells it. */
  label: string;
  /** When absent, the embed is a link. */
  component?: Component;
}

export const AD: Script = { name: 'amp-ad', version: '0.1' };

const RESPONSIVE = { version: '0.1', layout: 'responsive' } as const;
const FIXED_HEIGHT = { version: '0.1', layout: 'fixed-height', width: 'auto' } as const;

const PROVIDERS = new Map<string, Provider>([
  ['youtube', { label: 'YouTube', component: film('amp-youtube', /^[\w-]{6,20}$/) }],
  ['vimeo', { label: 'Vimeo', component: film('amp-vimeo', /^\d{1,20}$/) }],
  ['dailymotion', { label: 'Dailymotion', component: film('amp-dailymotion', /^[a-z0-9]{1,20}$/i) }],
  ['x', { label: 'X', component: post('amp-twitter', 'data-tweetid', /^\d{1,20}$/) }],
  ['instagram', { label: 'Instagram', component: post('amp-instagram', 'data-shortcode', /^[\w-]{1,40}$/) }],
  ['tiktok', { label: 'TikTok', component: post('amp-tiktok', 'data-src', /^\d{1,20}$/) }],
  ['facebook', { label: 'Facebook', component: page('amp-facebook', 'data-href', facebookKind) }],
  [
    'reddit',
    { label: 'Reddit', component: page('amp-reddit', 'data-src', () => ({ 'data-embedtype': 'post' })) },
  ],
  [
    'pinterest',
    { label: 'Pinterest', component: page('amp-pinterest', 'data-url', () => ({ 'data-do': 'embedPin' })) },
  ],
  ['soundcloud', { label: 'SoundCloud', component: soundcloud() }],
  ['spotify', { label: 'Spotify' }],
  ['telegram', { label: 'Telegram' }],
  ['threads', { label: 'Threads' }],
  ['bluesky', { label: 'Bluesky' }],
  ['koo', { label: 'Koo' }],
]);

// Files have no provider: a link to one names its host.
const PLAYERS = new Map<string, Component>([
  ['video', { ...RESPONSIVE, name: 'amp-video', width: 16, height: 9, attributes: fileAttributes }],
  ['audio', { ...FIXED_HEIGHT, name: 'amp-audio', height: 50, attributes: fileAttributes }],
]);

function film(name: Component['name'], id: RegExp): Component {
  return { ...RESPONSIVE, name, width: 16, height: 9, attributes: byId('data-videoid', id) };
}

function post(name: Component['name'], attribute: string, id: RegExp): Component {
  return { ...RESPONSIVE, name, width: 1, height: 1, attributes: byId(attribute, id) };
}

function byId(attribute: string, shape: RegExp): Component['attributes'] {
  return ({ id }) => (shape.test(id) ? { [attribute]: id } : undefined);
}

/** A component that takes the URL of the content rather than its id. */
function page(
  name: Component['name'],
  attribute: string,
  more: (url: string) => Readonly<Record<string, string>>,
): Component {
  const attributes = (embed: Embed) => {
    const url = httpsUrl(embed.url);
    return url === undefined ? undefined : { [attribute]: url, ...more(url) };
  };
  return { ...RESPONSIVE, name, width: 1, height: 1, attributes };
}

function facebookKind(url: string): Readonly<Record<string, string>> {
  return {
    'data-embed-as': /\/(?:videos|watch|reel)[/?]|^https:\/\/fb\.watch\//.test(url) ? 'video' : 'post',
  };
}

function soundcloud(): Component {
  const attributes = ({ id }: Embed) => {
    const [, kind, number] = /^(track|playlist)s\/(\d{1,20})$/.exec(id) ?? [];
    return number === undefined ? undefined : { [`data-${kind}id`]: number };
  };
  return { ...FIXED_HEIGHT, name: 'amp-soundcloud', height: 166, attributes };
}

function fileAttributes(embed: Embed): Readonly<Record<string, string>> | undefined {
  const src = httpsUrl(embed.url);
  const poster = embed.provider === 'video' ? httpsUrl(embed.poster) : undefined;
  return src === undefined ? undefined : { src, controls: '', ...(poster ? { poster } : {}) };
}

/** The component that can show this embed, with its attributes; undefined when there is none. */
export function componentFor(
  embed: Embed,
): { component: Component; attributes: Readonly<Record<string, string>> } | undefined {
  const component = PROVIDERS.get(embed.provider)?.component ?? PLAYERS.get(embed.provider);
  const attributes = component?.attributes(embed);
  return component === undefined || attributes === undefined ? undefined : { component, attributes };
}

/** Whether the provider has a name that readers know, so that a link with it needs no explanation. */
export const isKnownProvider = (provider: string): boolean => PROVIDERS.has(provider);

/** The provider's display name, else the host of the embed's page. */
export function providerLabel(provider: string, url: string): string {
  return PROVIDERS.get(provider)?.label ?? new URL(url).hostname.replace(/^www\./, '');
}

// The AMP specification fixes this text (amp-boilerplate); changing a byte makes the page invalid.
const BOILERPLATE =
  '<style amp-boilerplate>body{-webkit-animation:-amp-start 8s steps(1,end) 0s 1 normal both;-moz-animation:-amp-start 8s steps(1,end) 0s 1 normal both;-ms-animation:-amp-start 8s steps(1,end) 0s 1 normal both;animation:-amp-start 8s steps(1,end) 0s 1 normal both}@-webkit-keyframes -amp-start{from{visibility:hidden}to{visibility:visible}}@-moz-keyframes -amp-start{from{visibility:hidden}to{visibility:visible}}@-ms-keyframes -amp-start{from{visibility:hidden}to{visibility:visible}}@-o-keyframes -amp-start{from{visibility:hidden}to{visibility:visible}}@keyframes -amp-start{from{visibility:hidden}to{visibility:visible}}</style><noscript><style amp-boilerplate>body{-webkit-animation:none;-moz-animation:none;-ms-animation:none;animation:none}</style></noscript>';

/**
 * The head elements for these components: the runtime, a script for each, and the boilerplate that hides the page until
 * they run. Empty without components, because without the runtime the boilerplate would hide the page for 8 s.
 */
export function runtimeHead(components: ReadonlySet<Script>): string {
  if (components.size === 0) return '';
  const scripts = [...components].map(
    ({ name, version }) =>
      `<script async custom-element="${name}" src="https://cdn.ampproject.org/v0/${name}-${version}.js"></script>`,
  );
  return `<script async src="https://cdn.ampproject.org/v0.js"></script>${scripts.join('')}${BOILERPLATE}`;
}
