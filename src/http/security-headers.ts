import { sha256, toBase64 } from '../access/encoding.ts';

/** How a page loads AMP's runtime. No article can contain this, because text is escaped. */
const AMP_RUNTIME = '<script async src="https://cdn.ampproject.org/';

/** `Permissions-Policy`: no page uses any of these features, and no frame on one may. */
const PERMISSIONS_POLICY = ['camera', 'microphone', 'geolocation', 'payment', 'usb', 'browsing-topics']
  .map((feature) => `${feature}=()`)
  .join(', ');

/** `Strict-Transport-Security` for a year (RFC 6797 section 6.1), without subdomains: they may belong to others. */
const TRANSPORT_SECURITY = 'max-age=31536000';

/**
 * Sets the security headers of a response to `url`. A `Content-Security-Policy` that is set already stays: a page brings
 * its own (`pageHeaders`).
 */
export function setSecurityHeaders(url: string, { headers, status }: Response): void {
  headers.set('X-Content-Type-Options', 'nosniff');
  // RFC 6797 section 7.2: never over an insecure connection.
  if (url.startsWith('https:')) headers.set('Strict-Transport-Security', TRANSPORT_SECURITY);
  // With a 304, the client's copy keeps the policies it came with.
  if (status === 304) return;
  // A redirect needs it, too: it applies to the next request (Fetch, "HTTP-redirect fetch").
  headers.set('Referrer-Policy', 'strict-origin-when-cross-origin');
  // A response without a type has no content.
  const type = headers.get('Content-Type');
  if (type !== null && !headers.has('Content-Security-Policy')) {
    headers.set('Content-Security-Policy', documentPolicy(type.split(';', 1)[0] ?? ''));
  }
}

/** The headers of an HTML page, some of which depend on its content. */
export const pageHeaders = async (html: string): Promise<Record<string, string>> => ({
  'Content-Type': 'text/html; charset=utf-8',
  'Permissions-Policy': PERMISSIONS_POLICY,
  'Content-Security-Policy': await pagePolicy(html),
});

/**
 * The policy of everything but pages: nothing runs or loads. XML may have styles, because a browser displays feeds with
 * `/feeds.css`, and other XML with styles of its own.
 */
function documentPolicy(type: string): string {
  const style = type.endsWith('xml') ? "style-src 'self' 'unsafe-inline'; " : '';
  return `default-src 'none'; ${style}frame-ancestors 'none'`;
}

/**
 * The policy of a page (CSP Level 3). Without AMP's runtime no script runs, and only the page's own styles apply, listed
 * by hash. The runtime writes styles that are unknown in advance and measures with `data:` images, and its components
 * frame their providers, fetch from them, and play media from any host. Which components a page has is decided by
 * Dateline's own markup.
 */
async function pagePolicy(html: string): Promise<string> {
  const sources = html.includes(AMP_RUNTIME)
    ? [
        'script-src https://cdn.ampproject.org',
        "style-src 'unsafe-inline'",
        "img-src 'self' https: data:",
        'media-src https:',
        'frame-src https:',
        'connect-src https:',
      ]
    : ["script-src 'none'", `style-src ${await styleHashes(html)}`, "img-src 'self' https:"];
  return [
    "default-src 'none'",
    ...sources,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ');
}

async function styleHashes(html: string): Promise<string> {
  const hashes = await Promise.all(
    styleTexts(html).map(async (text) => {
      return `'sha256-${toBase64(await sha256(text))}'`;
    }),
  );
  return hashes.join(' ') || "'none'";
}

/** The contents of a page's `style` elements. They may contain `<`: only `</style>` ends one (HTML, "RAWTEXT state"). */
function styleTexts(html: string): string[] {
  const texts: string[] = [];
  for (let start = html.indexOf('<style'); start >= 0; start = html.indexOf('<style', start)) {
    const content = html.indexOf('>', start) + 1;
    const end = html.indexOf('</style>', content);
    if (content === 0 || end < 0) break;
    texts.push(html.slice(content, end));
    start = end;
  }
  return texts;
}
