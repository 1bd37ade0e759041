/** Signs what push sends. `intake/signatures/` verifies what publishers send. */
import { toBase64, toHex } from '../access/encoding.ts';
import { openSecret, secretBytes } from '../access/secrets.ts';
import type { Bindings } from '../bindings.ts';
import { Unsendable } from './post.ts';

/** A receiver's secret. @throws Unsendable when it was sealed under another `SECRETS_KEY` */
export async function secretOf(env: Bindings, owner: string, sealed: string): Promise<string> {
  try {
    return await openSecret(env.SECRETS_KEY, owner, sealed);
  } catch (error) {
    throw new Unsendable('its secret cannot be decrypted', { cause: error });
  }
}

/** `X-Hub-Signature` (WebSub section 7.1): HMAC-SHA256 of the body under hub.secret, in hex. */
export async function hubSignature(secret: string, body: Uint8Array<ArrayBuffer>): Promise<string> {
  return `sha256=${toHex(await hmac(new TextEncoder().encode(secret), body))}`;
}

/** The headers of Standard Webhooks v1: HMAC-SHA256 over `{id}.{timestamp}.{body}`, in base64. */
export async function webhookHeaders(
  secret: string,
  id: string,
  now: number,
  body: string,
): Promise<Record<string, string>> {
  const key = secretBytes(secret);
  if (key === undefined) throw new Unsendable('its secret is not base64');
  const timestamp = String(Math.floor(now / 1_000));
  const signature = await hmac(key, new TextEncoder().encode(`${id}.${timestamp}.${body}`));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${toBase64(signature)}`,
  };
}

async function hmac(key: BufferSource, message: BufferSource): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, message));
}
