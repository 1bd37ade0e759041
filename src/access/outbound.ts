import ipaddr from 'ipaddr.js';
import { readAtMost } from './bounded-body.ts';

/** Rules for requests to a URL that somebody else chose. */
export interface OutboundRules {
  /** The site's own origin, which is refused: a callback there would make the site call itself. */
  origin: string;
  /** The Worker's name, whose names under `workers.dev` are refused, too. */
  workerName?: string;
  /** Another host by which this site was called just now, which is refused, too. */
  calledAs?: string;
  /** For development only: allows http, any port, reserved names, and loopback and private addresses. */
  allowPrivate: boolean;
}

const MAX_URL_LENGTH = 2_048;

/** The ports of https. A request to any other could speak to a service that is not meant for the web. */
const PORTS = ['', '8443'];

/** Names that no public server has, and that tests use (RFC 6761). */
const RESERVED_SUFFIXES = ['example', 'test'];

/**
 * Names that resolve only inside a network: RFC 6761, RFC 6762, RFC 7686, RFC 8375 (all of `arpa`), RFC 9476, `internal`
 * (ICANN, 2024), and those in common private use.
 */
const PRIVATE_SUFFIXES = [
  'localhost',
  'invalid',
  'local',
  'onion',
  'arpa',
  'alt',
  'internal',
  'cluster',
  'consul',
  'corp',
  'docker',
  'gateway',
  'home',
  'intranet',
  'k8s',
  'lan',
  'localdomain',
  'nomad',
  'private',
  'router',
  'svc',
  'vpn',
  'workgroup',
];

