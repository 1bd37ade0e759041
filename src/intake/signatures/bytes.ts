import { sha256, toHex } from '../../access/encoding.ts';

const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/** How far a signed time may be from now, past or future (Standard Webhooks, "Verifying webhooks"). */
export const TOLERANCE_SECONDS = 300;

/** A text as UTF-8. */
export const utf8 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(new TextEncoder().encode(text));

/** Concatenates bytes. */
export function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Decodes the 64 hexadecimal digits, of either case, of a SHA-256. @returns undefined for any other text */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[0-9a-f]{64}$/i.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Whether `signature`, of any length, is the HMAC-SHA256 of `message`. Compares in constant time. */
export async function hmacHolds(
  key: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  // WebCrypto refuses to import an empty key.
  if (key.length === 0) return false;
  const imported = await crypto.subtle.importKey('raw', key, HMAC, false, ['verify']);
  return crypto.subtle.verify('HMAC', imported, signature, message);
}

/** The id of a delivery whose sender provides none: equal bytes are one delivery. */
export async function idOfBytes(message: Uint8Array<ArrayBuffer>): Promise<string> {
  return `sha256-${toHex(await sha256(message))}`;
}
