import ipaddr from 'ipaddr.js';
import { readAtMost } from './bounded-body.ts';

/** Rules for requests to a URL that somebody else chose. */
export interface OutboundRules {
  /** The site's own origin, which is refused: a callback there would make the site call itself. */
  origin: string;
  /** For development only: allows http, and loopback and private addresses. */
  allowPrivate: boolean;
}

const MAX_URL_LENGTH = 2_048;

/** Names that resolve only inside a network (RFC 6761, RFC 6762, RFC 8375, and those in common private use). */
const PRIVATE_SUFFIXES = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'home.arpa',
  'lan',
  'invalid',
  'onion',
];

/** The metadata services of cloud providers, which hand out credentials. Refused in development, too. */
const METADATA_NAMES = [
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data.ec2.internal',
];
const METADATA_ADDRESSES = [
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd20:ce::254',
].map((address) => ipaddr.parse(address).toNormalizedString());

/** Ranges allowed in development. Link-local addresses are not, because metadata services use them. */
const DEVELOPMENT_RANGES = new Set(['loopback', 'private', 'uniqueLocal']);

/** The globally routed addresses (RFC 4291 section 2.4 and the IANA registry). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Checks a URL that somebody else chose. A public name may still resolve to a private address; the platform's flag
 * `global_fetch_strictly_public` covers that.
 * @returns the URL, or a message for its sender that says why it is refused
 */
export function checkOutbound(text: string, rules: OutboundRules): URL | { refused: string } {
  if (text.length > MAX_URL_LENGTH) return refused(`must be at most ${MAX_URL_LENGTH} characters`);
  // The WHATWG parser resolves every notation of an address: 0x7f.1, 017700000001 and 2130706433 are 127.0.0.1.
  const url = URL.parse(text);
  if (url === null) return refused('must be an absolute URL');
  if (url.protocol !== 'https:' && !(rules.allowPrivate && url.protocol === 'http:')) {
    return refused('must be an https URL');
  }
  if (url.username !== '' || url.password !== '') return refused('must not contain a user name or password');
  if (url.hash !== '') return refused('must not have a fragment');
  const host = hostOf(url);
  if (METADATA_NAMES.includes(host)) return refused('must not be a metadata service');
  const problem = host === '' ? 'must have a host' : problemOf(host, rules.allowPrivate);
  if (problem !== undefined) return refused(problem);
  if (!rules.allowPrivate && host === hostOf(new URL(rules.origin))) return refused('must not be this site');
  return url;
}

const refused = (reason: string) => ({ refused: reason });

/** The host in lower case without brackets, and without the dot that ends a fully qualified name. */
const hostOf = (url: URL): string =>
  url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/(?<!\.)\.+$/, '')
    .toLowerCase();

function problemOf(host: string, allowPrivate: boolean): string | undefined {
  if (ipaddr.isValid(host)) return problemOfAddress(ipaddr.parse(host), allowPrivate);
  const name = allowPrivate && (host === 'localhost' || host.endsWith('.localhost'));
  if (name) return undefined;
  if (!host.includes('.')) return 'must have a public host name';
  const inside = PRIVATE_SUFFIXES.some((suffix) => host.endsWith(`.${suffix}`));
  return inside ? 'must not be a private network name' : undefined;
}

/** Allows only globally routed unicast addresses that embed no other address. */
function problemOfAddress(address: ipaddr.IPv4 | ipaddr.IPv6, allowPrivate: boolean): string | undefined {
  if (METADATA_ADDRESSES.includes(address.toNormalizedString())) return 'must not be a metadata service';
  const range = address.range();
  if (allowPrivate && DEVELOPMENT_RANGES.has(range)) return undefined;
  if (range !== 'unicast') return `must be a public address; this one is ${range}`;
  if (address instanceof ipaddr.IPv4) return undefined;
  if (!address.match(GLOBAL_UNICAST)) return 'must be a public address';
  // ISATAP (RFC 5214 section 6.1) ends in 0000:5efe or 0200:5efe and an IPv4 address.
  const [, , , , high, low] = address.parts;
  const isatap = low === 0x5efe && (high === 0 || high === 0x0200);
  return isatap ? 'must not embed another address' : undefined;
}

/** The result of a request to somebody else's server. Never an exception. */
export type Sent =
  | { kind: 'accepted'; status: number; text: string }
  /** 410: the receiver no longer exists. */
  | { kind: 'gone' }
  /** Any other status. A redirect is refused, too: it could lead where `checkOutbound` would not. */
  | { kind: 'refused'; status: number }
  | { kind: 'unreachable'; reason: 'timeout' | 'network' };

export interface Bounds {
  milliseconds: number;
  /** The bytes to read of an accepted response's body. The rest is discarded. */
  bytes: number;
}

/** Sends one request within bounds. Follows no redirect. */
export async function send(url: URL, init: RequestInit, bounds: Bounds): Promise<Sent> {
  const signal = AbortSignal.timeout(bounds.milliseconds);
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    if (!response.ok) {
      await response.body?.cancel();
      return response.status === 410 ? { kind: 'gone' } : { kind: 'refused', status: response.status };
    }
    const { bytes } = await readAtMost(response.body, bounds.bytes);
    // A character that is cut off at the end is left out.
    const text = new TextDecoder().decode(bytes, { stream: true });
    return { kind: 'accepted', status: response.status, text };
  } catch {
    return { kind: 'unreachable', reason: signal.aborted ? 'timeout' : 'network' };
  }
}
