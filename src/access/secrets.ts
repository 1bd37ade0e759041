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
 * The stored form of a Standard Webhooks key that its owner chose: a `whsec_` secret or a `whpk_` public key unchanged;
 * of a `whsk_` private key (64 bytes: the seed, then the public key) only the public half.
 * @returns undefined for anything else, or a key shorter than the specification's 24 bytes
 */
export function webhookKey(secret: string): string | undefined {
  if (secret.startsWith(PRIVATE_KEY_PREFIX)) {
    const pair = fromBase64(secret.slice(PRIVATE_KEY_PREFIX.length));
    return pair?.length === 64 ? PUBLIC_KEY_PREFIX + toBase64(pair.subarray(32)) : undefined;
  }
  const bytes = secretBytes(secret);
  if (bytes === undefined || bytes.length < 24) return undefined;
  return secret.startsWith(PUBLIC_KEY_PREFIX) && bytes.length !== 32 ? undefined : secret;
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
