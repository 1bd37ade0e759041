import { fromBase64 } from '../../access/encoding.ts';
import { secretBytes } from '../../access/secrets.ts';
import type { SignatureScheme, SignedRequest } from './signature.ts';

/** Standard Webhooks, "Verifying webhooks": the timestamp must be within the tolerance, past or future. */
const TOLERANCE_SECONDS = 300;

/** A sender that rotates its keys signs with a few at once; a header with more is not from one. */
const MOST_SIGNATURES = 10;

const LONGEST_ID = 256;

/** Standard Webhooks v1: HMAC-SHA256 over `{id}.{timestamp}.{body}`, in base64. */
export const standardWebhooks: SignatureScheme = {
  name: 'standard-webhooks',

  async verify(request, secrets) {
    const id = request.headers.get('webhook-id') ?? '';
    const timestamp = request.headers.get('webhook-timestamp') ?? '';
    const signatures = parseSignatures(request.headers.get('webhook-signature') ?? '');
    if (id === '' || id.length > LONGEST_ID || signatures.length === 0) return undefined;
    if (!isCurrent(timestamp, request.now)) return undefined;
    const message = signedBytes(id, timestamp, request);
    for (const secret of secrets) {
      const bytes = secretBytes(secret);
      if (bytes === undefined || bytes.length === 0) continue;
      const key = await crypto.subtle.importKey('raw', bytes, HMAC, false, ['verify']);
      for (const signature of signatures) {
        // Compares in constant time, and takes a signature of any length.
        if (await crypto.subtle.verify('HMAC', key, signature, message)) return { deliveryId: id };
      }
    }
    return undefined;
  },
};

const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/** The v1 signatures of a space-separated list of `{version},{base64}`; other versions are passed over. */
function parseSignatures(header: string): Uint8Array<ArrayBuffer>[] {
  const signatures: Uint8Array<ArrayBuffer>[] = [];
  for (const part of header.split(' ', MOST_SIGNATURES)) {
    const bytes = part.startsWith('v1,') ? fromBase64(part.slice(3)) : undefined;
    if (bytes !== undefined) signatures.push(bytes);
  }
  return signatures;
}

/** Plain digits only: `Number` would also take `1e9`, ` 12 ` and `0x10`. */
function isCurrent(timestamp: string, now: number): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(Math.floor(now / 1_000) - Number(timestamp)) <= TOLERANCE_SECONDS;
}

function signedBytes(id: string, timestamp: string, { body }: SignedRequest): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const message = new Uint8Array(head.length + body.length);
  message.set(head);
  message.set(body, head.length);
  return message;
}
