import { sameText, tokenIn } from '../../access/tokens.ts';
import { idOfBytes } from './bytes.ts';
import type { SignatureScheme, SignedRequest } from './signature.ts';

const MAX_ID_LENGTH = 256;

/**
 * For systems that cannot sign: the secret itself in a header, as `Bearer`, as the password of `Basic`, or as the
 * last segment of the URL. Who holds it may say anything, so it may also name the delivery (`webhook-id`).
 */
export const token: SignatureScheme = {
  name: 'token',

  async verify(request, secrets, { header = 'X-Webhook-Token' }) {
    const given = givenIn(request, header);
    const matches = await Promise.all(
      secrets.flatMap((secret) => given.map((each) => sameText(each, secret))),
    );
    if (!matches.includes(true)) return undefined;
    const id = request.headers.get('webhook-id') ?? '';
    const named = id !== '' && id.length <= MAX_ID_LENGTH;
    return { deliveryId: named ? id : await idOfBytes(request.body) };
  },
};

function givenIn({ headers, token: segment }: SignedRequest, header: string): string[] {
  const authorization = tokenIn(headers.get('Authorization') ?? undefined, undefined);
  return [headers.get(header), authorization, segment].filter(
    (each) => each != null && each !== '',
  ) as string[];
}
