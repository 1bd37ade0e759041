import { sha256, toBase64 } from './encoding.ts';

const PREFIX = 'dlp_';
const TOKEN_BYTES = 32;

/** Generates a partner's token: `dlp_` and the URL-safe base64 (RFC 4648 section 5) of 32 random bytes. */
export function generateToken(): string {
  const random = toBase64(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
  return PREFIX + random.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The stored form of a token: its SHA-256 in base64. One round is enough, because nobody can guess 32 random bytes. */
export async function digestToken(token: string): Promise<string> {
  return toBase64(await sha256(token));
}

/**
 * Whether two texts are the same, in constant time. Compares their SHA-256 digests, so that the duration does not even
 * reveal their lengths.
 */
export async function isSameText(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([sha256(one), sha256(other)]);
  return crypto.subtle.timingSafeEqual(first, second);
}

/**
 * Reads the token of a request: `Authorization: Bearer`, the password of `Basic` (RFC 7617) under any user name, or
 * `?key=` for feed readers that support neither.
 */
export function readToken(authorization: string | undefined, key: string | undefined): string | undefined {
  const [, scheme = '', credentials = ''] = /^(Bearer|Basic) +(\S+) *$/i.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() === 'basic') return passwordOf(credentials);
  return key;
}

function passwordOf(credentials: string): string | undefined {
  try {
    return /^[^:]*:(.+)$/s.exec(atob(credentials))?.[1];
  } catch {
    return undefined;
  }
}
