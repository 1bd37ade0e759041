/**
 * How the user agent of every browser starts: `Mozilla` with the device in brackets, Opera Mini, and UC Browser on
 * feature phones. Libraries and the link previews of chats start differently.
 */
const BROWSER = /^(?:Mozilla\/5\.0 \(|Opera\/9|UCWEB\/)/;

/**
 * What crawlers, previews and probes put into a user agent that looks like a browser's. Internet Explorer sent
 * `compatible;` until version 10; since then only bots do. Cubot is a brand of phones.
 */
const BOT =
  /(?<!cu)bot|crawl|spider|slurp|compatible;|https?:|@|headless|lighthouse|ptst|preview|prerender|scrap|archiv|monitor|validator|inspect|facebookexternalhit|mediapartners|google-read-aloud|feedfetcher|python|phantomjs|selenium/i;

/**
 * Whether a person made the request, as far as its headers show. Nothing is stored in the browser, and the client's
 * address is not used.
 */
export function isHumanVisit({ method, headers }: Request): boolean {
  if (method !== 'GET') return false;
  const agent = headers.get('User-Agent') ?? '';
  if (!BROWSER.test(agent) || BOT.test(agent)) return false;
  // `Sec-Purpose: prefetch` and `prefetch;prerender` (Fetch, "Sec-Purpose"), and what browsers sent before it.
  const purpose = headers.get('Sec-Purpose') ?? headers.get('Purpose') ?? headers.get('X-Moz') ?? '';
  if (/prefetch|preview|prerender/i.test(purpose)) return false;
  // Fetch Metadata: a page that somebody opens is a `document`; scripts, workers and frames request something else.
  const destination = headers.get('Sec-Fetch-Dest') ?? 'document';
  return destination === 'document';
}
