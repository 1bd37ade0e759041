import { readToken } from '../../access/tokens.ts';
import { RESERVED_HEADERS, type SignatureName } from '../../domain/publisher.ts';
import { ghost } from './ghost.ts';
import { github } from './github.ts';
import type { RequestHead, SignatureScheme } from './signature.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { token } from './token.ts';

/** Every signature scheme, by its name in the settings of publishers. */
export const SIGNATURES: Readonly<Record<SignatureName, SignatureScheme>> = {
  'standard-webhooks': standardWebhooks,
  ghost,
  github,
  token,
};

/** Headers that are sent for another purpose, and what they then hold. With any other value, it may be a secret. */
const OTHER_PURPOSES: readonly [header: RegExp, value: RegExp][] = [
  // A signature that is malformed or too old is none of another scheme.
  [/^(?:webhook|svix)-signature$/, /^v1a?,/],
  [/^x-(?:ghost|hub)-signature(?:-256)?$/, /^sha\d{1,3}=/i],
  [/-digest$|^digest$/, /^sha-?\d{1,3}=/i],
  [/-(?:id|delivery)$/, /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i],
  [/^(?:origin|referer)$/, /^https?:\/\//i],
  [/^cookie$/, /^[\w.-]{1,100}=[^=]/],
];

const hasOtherPurpose = (header: string, value: string): boolean =>
  RESERVED_HEADERS.has(header) ||
  OTHER_PURPOSES.some(([names, values]) => names.test(header) && values.test(value));

/** What a secret looks like, whoever chose it (`access/secrets.ts`). */
const SECRET = /^[!-~]{24,512}$/;

/**
 * Whether a publisher's signature or token may be in the head of a request, for a publisher that KV does not know: the
 * settings may name any scheme, and any header. What this excludes is refused without asking the Desk.
 */
export function mayBeSigned(head: RequestHead): boolean {
  if (head.token !== undefined && SECRET.test(head.token)) return true;
  const bearer = readToken(head.headers.get('Authorization') ?? undefined, undefined);
  if (bearer !== undefined && SECRET.test(bearer)) return true;
  return (
    standardWebhooks.claim(head, { scheme: 'standard-webhooks' }) !== undefined ||
    [...head.headers].some(
      ([header, value]) =>
        [ghost, github].some(({ name, claim }) => claim(head, { scheme: name, header }) !== undefined) ||
        (SECRET.test(value) && !hasOtherPurpose(header, value)),
    )
  );
}
