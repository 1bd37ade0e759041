import { ACCOUNT_ID } from '../domain/account.ts';
import type { StoreEnv } from '../store/cache.ts';
import { readPartner } from '../store/reads.ts';
import type { PartnerRecord } from '../store/records.ts';
import { TokenBucket } from './token-bucket.ts';
import { digestToken, sameText } from './tokens.ts';

/**
 * KV may go on serving a miss, or the record before a rotation, for 60 s: then the Desk is asked. Anyone can make
 * us ask with a wrong token, so each isolate asks seldom.
 */
const asking = new TokenBucket(20, 2);

/** The partner a token belongs to; undefined for a wrong token and an unknown partner alike. */
export async function authenticatePartner(
  env: StoreEnv,
  desk: { partner(id: string): PromiseLike<PartnerRecord | undefined> },
  id: string,
  token: string | undefined,
): Promise<PartnerRecord | undefined> {
  if (token === undefined || !ACCOUNT_ID.test(id)) return undefined;
  const digest = await digestToken(token);
  const stored = await readPartner(env, id);
  if (stored !== null && (await holds(stored, digest))) return stored;
  if (!asking.take(Date.now())) return undefined;
  const fresh = await desk.partner(id);
  return fresh !== undefined && (await holds(fresh, digest)) ? fresh : undefined;
}

async function holds({ credentials }: PartnerRecord, digest: string): Promise<boolean> {
  const now = new Date().toISOString();
  const current = credentials.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
  const matches = await Promise.all(current.map((held) => sameText(held.digest, digest)));
  return matches.includes(true);
}
