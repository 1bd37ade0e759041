import type { AppContext } from '../bindings.ts';
import { ACCOUNT_ID } from '../domain/account.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Account } from '../store/records.ts';

/** A rotated credential stays valid for a day unless `?grace=` says otherwise, and for 30 days at most. */
const GRACE_SECONDS = 86_400;
const MAX_GRACE_SECONDS = 30 * GRACE_SECONDS;

/** The id in the URL, as it may stand in other URLs and in KV keys. */
export function readAccountId(c: AppContext): string | Refusal {
  const id = c.req.param('id') ?? '';
  if (ACCOUNT_ID.test(id)) return id;
  const message = 'must be 1 to 63 lower-case letters, digits and hyphens, the first no hyphen';
  return new Refusal('invalid', { issues: [{ path: 'id', message }] });
}

/** `?grace=`, in seconds. */
export function readGrace(c: AppContext): number | Refusal {
  const grace = c.req.query('grace') ?? String(GRACE_SECONDS);
  if (/^\d{1,7}$/.test(grace) && Number(grace) <= MAX_GRACE_SECONDS) return Number(grace);
  const message = `must be a number of seconds from 0 to ${MAX_GRACE_SECONDS}`;
  return new Refusal('invalid-parameters', { issues: [{ path: 'grace', message }] });
}

/** When an account's credentials were made and end: never what they are. */
export function datesOf({ credentials }: Account<object, object>) {
  return credentials.map(({ createdAt, expiresAt }) => ({ createdAt, ...(expiresAt && { expiresAt }) }));
}
