/**
 * URLs in output. The normalizer allows only these schemes; output checks them again, because `href` is the only
 * attribute through which stored text could execute.
 */

import { LINK_SCHEMES } from '../domain/blocks.ts';

function parse(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}

/** An absolute URL that a reader may follow, parsed; undefined for anything else. */
export function safeLinkUrl(url: string | undefined): string | undefined {
  const parsed = url === undefined ? undefined : parse(url);
  return parsed !== undefined && LINK_SCHEMES.has(parsed.protocol) ? parsed.href : undefined;
}

/** An absolute http or https URL; undefined for anything else. */
export function safeWebUrl(url: string | undefined): string | undefined {
  const parsed = url === undefined ? undefined : parse(url);
  return parsed !== undefined && /^https?:$/.test(parsed.protocol) ? parsed.href : undefined;
}

/** The https form of a web URL: a page served over https shows no picture from http. */
export function httpsUrl(url: string | undefined): string | undefined {
  return safeWebUrl(url)?.replace(/^http:/, 'https:');
}

// RFC 3986 appendix A: the characters of a path, a query or a fragment; a percent sign only before two digits.
const NOT_IN_URI = /[^A-Za-z0-9._~!$&'()*+,;=:@/?%-]|%(?![0-9A-Fa-f]{2})/g;

/** A web URL in strict RFC 3986 form, for formats that check it: URL parsers keep `|`, `^` and others unescaped. */
export function strictUri(url: string | undefined): string | undefined {
  const href = safeWebUrl(url);
  if (href === undefined) return undefined;
  const { protocol, host, pathname, search, hash } = new URL(href);
  const encode = (part: string) => part.replace(NOT_IN_URI, encodeURIComponent);
  // A host in brackets is an IPv6 address.
  const authority = host.startsWith('[') ? host : encode(host);
  const fragment = hash === '' ? '' : `#${encode(hash.slice(1))}`;
  return `${protocol}//${authority}${encode(pathname)}${encode(search)}${fragment}`;
}
