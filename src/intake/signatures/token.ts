import { isSameText, readToken } from '../../access/tokens.ts';
import { SIGNATURE_SCHEMES } from '../../domain/publisher.ts';
import { idOfBytes } from './bytes.ts';
import type { RequestHead, SignatureScheme } from './signature.ts';

const MAX_ID_LENGTH = 256;

/**
 * For senders that cannot sign: the secret itself, in a header, as `Bearer`, as the password of `Basic`, or as the last
 * segment of the URL. A sender with the secret may send anything, so it may also choose the delivery's id (`webhook-id`).
 */
export const token: SignatureScheme = {
  name: 'token',
  signsTime: () => false,
  isBodyAlone: () => false,

  claim(head, { header = SIGNATURE_SCHEMES.token.header }) {
    const tokens = tokensIn(head, header);
    if (tokens.length === 0) return undefined;
    return {
      async possible(secrets) {
        const matches = await Promise.all(
          secrets.map((secret) => Promise.all(tokens.map((each) => isSameText(each, secret)))),
        );
        return secrets.filter((_secret, index) => matches[index]?.includes(true));
      },
      async verify(body, possible) {
        if (possible.length === 0) return undefined;
        const id = head.headers.get('webhook-id') ?? '';
        const isValidId = id !== '' && id.length <= MAX_ID_LENGTH;
        return { deliveryId: isValidId ? id : await idOfBytes(body) };
      },
    };
  },
};

function tokensIn({ headers, token: segment }: RequestHead, header: string): string[] {
  const authorization = readToken(headers.get('Authorization') ?? undefined, undefined);
  return [headers.get(header), authorization, segment].filter(
    (each) => each != null && each !== '',
  ) as string[];
}
