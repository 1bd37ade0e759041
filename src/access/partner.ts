import { ACCOUNT_ID } from '../domain/account.ts';
import type { Isolate } from '../isolate.ts';
import { type PartnerRecord, unexpired } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { spend } from './desk-budgets.ts';
import { digestToken, isSameText } from './tokens.ts';

interface Sources {
  isolate: Isolate;
  store: Store;
  desk: { partner(id: string): PromiseLike<PartnerRecord | undefined> };
}

/**
 * Finds the partner that a token belongs to. KV may serve the record before a rotation for 60 s; then this reads the
 * Desk. Anyone can cause that with a wrong token, so each isolate has a budget for it.
 * @returns undefined for a wrong token and an unknown partner alike
 * @throws BudgetExceeded when the Desk would have to be asked and may not
 */
export async function authenticatePartner(
  { isolate, store, desk }: Sources,
  id: string,
  token: string | undefined,
): Promise<PartnerRecord | undefined> {
  if (token === undefined || !ACCOUNT_ID.test(id)) return undefined;
  const digest = await digestToken(token);
  const stored = await store.readPartner(id);
  if (stored === null) return undefined;
  if (await hasToken(stored, digest)) return stored;
  spend(isolate, 'lookups of credentials');
  const fresh = await desk.partner(id);
  return fresh !== undefined && (await hasToken(fresh, digest)) ? fresh : undefined;
}

async function hasToken({ credentials }: PartnerRecord, digest: string): Promise<boolean> {
  const valid = unexpired(credentials, Date.now());
  const matches = await Promise.all(valid.map((credential) => isSameText(credential.digest, digest)));
  return matches.includes(true);
}
