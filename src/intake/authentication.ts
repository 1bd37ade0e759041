import { spend } from '../access/desk-budgets.ts';
import { fingerprint } from '../access/encoding.ts';
import { openSecret, PUBLIC_KEY_PREFIX } from '../access/secrets.ts';
import { type AppContext, type Bindings, deskOf } from '../bindings.ts';
import type { Signer } from '../desk/contract/messages.ts';
import { ACCOUNT_ID } from '../domain/account.ts';
import { DEFAULT_SIGNATURE } from '../domain/publisher.ts';
import { Refusal } from '../domain/refusal.ts';
import { logFailure } from '../log.ts';
import { ValueUnavailable } from '../store/failures.ts';
import { type PublisherRecord, publisherKey, type SealedSecret, unexpired } from '../store/records.ts';
import { parsePublisher } from '../store/store.ts';
import { mayBeSigned, SIGNATURES } from './signatures/registry.ts';
import type { Claim, RequestHead } from './signatures/signature.ts';

/** A request whose head a publisher may have signed. Its body is not read yet. */
export interface Admitted {
  publisher: PublisherRecord;
  head: RequestHead;
  claim: Claim;
  /** The secrets that the head leaves possible; at least one. */
  possible: OpenSecret[];
  /** Whether the record comes from the Desk: asking again would tell nothing new. */
  isFresh: boolean;
}

export interface Authenticated {
  publisher: PublisherRecord;
  deliveryId: string;
  signer: Signer;
  /** See `Delivery`. */
  bodyHash?: string;
  /** See `Payload`. */
  ignoresHeaders: boolean;
}

interface OpenSecret {
  secret: string;
  sealed: string;
}

/**
 * Checks the head of a request, so that no body is read for strangers. Requests that are unsigned, whose signature is
 * malformed or too old, whose token is wrong, and requests to unknown publishers get the same refusal, after the same
 * reads.
 * @throws BudgetExceeded (503) when the Desk would have to be asked and may not: not asked does not mean unknown
 */
export async function admit(
  c: AppContext,
  publisherId: string,
  head: RequestHead,
): Promise<Admitted | Refusal> {
  if (!ACCOUNT_ID.test(publisherId)) return unauthorized();
  const stored = await c.var.store.readPublisher(publisherId);
  const admitted = stored && (await claimOf(c.env, stored, head));
  if (admitted) return { ...admitted, isFresh: false };
  if (!mayBeSigned(head)) return unauthorized();
  return askDesk(c, publisherId, head, stored);
}

/** Finds who signed a request, from its body. The record in KV may be old: then the Desk's decides. */
export async function authenticate(
  c: AppContext,
  admitted: Admitted,
  body: Uint8Array<ArrayBuffer>,
): Promise<Authenticated | Refusal> {
  const known = await verify(admitted, body);
  if (known !== undefined) return known;
  return admitted.isFresh ? unauthorized() : authenticateAnew(c, admitted, body);
}

/** Finds who signed a request by the Desk's record. */
export async function authenticateAnew(
  c: AppContext,
  { publisher, head, isFresh }: Admitted,
  body: Uint8Array<ArrayBuffer>,
): Promise<Authenticated | Refusal> {
  if (isFresh) return unauthorized();
  const fresh = await askDesk(c, publisher.id, head, publisher);
  if (fresh instanceof Refusal) return fresh;
  return (await verify(fresh, body)) ?? unauthorized();
}

/**
 * KV may serve a miss, or the record before a rotation, for 60 s; then the Desk decides. Anyone can cause that with a
 * wrong signature, so each isolate has a budget for it.
 */
async function askDesk(
  { env, var: { isolate } }: AppContext,
  publisherId: string,
  head: RequestHead,
  stored: PublisherRecord | null,
): Promise<Admitted | Refusal> {
  spend(isolate, 'lookups of publishers');
  // The Desk writes to KV what KV turns out not to have.
  const [found = null] = await deskOf(env).values([publisherKey(publisherId)]);
  if (found !== null && typeof found === 'object')
    throw new ValueUnavailable(`The publisher ${publisherId} cannot be read.`);
  const fresh = found === null ? undefined : parsePublisher(found);
  if (fresh === undefined || fresh.changedAt === stored?.changedAt) return unauthorized();
  const admitted = await claimOf(env, fresh, head);
  return admitted ? { ...admitted, isFresh: true } : unauthorized();
}

async function claimOf(
  env: Bindings,
  publisher: PublisherRecord,
  head: RequestHead,
): Promise<Omit<Admitted, 'isFresh'> | undefined> {
  const settings = publisher.signature ?? DEFAULT_SIGNATURE;
  const scheme = SIGNATURES[settings.scheme];
  // Only the scheme `token` has a last path segment.
  if (head.token !== undefined && scheme.name !== 'token') return undefined;
  const claim = scheme.claim(head, settings);
  if (claim === undefined) return undefined;
  const opened = await openAll(env, publisher.id, unexpired(publisher.credentials, head.now));
  // Anybody can know a public key: only a scheme with key pairs may use it. After a change of scheme, a publisher may
  // still have one for the time of its grace.
  const usable = opened.filter(
    ({ secret }) => scheme.name === 'standard-webhooks' || !secret.startsWith(PUBLIC_KEY_PREFIX),
  );
  const left = await claim.possible(usable.map(({ secret }) => secret));
  const possible = usable.filter(({ secret }) => left.includes(secret));
  return possible.length === 0 ? undefined : { publisher, head, claim, possible };
}

async function verify(
  { publisher, claim, possible }: Admitted,
  body: Uint8Array<ArrayBuffer>,
): Promise<Authenticated | undefined> {
  const settings = publisher.signature ?? DEFAULT_SIGNATURE;
  const scheme = SIGNATURES[settings.scheme];
  for (const { secret, sealed } of possible) {
    const verified = await claim.verify(body, [secret]);
    if (verified === undefined) continue;
    return {
      publisher,
      deliveryId: verified.deliveryId,
      signer: { publisher: publisher.id, sealed, settings },
      ...(!scheme.signsTime(settings) && { bodyHash: await fingerprint(body) }),
      ignoresHeaders: scheme.isBodyAlone(settings),
    };
  }
  return undefined;
}

/** Opens the secrets. Skips one that was sealed under another `SECRETS_KEY`, so that the others are tried. */
async function openAll(env: Bindings, owner: string, sealed: readonly SealedSecret[]): Promise<OpenSecret[]> {
  const opened = await Promise.allSettled(
    sealed.map(async (each) => ({
      secret: await openSecret(env.SECRETS_KEY, owner, each.sealed),
      sealed: each.sealed,
    })),
  );
  return opened.flatMap((result) => {
    if (result.status === 'fulfilled') return [result.value];
    logFailure('stored secret cannot be decrypted; was SECRETS_KEY changed?', result.reason, {
      publisher: owner,
    });
    return [];
  });
}

export const unauthorized = () =>
  new Refusal('unauthorized', {
    detail:
      'The raw body must be signed with the publisher’s secret by the signature scheme in its settings. The default is Standard Webhooks: webhook-id, webhook-timestamp (within 300 s) and webhook-signature.',
  });
