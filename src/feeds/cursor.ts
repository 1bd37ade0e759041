import type { Instant } from '../domain/article.ts';
import { ARTICLE_ID } from '../domain/identity.ts';

/** A position in a list that is ordered by `publishedAt`, then id, newest first. */
export interface Position {
  publishedAt: Instant;
  id: string;
}

/** A position as the text of a cursor: `1763800000000-abcdefgh12345678`. */
export const writeCursor = ({ publishedAt, id }: Position): string => `${Date.parse(publishedAt)}-${id}`;

/** The position that a cursor encodes; undefined when the text is not a cursor. */
export function readCursor(text: string): Position | undefined {
  const [, time, id = ''] = /^(\d{1,15})-(\w+)$/.exec(text) ?? [];
  if (time === undefined || !ARTICLE_ID.test(id) || Number(time) >= 253_402_300_800_000) return undefined;
  return { publishedAt: new Date(Number(time)).toISOString(), id };
}
