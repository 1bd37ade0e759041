/** Which embed a URL, a frame, an AMP element, a class or a script stands for. The sites known are in providers.ts. */
import type { Embed } from '../../domain/blocks.ts';
import { domainsOf, resolve, secureUrl } from '../../markup/url.ts';
import { PROVIDERS, type Provider } from './providers.ts';
import { isTracker } from './trackers.ts';

const BY_HOST = new Map(
  PROVIDERS.flatMap((provider) => provider.hosts.map((host) => [host, provider] as const)),
);

/** The provider whose host this is, or a subdomain of it. */
function providerOf(hostname: string): Provider | undefined {
  const domain = domainsOf(hostname).find((each) => BY_HOST.has(each));
  return domain === undefined ? undefined : BY_HOST.get(domain);
}

const FILES: readonly [provider: string, name: RegExp][] = [
  ['video', /\.(?:mp4|m4v|webm|ogv|mov|m3u8)$/i],
  ['audio', /\.(?:mp3|m4a|aac|oga|ogg|opus|wav|flac)$/i],
];

/**
 * The embed that a URL stands for: one of a provider's many forms, or a video or audio file; undefined for any other
 * page.
 */
export function embedFrom(raw: string | undefined): Embed | undefined {
  // Embed codes often leave out the scheme.
  const url = resolve(raw, 'https://embed.invalid/');
  if (url === undefined || url.hostname === 'embed.invalid') return undefined;
  const provider = providerOf(url.hostname);
  const id = provider?.id(url);
  if (provider !== undefined && id !== undefined) {
    return { type: 'embed', provider: provider.name, id, url: provider.page(id) };
  }
  const file = FILES.find(([, name]) => name.test(url.pathname));
  return file === undefined ? undefined : fileEmbed(file[0], url.href);
}

/** The embed of a `video` or `audio` file or a `frame`, over https; undefined when the address is not a web address. */
export function fileEmbed(provider: string, address: string): Embed | undefined {
  const url = secureUrl(address);
  return url === undefined ? undefined : { type: 'embed', provider, id: url, url };
}

/** The embed that a frame shows: a provider's, else the page itself if it is served over https and is no tracker. */
export function frameFrom(raw: string | undefined, base: string | undefined): Embed | undefined {
  const known = embedFrom(raw);
  if (known !== undefined) return known;
  const url = resolve(raw, base ?? 'https://embed.invalid/');
  if (url?.protocol !== 'https:' || url.hostname === 'embed.invalid' || isTracker(url)) return undefined;
  return fileEmbed('frame', url.href);
}

/** Class of an embed code → provider, whose script replaces the element with that class. */
export const POST_CLASSES: ReadonlyMap<string, string> = new Map(
  PROVIDERS.flatMap(({ classes = [], name }) => classes.map((each) => [each, name] as const)),
);

/** AMP element → what reads the embed from its attributes. */
export const AMP_EMBEDS: ReadonlyMap<
  string,
  (attributes: Record<string, string | undefined>) => Embed | undefined
> = new Map(
  PROVIDERS.flatMap(({ amp, page }) => {
    if (amp === undefined) return [];
    const [element, ...names] = amp;
    return [
      [
        element,
        (attributes) => {
          for (const name of names) {
            const value = attributes[name]?.trim() ?? '';
            if (value === '') continue;
            const id =
              name === 'data-trackid'
                ? `tracks/${value}`
                : name === 'data-playlistid'
                  ? `playlists/${value}`
                  : value;
            return embedFrom(value.includes('//') ? value : page(id));
          }
          return undefined;
        },
      ] as const,
    ];
  }),
);

/** The embed that a provider's `script` inserts in its place. */
export function scriptEmbed(attributes: Readonly<Record<string, string | undefined>>): Embed | undefined {
  const host = resolve(attributes.src, 'https://embed.invalid/')?.hostname;
  if (host === undefined) return undefined;
  for (const { script, page, name } of PROVIDERS) {
    const id = script === undefined ? undefined : attributes[script];
    if (id !== undefined && host.includes(name)) return embedFrom(page(id));
  }
  return undefined;
}
