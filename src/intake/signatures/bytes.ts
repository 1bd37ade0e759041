const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/** How far a signed time may lie from ours, past or future (Standard Webhooks, "Verifying webhooks"). */
export const TOLERANCE_SECONDS = 300;

/** The bytes of a text in UTF-8. */
export const utf8 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(new TextEncoder().encode(text));

/** One after the other. */
export function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** The 32 bytes of a SHA-256 in hexadecimal digits of either case; undefined when it is none. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[0-9a-f]{64}$/i.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Whether `signature` is the HMAC-SHA256 of `message`. Compares in constant time, and takes one of any length. */
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

/** A delivery's id for senders that give none: equal bytes are one delivery. */
export async function idOfBytes(message: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', message));
  return `sha256-${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
