import { isSameText } from './tokens.ts';

/** Whether a request carries the operator's token as `Authorization: Bearer`. Compares in constant time. */
export async function isAdmin(authorization: string | undefined, adminToken: string): Promise<boolean> {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  return token !== undefined && adminToken !== '' && isSameText(token, adminToken);
}
