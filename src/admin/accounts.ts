import type { Issue } from '../domain/draft.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Account } from '../store/records.ts';

/** Refuses the invalid id of an account that would be created. */
export const invalidId = (_c: unknown, issues: readonly Issue[]): Refusal =>
  new Refusal('invalid', { issues });

/** When an account's credentials were created and expire, without the credentials. */
export function datesOf({ credentials }: Account<object, object>) {
  return credentials.map(({ createdAt, expiresAt }) => ({ createdAt, ...(expiresAt && { expiresAt }) }));
}
