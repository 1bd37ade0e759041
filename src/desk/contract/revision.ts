import type { Instant, Status } from '../../domain/article.ts';
import type { Warning } from '../../domain/draft.ts';
import type { ArticleEvent, Revision } from './messages.ts';

/** What the Desk holds of an article, as far as its rules look. */
export interface Held {
  revisedAt: Instant;
  contentHash: string | null;
  publishedAt: Instant | null;
  embargoUntil: Instant | null;
  expiresAt: Instant | null;
  publisherWithdrew: boolean;
  operatorWithdrew: boolean;
}

/** What is to be done with an event. */
export type Decision = 'accept' | 'withdraw' | 'unchanged' | 'stale' | 'ignored';

/**
 * The rules of revision: an operator's withdrawal stands against everything the publisher sends; an older revision
 * is stale and an equally old one is not (the later arrival wins); the same content is `unchanged`; only
 * `article.published` undoes the publisher's own withdrawal.
 */
export function decide(held: Held | undefined, event: ArticleEvent): Decision {
  if (event.kind === 'ignored') return 'ignored';
  if (held === undefined) {
    if (event.kind !== 'withdrawn') return 'accept';
    return event.ifHeld === true ? 'ignored' : 'withdraw';
  }
  if (held.operatorWithdrew) return 'ignored';
  if (event.revisedAt < held.revisedAt) return 'stale';
  if (event.kind === 'withdrawn') return held.publisherWithdrew ? 'unchanged' : 'withdraw';
  if (held.publisherWithdrew) return event.kind === 'published' ? 'accept' : 'ignored';
  return event.revision.hash === held.contentHash ? 'unchanged' : 'accept';
}

/** Which of the four an article is at `now`, by what was done to it and its own dates. */
export function statusAt(
  now: Instant,
  held: Pick<Held, 'embargoUntil' | 'expiresAt' | 'publisherWithdrew' | 'operatorWithdrew'>,
): Status {
  if (held.operatorWithdrew || held.publisherWithdrew) return 'withdrawn';
  if (held.expiresAt !== null && held.expiresAt <= now) return 'withdrawn';
  return held.embargoUntil !== null && held.embargoUntil > now ? 'embargoed' : 'published';
}

/**
 * When an article counts as published. Without a date of its own: when it was first received, kept by later
 * versions. A date in the future is clamped to the receipt, with a warning: a local time stamped `Z` must not hide
 * news for hours. A release from embargo is never earlier than the embargo's end.
 */
export function settlePublishedAt(
  now: Instant,
  revision: Pick<Revision, 'publishedAt'> & { card: { embargoUntil?: Instant } },
  heldPublishedAt: Instant | null,
): { publishedAt: Instant; warnings: Warning[] } {
  const { embargoUntil } = revision.card;
  const given = revision.publishedAt;
  const embargoed = embargoUntil !== undefined && embargoUntil > now;
  const inFuture = given !== undefined && given > now && !(embargoed && given <= embargoUntil);
  const base = inFuture ? now : (given ?? heldPublishedAt ?? now);
  return {
    publishedAt: embargoUntil !== undefined && embargoUntil > base ? embargoUntil : base,
    warnings: inFuture ? [{ code: 'published-in-future', excerpt: given }] : [],
  };
}
