import { toBase64 } from '../access/encoding.ts';

/** How a page of ours begins a script that runs. Nothing an article says can write it: text is escaped. */
const RUNTIME = '<script async src="https://cdn.ampproject.org/';

const STYLE = /<style[^>]*>(.*?)<\/style>/gs;

/** No page asks for any of this; what is framed on one (a film) is given no more. */
const PERMISSIONS = ['camera', 'microphone', 'geolocation', 'payment', 'usb', 'browsing-topics']
  .map((feature) => `${feature}=()`)
  .join(', ');

/** A year: RFC 6797 section 6.1. Other hosts under the name are not ours to speak for. */
const TRANSPORT = 'max-age=31536000';

/**
 * Gives a response the headers that keep a browser from doing more with it than it is for. A policy that it has
 * already is kept: a page brings its own (`pageHeaders`).
 */
export function protect(url: string, { headers, status }: Response): void {
  headers.set('X-Content-Type-Options', 'nosniff');
  // RFC 6797 section 7.2: never over a connection that is not secure.
  if (url.startsWith('https:')) headers.set('Strict-Transport-Security', TRANSPORT);
  // "Not modified" leaves a stored copy the policies it came with.
  if (status === 304) return;
  // Of a redirection, too: it goes for the request that follows (Fetch, "HTTP-redirect fetch").
  headers.set('Referrer-Policy', 'strict-origin-when-cross-origin');
  // What has no type has no content.
  const type = headers.get('Content-Type');
  if (type !== null && !headers.has('Content-Security-Policy')) {
    headers.set('Content-Security-Policy', documentPolicy(type.split(';', 1)[0] ?? ''));
  }
}

/** The headers that go with a page of ours. */
export const pageHeaders = async (html: string): Promise<Record<string, string>> => ({
  'Content-Type': 'text/html; charset=utf-8',
  'Permissions-Policy': PERMISSIONS,
  'Content-Security-Policy': await pagePolicy(html),
});

/**
 * Of what is no page: nothing runs or loads. A browser shows feeds by `/feeds.css`, and XML without a style sheet by
 * styles that it writes into it itself.
 */
function documentPolicy(type: string): string {
  const style = type.endsWith('xml') ? "style-src 'self' 'unsafe-inline'; " : '';
  return `default-src 'none'; ${style}frame-ancestors 'none'`;
}

/**
 * Of a page (CSP Level 3). Without AMP components no script runs, and no style but the page's own, known by its hash.
 * AMP's runtime writes styles into the page that nobody can name beforehand, measures with `data:` pictures, and its
 * components frame their providers, fetch from them, and play from anywhere; which there are is in the page's markup,
 * and that is ours.
 */
async function pagePolicy(html: string): Promise<string> {
  const sources = html.includes(RUNTIME)
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
  const texts = [...html.matchAll(STYLE)].map(([, text = '']) => text);
  const hashes = await Promise.all(
    texts.map(async (text) => {
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
      return `'sha256-${toBase64(new Uint8Array(digest))}'`;
    }),
  );
  return hashes.join(' ') || "'none'";
}
