import type { Instant, Status } from '../../domain/article.ts';
import type { Warning } from '../../domain/draft.ts';
import type { ArticleEvent, Revision } from './messages.ts';

/** The part of an article's record that the revision rules need. */
export interface HeldArticle {
  revisedAt: Instant;
  contentHash: string | null;
  publishedAt: Instant | null;
  embargoUntil: Instant | null;
  expiresAt: Instant | null;
  publisherWithdrew: boolean;
  operatorWithdrew: boolean;
}

/** What to do with an event. */
export type Decision = 'accept' | 'withdraw' | 'unchanged' | 'stale' | 'ignored';

/**
 * The revision rules:
 *
 * - An operator's withdrawal takes precedence over everything the publisher sends.
 * - A revision older than the stored one is stale. Of two with the same time, the later arrival wins.
 * - Content equal to the stored one is `unchanged`.
 * - After the publisher's own withdrawal, only `article.published` restores the article.
 *
 * @param held undefined when the Desk has never seen the article
 */
export function decide(held: HeldArticle | undefined, event: ArticleEvent): Decision {
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

/** The status of an article at `now`, from its withdrawals and dates. */
export function statusAt(
  now: Instant,
  held: Pick<HeldArticle, 'embargoUntil' | 'expiresAt' | 'publisherWithdrew' | 'operatorWithdrew'>,
): Status {
  if (held.operatorWithdrew || held.publisherWithdrew) return 'withdrawn';
  if (held.expiresAt !== null && held.expiresAt <= now) return 'withdrawn';
  return held.embargoUntil !== null && held.embargoUntil > now ? 'embargoed' : 'published';
}

/**
 * When an article counts as published. Without a date of its own, that is the time of first receipt, which later
 * versions keep. A date in the future is clamped to the time of receipt, with a warning: a local time with the suffix
 * `Z` must not hide news for hours. An embargoed article is never published before its embargo ends.
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
