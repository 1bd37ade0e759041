import { SIGNATURE_SCHEMES } from '../../domain/publisher.ts';
import { fromHex, hmacHolds, idOfBytes, joined, TOLERANCE_SECONDS, utf8 } from './bytes.ts';
import type { SignatureScheme } from './signature.ts';

const SIGNED = /^sha256=([0-9a-f]{64}), ?t=(\d{1,15})$/i;

/**
 * Ghost's `X-Ghost-Signature: sha256=<hex>, t=<ms>`: HMAC-SHA256 over the body followed by t, with nothing between.
 * Older versions of Ghost sign the body alone. Anybody can change their t, so it is not part of the delivery's id.
 */
export const ghost: SignatureScheme = {
  name: 'ghost',
  signsTime: ({ bodyOnly = false }) => !bodyOnly,
  isBodyAlone: ({ bodyOnly = false }) => bodyOnly,

  claim({ headers, now }, { header = SIGNATURE_SCHEMES.ghost.header, bodyOnly = false }) {
    const [, hex = '', time = ''] = SIGNED.exec(headers.get(header) ?? '') ?? [];
    const signature = fromHex(hex);
    if (signature === undefined || Math.abs(now - Number(time)) > TOLERANCE_SECONDS * 1_000) return undefined;
    return {
      possible: async (secrets) => [...secrets],
      async verify(body, secrets) {
        const messages = [joined(body, utf8(time)), ...(bodyOnly ? [body] : [])];
        for (const secret of secrets) {
          for (const message of messages) {
            if (await hmacHolds(utf8(secret), signature, message))
              return { deliveryId: await idOfBytes(message) };
          }
        }
        return undefined;
      },
    };
  },
};
