/** URLs from outside: resolved, bounded and limited to schemes that are safe to follow. */
import { LINK_SCHEMES } from '../domain/blocks.ts';
import { LIMITS } from '../domain/draft.ts';
import { memoize } from '../memoize.ts';

const PICTURE_SCHEMES = new Set(['http:', 'https:']);

/** The absolute, serialized target of a link; undefined when it may not be followed. */
export function resolveLinkUrl(raw: string | undefined, base: string | undefined): string | undefined {
  return resolve(raw, base, LINK_SCHEMES)?.href;
}

/** The absolute, serialized http(s) URL of a picture or page; undefined when it is none. */
export function resolveWebUrl(raw: string | undefined, base: string | undefined): string | undefined {
  return resolve(raw, base, PICTURE_SCHEMES)?.href;
}

/** The https form of an absolute web URL; undefined when it is none. A page over https shows nothing over http. */
export function secureUrl(address: string): string | undefined {
  const url = resolve(address, undefined);
  return url?.href.replace(/^http:/, 'https:');
}

/**
 * Resolves a URL; undefined when it is invalid, too long, of another scheme or has credentials. The scheme is checked
 * after parsing, since only the URL parser knows which control characters and white space a browser strips first (URL
 * Standard section 4.4, steps 1 to 3).
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
  // Credentials in a URL serve only to make one host look like another.
  return url.username === '' && url.password === '' ? url : undefined;
}

const MAX_LABELS = 4;

/** A host and its parent domains, up to four labels. Memoized: what a site shows comes from few hosts. */
export const domainsOf = memoize(100, (hostname): readonly string[] => {
  const labels = hostname.split('.').slice(-MAX_LABELS);
  return labels.slice(1).map((_label, from) => labels.slice(from).join('.'));
});
