import { SIGNATURE_SCHEMES } from '../../domain/publisher.ts';
import { fromHex, hmacHolds, idOfBytes, utf8 } from './bytes.ts';
import type { SignatureScheme } from './signature.ts';

/**
 * GitHub's `X-Hub-Signature-256: sha256=<hex>`: HMAC-SHA256 over the body. Many webhook plugins send it, too. Neither a
 * time nor an id is signed, so a delivery's id is a hash of its bytes, by which the Desk detects replays.
 */
export const github: SignatureScheme = {
  name: 'github',
  signsTime: () => false,
  isBodyAlone: () => true,

  claim({ headers }, { header = SIGNATURE_SCHEMES.github.header }) {
    const [, hex = ''] = /^sha256=([0-9a-f]{64})$/i.exec(headers.get(header) ?? '') ?? [];
    const signature = fromHex(hex);
    if (signature === undefined) return undefined;
    return {
      possible: async (secrets) => [...secrets],
      async verify(body, secrets) {
        for (const secret of secrets) {
          if (await hmacHolds(utf8(secret), signature, body)) return { deliveryId: await idOfBytes(body) };
        }
        return undefined;
      },
    };
  },
};
