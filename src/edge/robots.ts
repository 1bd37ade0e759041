/**
 * What every browser's name begins with, and nothing of a library's or a chat's that makes a preview: Mozilla with
 * the device in brackets, Opera Mini, and UC Browser on simple phones.
 */
const BROWSER = /^(?:Mozilla\/5\.0 \(|Opera\/9|UCWEB\/)/;

/**
 * What crawlers, previews and probes say of themselves somewhere in a name like a browser's. `compatible;` was
 * Internet Explorer's until version 10; since then only they say it. Cubot makes telephones.
 */
const MACHINE =
  /(?<!cu)bot|crawl|spider|slurp|compatible;|https?:|@|headless|lighthouse|ptst|preview|prerender|scrap|archiv|monitor|validator|inspect|facebookexternalhit|mediapartners|google-read-aloud|feedfetcher|python|phantomjs|selenium/i;

/**
 * Whether somebody is about to read what this request asks for. Told by what it says of itself: nothing is stored
 * in the browser, and no address is looked at.
 */
export function isReader({ method, headers }: Request): boolean {
  if (method !== 'GET') return false;
  const agent = headers.get('User-Agent') ?? '';
  if (!BROWSER.test(agent) || MACHINE.test(agent)) return false;
  // `Sec-Purpose: prefetch` and `prefetch;prerender` (Fetch, "Sec-Purpose"), and what browsers sent before it.
  const purpose = headers.get('Sec-Purpose') ?? headers.get('Purpose') ?? headers.get('X-Moz') ?? '';
  if (/prefetch|preview|prerender/i.test(purpose)) return false;
  // Fetch Metadata: a page that somebody opens is a `document`; scripts, workers and frames ask for something else.
  const destination = headers.get('Sec-Fetch-Dest') ?? 'document';
  return destination === 'document';
}
