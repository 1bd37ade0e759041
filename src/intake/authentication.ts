import { openSecret } from '../access/secrets.ts';
import { TokenBucket } from '../access/token-bucket.ts';
import { type AppContext, type Bindings, deskOf } from '../bindings.ts';
import { ACCOUNT_ID } from '../domain/account.ts';
import type { SignatureName, SignatureSettings } from '../domain/publisher.ts';
import { Refusal } from '../domain/refusal.ts';
import { logFailure } from '../log.ts';
import { type PublisherRecord, type SealedSecret, unexpired } from '../store/records.ts';
import { SIGNATURES } from './signatures/registry.ts';
import type { SignedRequest } from './signatures/signature.ts';

/**
 * KV may serve a miss, or the record before a rotation, for 60 s; then this reads the Desk. Anyone can cause that with
 * a wrong signature, so each isolate limits it.
 */
const deskLookups = () => new TokenBucket(20, 2);

export interface Authenticated {
  publisher: PublisherRecord;
  deliveryId: string;
  scheme: SignatureName;
}

/** Finds who signed a request. Unsigned, wrongly signed or old requests and unknown publishers get the same refusal. */
export async function authenticate(
  { env, var: { isolate, store } }: AppContext,
  publisherId: string,
  request: SignedRequest,
): Promise<Authenticated | Refusal> {
  if (!ACCOUNT_ID.test(publisherId)) return unauthorized();
  const stored = await store.readPublisher(publisherId);
  const known = stored && (await verify(env, stored, request));
  if (known) return known;
  if (!isolate.get(deskLookups).take(request.now)) return unauthorized();
  const fresh = await deskOf(env).publisher(publisherId);
  if (fresh === undefined || fresh.changedAt === stored?.changedAt) return unauthorized();
  return (await verify(env, fresh, request)) ?? unauthorized();
}

async function verify(
  env: Bindings,
  publisher: PublisherRecord,
  request: SignedRequest,
): Promise<Authenticated | undefined> {
  const settings = publisher.signature ?? DEFAULT_SIGNATURE;
  const scheme = SIGNATURES[settings.scheme];
  // Only the scheme `token` has a last path segment.
  if (request.token !== undefined && scheme.name !== 'token') return undefined;
  const secrets = await openAll(env, publisher.id, unexpired(publisher.credentials, request.now));
  const verified = await scheme.verify(request, secrets, settings);
  return verified && { publisher, deliveryId: verified.deliveryId, scheme: scheme.name };
}

const DEFAULT_SIGNATURE: SignatureSettings = { scheme: 'standard-webhooks' };

/** Opens the secrets. Skips one that was sealed under another `SECRETS_KEY`, so that the others are tried. */
async function openAll(env: Bindings, owner: string, sealed: readonly SealedSecret[]): Promise<string[]> {
  const opened = await Promise.allSettled(
    sealed.map((secret) => openSecret(env.SECRETS_KEY, owner, secret.sealed)),
  );
  return opened.flatMap((result) => {
    if (result.status === 'fulfilled') return [result.value];
    logFailure('stored secret cannot be decrypted; was SECRETS_KEY changed?', result.reason, {
      publisher: owner,
    });
    return [];
  });
}

const unauthorized = () =>
  new Refusal('unauthorized', {
    detail:
      'The raw body must be signed with the publisher’s secret by the signature scheme in its settings. The default is Standard Webhooks: webhook-id, webhook-timestamp (within 300 s) and webhook-signature.',
  });
