import { LIMITS } from '../domain/draft.ts';
import { memoize } from '../text/memoize.ts';

const LINK_SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:']);
const PICTURE_SCHEMES = new Set(['http:', 'https:']);

/** The absolute, serialized form of a link's target, or undefined when it may not be followed. */
export function linkUrl(raw: string | undefined, base: string | undefined): string | undefined {
  return resolve(raw, base, LINK_SCHEMES)?.href;
}

/** The absolute, serialized http(s) URL of a picture or a page, or undefined when it is none. */
export function webUrl(raw: string | undefined, base: string | undefined): string | undefined {
  return resolve(raw, base, PICTURE_SCHEMES)?.href;
}

/** The https form of an absolute web URL: no page over https shows what comes over http. */
export function secureUrl(address: string): string | undefined {
  const url = resolve(address, undefined);
  return url?.href.replace(/^http:/, 'https:');
}

/**
 * The scheme is looked at only after the URL parser has read the value: it alone knows which control
 * characters and white space a browser strips first (URL Standard section 4.4, steps 1 to 3).
 */
export function resolve(
  raw: string | undefined,
  base: string | undefined,
  schemes: ReadonlySet<string> = PICTURE_SCHEMES,
): URL | undefined {
  const value = raw?.trim();
  if (!value || value.length > LIMITS.url) return undefined;
  const url = URL.parse(value, base);
  if (url === null || !schemes.has(url.protocol) || url.href.length > LIMITS.url) return undefined;
  // A name or password in a URL serves only to make a host look like another.
  return url.username === '' && url.password === '' ? url : undefined;
}

const MAX_LABELS = 4;

/** A host and the domains it is in, as far as lists name any. Kept, for what a site shows comes from few hosts. */
export const domainsOf = memoize(100, (hostname): readonly string[] => {
  const labels = hostname.split('.').slice(-MAX_LABELS);
  return labels.slice(1).map((_label, from) => labels.slice(from).join('.'));
});
