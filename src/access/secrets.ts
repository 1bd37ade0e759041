import type { SignatureName } from '../domain/publisher.ts';
import { fromBase64, toBase64 } from './encoding.ts';

const PREFIX = 'whsec_';
/** Standard Webhooks' asymmetric keys: the private half signs, the public half verifies. */
const PRIVATE_KEY_PREFIX = 'whsk_';
export const PUBLIC_KEY_PREFIX = 'whpk_';
const SECRET_BYTES = 32;
// NIST SP 800-38D section 8.2.2: a random nonce of 96 bits, new for every encryption.
const NONCE_BYTES = 12;

/**
 * Generates a signing secret in the form of Standard Webhooks: `whsec_` and the base64 of 32 random bytes. It contains
 * no `/` or `+`, because it may be part of a URL.
 */
export function generateSecret(): string {
  for (;;) {
    const base64 = toBase64(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
    if (!/[/+]/.test(base64)) return PREFIX + base64;
  }
}

/** Decodes the key of a `whsec_…` or `whpk_…` secret, with or without its prefix. @returns undefined when it is not base64 */
export function secretBytes(secret: string): Uint8Array<ArrayBuffer> | undefined {
  return fromBase64(secret.replace(/^(?:whsec_|whpk_)/, ''));
}

/**
 * The stored form of a secret that a publisher chose for a signature scheme. Standard Webhooks takes a `whsec_` secret, a
 * `whpk_` public key, and of a `whsk_` private key (64 bytes: the seed, then the public key) only the public half. The
 * other schemes take any text that only the two sides know.
 * @returns undefined when the secret does not fit the scheme: a key shorter than Standard Webhooks' 24 bytes, or half of
 * a key pair where both sides need the same secret
 */
export function secretFor(scheme: SignatureName, secret: string): string | undefined {
  if (scheme !== 'standard-webhooks') return isKeyOfPair(secret) ? undefined : secret;
  if (secret.startsWith(PRIVATE_KEY_PREFIX)) {
    const pair = fromBase64(secret.slice(PRIVATE_KEY_PREFIX.length));
    return pair?.length === 64 ? PUBLIC_KEY_PREFIX + toBase64(pair.subarray(32)) : undefined;
  }
  const bytes = secretBytes(secret);
  if (bytes === undefined || bytes.length < 24) return undefined;
  if (secret.startsWith(PUBLIC_KEY_PREFIX)) return bytes.length === 32 ? secret : undefined;
  return isKeyOfPair(secret) ? undefined : secret;
}

/** How keys begin as text: Standard Webhooks, PEM (RFC 7468, OpenSSH, PGP), SSH, PuTTY and age. */
const KEY_TEXT = /^(?:whsk_|whpk_|-----BEGIN|ssh-|ecdsa-sha2-|putty-user-key-file|age-secret-key-)/i;
/** Members of a JSON Web Key with a key pair (RFC 7518 section 6, RFC 8037). */
const JWK_MEMBER = /"(?:crv|d|n|x)"\s*:/;
/** How the binary keys of OpenSSH begin: a private one; the length and name of a public one's algorithm. */
const SSH_BYTES = /^(?:openssh-key-v1\0|\0\0\0[\x07-\x22](?:ssh-|ecdsa-|sk-))/;

/**
 * Whether a text is a public or private key, in any common form, also in base64 or base64url. A public key is no secret,
 * and a private key is its owner's alone: it must not be sent or stored.
 */
function isKeyOfPair(text: string): boolean {
  if (isKeyText(text)) return true;
  const bytes = fromBase64(
    text
      .replace(/^whsec_/i, '')
      .replaceAll('-', '+')
      .replaceAll('_', '/'),
  );
  return bytes !== undefined && (isKeyText(String.fromCharCode(...bytes)) || isKeyInDer(bytes));
}

const isKeyText = (text: string): boolean => {
  const start = text.trimStart();
  const isJson = start.startsWith('{') || start.startsWith('[');
  return KEY_TEXT.test(start) || SSH_BYTES.test(text) || (isJson && JWK_MEMBER.test(start));
};

/** Whether bytes are a key in DER: PKCS #8, PKCS #1, SEC 1 (RFC 5958, 8017, 5915), or a public key (RFC 5280). */
function isKeyInDer(bytes: Uint8Array): boolean {
  const [tag, first = 0] = bytes;
  const extra = first < 0x80 ? 0 : first & 0x7f;
  if (tag !== 0x30 || extra > 2) return false;
  const length =
    extra === 0 ? first : bytes.subarray(2, 2 + extra).reduce((sum, byte) => sum * 256 + byte, 0);
  const content = bytes.subarray(2 + extra);
  // A private key begins with its version, an integer; a public key with the sequence that names its algorithm.
  return content.length === length && ((content[0] === 0x02 && content[1] === 0x01) || content[0] === 0x30);
}

/** The owner to which a WebSub subscription's secret is bound. */
export const subscriptionOwner = (topic: string, callback: string): string => `${topic} ${callback}`;

/** The owner to which the secret of a partner's endpoint is bound. */
export const endpointOwner = (partner: string): string => `webhook:${partner}`;

/**
 * Encrypts a secret for storage with AES-GCM under the Worker's `SECRETS_KEY`. `owner` (for a
 * publisher's secret its id) is bound to it as additional data, so that it cannot be opened under another record.
 */
export async function sealSecret(secretsKey: string, owner: string, secret: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(owner) },
    await aesKey(secretsKey),
    new TextEncoder().encode(secret),
  );
  const both = new Uint8Array(iv.length + sealed.byteLength);
  both.set(iv);
  both.set(new Uint8Array(sealed), iv.length);
  return toBase64(both);
}

/** Decrypts what `sealSecret` sealed. Throws when the key, the owner or the bytes differ. */
export async function openSecret(secretsKey: string, owner: string, sealed: string): Promise<string> {
  const both = fromBase64(sealed);
  if (both === undefined) throw new Error('A stored secret is not base64.');
  const opened = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: both.subarray(0, NONCE_BYTES), additionalData: new TextEncoder().encode(owner) },
    await aesKey(secretsKey),
    both.subarray(NONCE_BYTES),
  );
  return new TextDecoder().decode(opened);
}

async function aesKey(secretsKey: string): Promise<CryptoKey> {
  const bytes = fromBase64(secretsKey);
  if (bytes?.length !== 32)
    throw new Error('SECRETS_KEY must be the base64 of 32 bytes: openssl rand -base64 32');
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}
