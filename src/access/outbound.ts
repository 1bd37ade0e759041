import ipaddr from 'ipaddr.js';
import { readAtMost } from './bounded-body.ts';

/** Where this Worker may send what a stranger asked it to send. */
export interface OutboundRules {
  /** The site's own origin: a callback there would make the site call itself. */
  origin: string;
  /** For development only: also http, and loopback and private addresses. */
  allowPrivate: boolean;
}

const MAX_URL_LENGTH = 2_048;

/** Names that resolve inside a network only (RFC 6761, RFC 6762, RFC 8375, and those in common private use). */
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

/** Where clouds tell a machine its credentials. Refused in development, too. */
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

/** Only these are within a development machine's reach; link-local stays out, the metadata service lives there. */
const DEVELOPMENT_RANGES = new Set(['loopback', 'private', 'uniqueLocal']);

/** RFC 4291 section 2.4 and the IANA registry: what is routed globally lies in 2000::/3. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * A URL that someone else chose, if this Worker may call it; else the reason why not, for whoever sent it. The
 * platform's `global_fetch_strictly_public` stands behind this for names that resolve to what is not public.
 */
export function checkOutbound(text: string, rules: OutboundRules): URL | { refused: string } {
  if (text.length > MAX_URL_LENGTH) return refused(`must have at most ${MAX_URL_LENGTH} characters`);
  // The WHATWG parser settles every notation of an address: 0x7f.1, 017700000001 and 2130706433 are 127.0.0.1.
  const url = URL.parse(text);
  if (url === null) return refused('must be an absolute URL');
  if (url.protocol !== 'https:' && !(rules.allowPrivate && url.protocol === 'http:')) {
    return refused('must be an https URL');
  }
  if (url.username !== '' || url.password !== '') return refused('must not hold a user name or password');
  if (url.hash !== '') return refused('must not have a fragment');
  const host = hostOf(url);
  if (METADATA_NAMES.includes(host)) return refused('must not be a metadata service');
  const problem = host === '' ? 'must name a host' : problemOf(host, rules.allowPrivate);
  if (problem !== undefined) return refused(problem);
  if (!rules.allowPrivate && host === hostOf(new URL(rules.origin))) return refused('must not be this site');
  return url;
}

const refused = (reason: string) => ({ refused: reason });

/** The host in lower case without brackets, and without the dot that ends a fully qualified name. */
const hostOf = (url: URL): string =>
  url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.+$/, '')
    .toLowerCase();

function problemOf(host: string, allowPrivate: boolean): string | undefined {
  if (ipaddr.isValid(host)) return problemOfAddress(ipaddr.parse(host), allowPrivate);
  const name = allowPrivate && (host === 'localhost' || host.endsWith('.localhost'));
  if (name) return undefined;
  if (!host.includes('.')) return 'must name a public host';
  const inside = PRIVATE_SUFFIXES.some((suffix) => host.endsWith(`.${suffix}`));
  return inside ? 'must not be a name of a private network' : undefined;
}

/** Allowed is what is globally routed unicast; every other range, and every address that embeds another, is not. */
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

/** What became of a request to a stranger's server. Never an exception. */
export type Sent =
  | { kind: 'accepted'; status: number; text: string }
  /** 410: the receiver is not there any more and says so. */
  | { kind: 'gone' }
  /** Any other status. A redirect is one: it could lead where `checkOutbound` would not. */
  | { kind: 'refused'; status: number }
  | { kind: 'unreachable'; reason: 'timeout' | 'network' };

export interface Bounds {
  milliseconds: number;
  /** How much of an accepted answer is read; the rest is thrown away. */
  bytes: number;
}

/** Sends one request, follows no redirect, waits and reads no longer than the bounds say. */
export async function send(url: URL, init: RequestInit, bounds: Bounds): Promise<Sent> {
  const signal = AbortSignal.timeout(bounds.milliseconds);
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    if (!response.ok) {
      await response.body?.cancel();
      return response.status === 410 ? { kind: 'gone' } : { kind: 'refused', status: response.status };
    }
    const { bytes } = await readAtMost(response.body, bounds.bytes);
    // A character that the end cuts through is left out.
    const text = new TextDecoder().decode(bytes, { stream: true });
    return { kind: 'accepted', status: response.status, text };
  } catch {
    return { kind: 'unreachable', reason: signal.aborted ? 'timeout' : 'network' };
  }
}
