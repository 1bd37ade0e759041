import type { Embed } from '../../domain/blocks.ts';
import { domainsOf, resolve, secureUrl } from '../../markup/url.ts';
import { PROVIDERS, type Provider } from './providers.ts';
import { isTracker } from './trackers.ts';

const BY_HOST = new Map(
  PROVIDERS.flatMap((provider) => provider.hosts.map((host) => [host, provider] as const)),
);

/** Whose host it is, or whose subdomain. */
function providerOf(hostname: string): Provider | undefined {
  const domain = domainsOf(hostname).find((each) => BY_HOST.has(each));
  return domain === undefined ? undefined : BY_HOST.get(domain);
}

const FILES: readonly [provider: string, name: RegExp][] = [
  ['video', /\.(?:mp4|m4v|webm|ogv|mov|m3u8)$/i],
  ['audio', /\.(?:mp3|m4a|aac|oga|ogg|opus|wav|flac)$/i],
];

/**
 * The embed a URL stands for, whichever of its provider's many forms it has, or that a film's or recording's file
 * is; undefined when it is a page like any other.
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

/** A `video` or `audio` file, or a `frame`, whose address is all there is to know of it; undefined unless over https. */
export function fileEmbed(provider: string, address: string): Embed | undefined {
  const url = secureUrl(address);
  return url === undefined ? undefined : { type: 'embed', provider, id: url, url };
}

/** The embed a frame shows: a provider's, else the page itself when it comes over https and is there to be seen. */
export function frameFrom(raw: string | undefined, base: string | undefined): Embed | undefined {
  const known = embedFrom(raw);
  if (known !== undefined) return known;
  const url = resolve(raw, base ?? 'https://embed.invalid/');
  if (url?.protocol !== 'https:' || url.hostname === 'embed.invalid' || isTracker(url)) return undefined;
  return fileEmbed('frame', url.href);
}

/** The classes of embed codes: the provider's script would replace what has one of them. */
export const POST_CLASSES: ReadonlyMap<string, string> = new Map(
  PROVIDERS.flatMap(({ classes = [], name }) => classes.map((each) => [each, name] as const)),
);

/** AMP's elements for embeds, with the attributes that tell what they show. */
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

/** The embed that a provider's `script` puts in its own place. */
export function scriptEmbed(attributes: Readonly<Record<string, string | undefined>>): Embed | undefined {
  const host = resolve(attributes.src, 'https://embed.invalid/')?.hostname;
  if (host === undefined) return undefined;
  for (const { script, page, name } of PROVIDERS) {
    const id = script === undefined ? undefined : attributes[script];
    if (id !== undefined && host.includes(name)) return embedFrom(page(id));
  }
  return undefined;
}
