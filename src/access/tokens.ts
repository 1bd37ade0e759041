import { toBase64 } from './encoding.ts';

const PREFIX = 'dlp_';
const TOKEN_BYTES = 32;

/** A new partner's token: `dlp_` and the URL-safe base64 (RFC 4648 section 5) of 32 random bytes. */
export function generateToken(): string {
  const random = toBase64(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
  return PREFIX + random.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** What is kept of a token, in base64: nobody can guess 32 random bytes, so one round of SHA-256 hides them. */
export async function digestToken(token: string): Promise<string> {
  return toBase64(new Uint8Array(await digest(token)));
}

/**
 * Whether two texts are the same. Their SHA-256 digests are compared, so the time taken says nothing of either: not
 * even its length.
 */
export async function sameText(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([digest(one), digest(other)]);
  return crypto.subtle.timingSafeEqual(first, second);
}

const digest = (text: string): Promise<ArrayBuffer> =>
  crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));

/**
 * The token a request carries: `Authorization: Bearer`, the password of `Basic` (RFC 7617) under any user name, or
 * `?key=` for readers that know neither.
 */
export function tokenIn(authorization: string | undefined, key: string | undefined): string | undefined {
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
