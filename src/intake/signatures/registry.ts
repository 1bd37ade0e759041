import { readToken } from '../../access/tokens.ts';
import { SIGNATURE_SCHEMES, type SignatureName } from '../../domain/publisher.ts';
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

/** Headers of one scheme. Their values are no tokens, and malformed ones are no signatures of another scheme. */
const SCHEME_HEADERS =
  /^(?:(?:webhook|svix)-(?:id|timestamp|signature)|x-ghost-signature|x-hub-signature(?:-256)?|x-webhook-token)$/;

/** Headers that HTTP, proxies and browsers send. They hold no credential of a publisher. */
const ORDINARY_HEADERS =
  /^(?:accept|access-control|cf|content|fly|if|mf|sec|x-amz|x-amzn|x-envoy|x-forwarded|x-github|x-vercel|x-b3)-|^(?:accept|authorization|baggage|cache-control|cdn-loop|connection|cookie|date|dnt|expect|forwarded|from|host|keep-alive|origin|pragma|priority|range|referer|te|trace(?:parent|state)|transfer-encoding|true-client-ip|upgrade|user-agent|via|x-client-ip|x-cloud-trace-context|x-correlation-id|x-forwarded-for|x-real-ip|x-request-id)$/;

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
    SECRET.test(head.headers.get(SIGNATURE_SCHEMES.token.header) ?? '') ||
    [...head.headers].some(
      ([header, value]) =>
        [ghost, github].some(({ name, claim }) => claim(head, { scheme: name, header }) !== undefined) ||
        (SECRET.test(value) && !ORDINARY_HEADERS.test(header) && !SCHEME_HEADERS.test(header)),
    )
  );
}
