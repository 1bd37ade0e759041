import { isSameText, readToken } from '../../access/tokens.ts';
import { SIGNATURE_SCHEMES } from '../../domain/publisher.ts';
import { idOfBytes } from './bytes.ts';
import type { SignatureScheme, SignedRequest } from './signature.ts';

const MAX_ID_LENGTH = 256;

/**
 * For senders that cannot sign: the secret itself, in a header, as `Bearer`, as the password of `Basic`, or as the last
 * segment of the URL. A sender with the secret may send anything, so it may also choose the delivery's id (`webhook-id`).
 */
export const token: SignatureScheme = {
  name: 'token',

  async verify(request, secrets, { header = SIGNATURE_SCHEMES.token.header }) {
    const tokens = tokensIn(request, header);
    const matches = await Promise.all(
      secrets.flatMap((secret) => tokens.map((each) => isSameText(each, secret))),
    );
    if (!matches.includes(true)) return undefined;
    const id = request.headers.get('webhook-id') ?? '';
    const isValidId = id !== '' && id.length <= MAX_ID_LENGTH;
    return { deliveryId: isValidId ? id : await idOfBytes(request.body) };
  },
};

function tokensIn({ headers, token: segment }: SignedRequest, header: string): string[] {
  const authorization = readToken(headers.get('Authorization') ?? undefined, undefined);
  return [headers.get(header), authorization, segment].filter(
    (each) => each != null && each !== '',
  ) as string[];
}
