import { fromBase64 } from '../../access/encoding.ts';
import { PUBLIC_KEY_PREFIX, secretBytes } from '../../access/secrets.ts';
import { hmacHolds, joined, TOLERANCE_SECONDS, utf8 } from './bytes.ts';
import type { RequestHead, SignatureScheme } from './signature.ts';

/** A sender that rotates its keys signs with a few at once. More signatures are not read. */
const MAX_SIGNATURES = 10;

const MAX_ID_LENGTH = 256;

/** Senders that use Svix's libraries send the names from before the standard. */
const HEADER_PREFIXES = ['webhook', 'svix'] as const;

/**
 * Standard Webhooks over `{id}.{timestamp}.{body}`, in base64: v1 is HMAC-SHA256 under a `whsec_` secret, v1a
 * ed25519 under the sender's key pair, whose public half Dateline stores (`whpk_`).
 */
export const standardWebhooks: SignatureScheme = {
  name: 'standard-webhooks',
  signsTime: () => true,
  isBodyAlone: () => false,

  claim(head) {
    const header = headersOf(head);
    if (header === undefined) return undefined;
    const { id, timestamp, signatures } = header;
    if (id === '' || id.length > MAX_ID_LENGTH || !isRecent(timestamp, head.now)) return undefined;
    if (signatures.length === 0) return undefined;
    return {
      possible: async (secrets) =>
        secrets.filter((secret) => signatures.some(({ version }) => version === versionOf(secret))),
      async verify(body, secrets) {
        const message = joined(utf8(`${id}.${timestamp}.`), body);
        for (const secret of secrets) {
          for (const { version, bytes } of signatures) {
            if (await holds(secret, version, bytes, message)) return { deliveryId: id };
          }
        }
        return undefined;
      },
    };
  },
};

interface Signature {
  version: 'v1' | 'v1a';
  bytes: Uint8Array<ArrayBuffer>;
}

function headersOf({ headers }: RequestHead) {
  const prefix = HEADER_PREFIXES.find((each) => headers.has(`${each}-signature`));
  if (prefix === undefined) return undefined;
  return {
    id: headers.get(`${prefix}-id`) ?? '',
    timestamp: headers.get(`${prefix}-timestamp`) ?? '',
    signatures: parseSignatures(headers.get(`${prefix}-signature`) ?? ''),
  };
}

/** Bytes of a signature: of HMAC-SHA256 (v1), and of ed25519 (v1a; RFC 8032 section 5.1.6). */
const SIGNATURE_BYTES = { v1: 32, v1a: 64 } as const;

/** Parses a space-separated list of `{version},{base64}`; skips unknown versions, and signatures of another length. */
function parseSignatures(header: string): Signature[] {
  const signatures: Signature[] = [];
  for (const part of header.split(' ', MAX_SIGNATURES)) {
    const [, version, base64 = ''] = /^(v1a?),(.*)$/.exec(part) ?? [];
    const bytes = fromBase64(base64);
    if (version !== 'v1' && version !== 'v1a') continue;
    if (bytes?.length === SIGNATURE_BYTES[version]) signatures.push({ version, bytes });
  }
  return signatures;
}

/** Each version takes only its own kind of key: a public key is no secret, so an HMAC under it proves nothing. */
const versionOf = (secret: string): Signature['version'] =>
  secret.startsWith(PUBLIC_KEY_PREFIX) ? 'v1a' : 'v1';

async function holds(
  secret: string,
  version: Signature['version'],
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  if (version !== versionOf(secret)) return false;
  const bytes = secretBytes(secret);
  if (bytes === undefined) return false;
  if (version === 'v1') return hmacHolds(bytes, signature, message);
  // RFC 8032 section 5.1.5: keys have 32 bytes. WebCrypto throws at others.
  if (bytes.length !== 32) return false;
  const key = await crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', key, signature, message);
}

/** Only plain digits: `Number` would also read `1e9`, ` 12 ` and `0x10`. */
function isRecent(timestamp: string, now: number): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(Math.floor(now / 1_000) - Number(timestamp)) <= TOLERANCE_SECONDS;
}