/** Public services whose names resolve to whatever address they spell, or to this machine. */
const RESOLVERS = [
  'nip.io',
  'sslip.io',
  'xip.io',
  'xip.name',
  '1u.ms',
  'backname.io',
  'fuf.me',
  'ip.me.uk',
  'lacolhost.com',
  'lcl.host',
  'local.gd',
  'localdev.me',
  'localho.st',
  'localhost.direct',
  'localtest.me',
  'lvh.me',
  'plex.direct',
  'rbndr.us',
  'smackaho.st',
  'traefik.me',
  'vcap.me',
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

/** The parts of a URL with an authority (RFC 3986 appendix B). */
const PARTS = /^[a-z][a-z\d+.-]*:\/\/([^/?#]+)(\/[^?#]*)?(\?[^#]*)?(#)?/i;

/** What the WHATWG parser drops or turns into something else, wherever it is. */
const REPAIRED = /[\s\\\p{Cc}\p{Cf}\p{Cs}]/u;
/** Joiners are part of words in Persian and in Indic scripts (RFC 5892 appendix A). */
const JOINERS = /[\u200c\u200d]/gu;

/**
 * Checks a URL that somebody else chose. It must be written as it will be called: what the parser would repair, others
 * may read as something else. A public name may still resolve to a private address; the platform's flag
 * `global_fetch_strictly_public` covers that.
 * @returns the URL, or a message for its sender that says why it is refused
 */
export function checkOutbound(text: string, rules: OutboundRules): URL | { refused: string } {
  if (text.length > MAX_URL_LENGTH) return refused(`must be at most ${MAX_URL_LENGTH} characters`);
  if (REPAIRED.test(text.replace(JOINERS, '')))
    return refused('must not contain spaces, control characters or backslashes');
  // The WHATWG parser resolves every notation of an address: 0x7f.1, 017700000001 and 2130706433 are 127.0.0.1.
  const url = URL.parse(text);
  if (url === null) return refused('must be an absolute URL');
  if (url.protocol !== 'https:' && !(rules.allowPrivate && url.protocol === 'http:')) {
    return refused('must be an https URL');
  }
  const [, authority, path = '', query = '', fragment] = PARTS.exec(text) ?? [];
  if (authority === undefined) return refused(`must begin with ${url.protocol}// and a host`);
  if (authority.includes('@')) return refused('must not contain a user name or password');
  if (fragment !== undefined) return refused('must not have a fragment');
  const host = hostOf(url);
  if (METADATA_NAMES.includes(host)) return refused('must not be a metadata service');
  const problem = host === '' ? 'must have a host' : problemOf(host, rules.allowPrivate);
  if (problem !== undefined) return refused(problem);
  if (!rules.allowPrivate && isOwn(host, rules)) return refused('must not be this site');
  if (!rules.allowPrivate && !PORTS.includes(url.port)) return refused('must use port 443 or 8443');
  const isCanonical =
    isWrittenAs(authority, url) &&
    encoded(path || '/') === encoded(url.pathname) &&
    encoded(query === '?' ? '' : query) === encoded(url.search);
  return isCanonical ? url : refused(`must be written as ${url.href}`);
}

const refused = (reason: string) => ({ refused: reason });

/** The host in lower case without brackets, and without the dot that ends a fully qualified name. */
const hostOf = (url: URL): string =>
  url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();

/** Percent-encodes the characters that a parser may encode or leave. */
const encoded = (part: string): string =>
  part.replace(/[^!-~]|["'<>^`{|}]/gu, (character) =>
    character === "'" ? '%27' : encodeURIComponent(character),
  );

/** Whether an authority is written as it is parsed: in any case, and in Unicode. Another notation of it is not. */
function isWrittenAs(authority: string, url: URL): boolean {
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::([1-9]\d*))?$/.exec(authority) ?? [];
  const isPort = port === undefined ? url.port === '' && !authority.endsWith(':') : Number(port) > 0;
  if (!isPort) return false;
  if (/^[!-~]*$/.test(host)) return host.toLowerCase() === url.hostname;
  // UTS 46 maps circled, full-width and other characters onto letters and dots. A name is written without them.
  const plain = host.replace(JOINERS, '');
  return (
    /^[\p{L}\p{M}\p{N}.-]+$/u.test(plain) && plain.normalize('NFKC').toLowerCase() === plain.toLowerCase()
  );
}

/** Whether a host is this site: by its origin, as it is called, or under `workers.dev`, with previews and environments. */
function isOwn(host: string, { origin, calledAs, workerName }: OutboundRules): boolean {
  if (host === hostOf(new URL(origin))) return true;
  if (calledAs !== undefined && host === calledAs.replace(/\.?(?::\d+)?$/, '').toLowerCase()) return true;
  // A preview is `{version}-{name}.{account}.workers.dev` (Workers, "Preview URLs"), an environment `{name}-{environment}`.
  const [label = ''] = host.split('.', 1);
  return (
    workerName !== undefined && host.endsWith('.workers.dev') && `-${label}-`.includes(`-${workerName}-`)
  );
}

function problemOf(host: string, allowPrivate: boolean): string | undefined {
  if (ipaddr.isValid(host)) return problemOfAddress(ipaddr.parse(host), allowPrivate);
  const suffixes = (names: readonly string[]) =>
    names.some((name) => host === name || host.endsWith(`.${name}`));
  if (allowPrivate && suffixes(['localhost', ...RESERVED_SUFFIXES])) return undefined;
  if (!host.includes('.') || host.split('.').includes('')) return 'must have a public host name';
  if (suffixes(PRIVATE_SUFFIXES)) return 'must not be a private network name';
  if (suffixes(RESERVED_SUFFIXES)) return 'must not be a reserved name';
  if (suffixes(RESOLVERS) || spellsPrivateAddress(host)) return 'must not be a name that spells an address';
  return undefined;
}

/** Whether a part of a name is an address that is not public, in any notation that services for it read. */
function spellsPrivateAddress(host: string): boolean {
  return (
    spelledInDecimal(host).some((each) => rangeOf(each) !== 'unicast') ||
    spelledAsNumber(host).some((each) => PRIVATE_RANGES.has(rangeOf(each))) ||
    host
      .split('.')
      .map((label) => label.replaceAll('-', ':'))
      .some((each) => ipaddr.IPv6.isValid(each) && PRIVATE_RANGES.has(ipaddr.IPv6.parse(each).range()))
  );
}

/**
 * Addresses with dots, hyphens or underscores: `app-10-0-0-1.site.com`, `ip10_0_0_1.site.com`. A version is none:
 * `v10-0-0-1`.
 */
function spelledInDecimal(host: string): string[] {
  // Looked for at every place, because one address may begin within another.
  const spelled = host.matchAll(
    /(?<!\d)(?<!(?:^|[._-])v)(?=(\d{1,3})[._-](\d{1,3})[._-](\d{1,3})[._-](\d{1,3})(?!\d))/g,
  );
  return [...spelled]
    .map(([, ...octets]) => octets.map(Number))
    .filter((octets) => octets.every((octet) => octet <= 255))
    .map((octets) => octets.join('.'));
}

/**
 * Addresses as one number: eight hexadecimal digits (`7f000001`, `0x7f000001`) or up to ten decimal ones (`2130706433`).
 * The ids of commits and previews have eight hexadecimal digits, too: those that would be in 10.0.0.0/8 count only with a
 * byte below 16, as the addresses of most networks have.
 */
function spelledAsNumber(host: string): string[] {
  return host.split(/[._-]/).flatMap((part) => {
    const [, prefix, hex] = /^(0x)?([\da-f]{8})$/.exec(part) ?? [];
    const number = hex !== undefined ? Number.parseInt(hex, 16) : /^\d{9,10}$/.test(part) ? Number(part) : -1;
    if (number < 0 || number > 0xff_ff_ff_ff) return [];
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256);
    const isId = prefix === undefined && octets[0] === 10 && octets.slice(1).every((octet) => octet >= 16);
    return isId ? [] : [octets.join('.')];
  });
}

const rangeOf = (address: string): string => ipaddr.IPv4.parse(address).range();

const PRIVATE_RANGES = new Set([
  'loopback',
  'private',
  'uniqueLocal',
  'linkLocal',
  'carrierGradeNat',
  'ipv4Mapped',
]);

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
