/**
 * URLs on their way into markup. The normalizer lets only these schemes in; they are asked again here because
 * an `href` is the one attribute through which stored text could run.
 */

const LINK_SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:']);

function parse(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}

/** An absolute URL a reader may follow, as it was parsed; undefined for anything else. */
export function linkUrl(url: string | undefined): string | undefined {
  const parsed = url === undefined ? undefined : parse(url);
  return parsed !== undefined && LINK_SCHEMES.has(parsed.protocol) ? parsed.href : undefined;
}

/** An absolute http or https URL; undefined for anything else. */
export function webUrl(url: string | undefined): string | undefined {
  const parsed = url === undefined ? undefined : parse(url);
  return parsed !== undefined && /^https?:$/.test(parsed.protocol) ? parsed.href : undefined;
}

/** The https form of a web URL: a page served over https shows no picture from http. */
export function httpsUrl(url: string | undefined): string | undefined {
  return webUrl(url)?.replace(/^http:/, 'https:');
}
