import type { Issue } from '../domain/draft.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Account } from '../store/records.ts';

/** An id that no account can have, in a call that would make it: what to mend is said. */
export const invalidId = (_c: unknown, issues: readonly Issue[]): Refusal =>
  new Refusal('invalid', { issues });

/** When an account's credentials were made and end: never what they are. */
export function datesOf({ credentials }: Account<object, object>) {
  return credentials.map(({ createdAt, expiresAt }) => ({ createdAt, ...(expiresAt && { expiresAt }) }));
}
