import type { Instant, Status } from '../../domain/article.ts';
import type { Warning } from '../../domain/draft.ts';
import type { ArticleEvent, Revision } from './messages.ts';

/** The part of an article's record that the revision rules need. */
export interface HeldArticle {
  revisedAt: Instant;
  /** The newest time of the publisher's own events, where the operator's restore of a version is newer; else null. */
  sentAt: Instant | null;
  contentHash: string | null;
  publishedAt: Instant | null;
  embargoUntil: Instant | null;
  expiresAt: Instant | null;
  publisherWithdrew: boolean;
  operatorWithdrew: boolean;
}

/** An event with the time by which it is compared (`settleRevisedAt`). */
export type TimedEvent = Exclude<ArticleEvent, { kind: 'ignored' }> & {
  revisedAt: Instant;
  /** Whether the same event came before, and neither its signature nor its own time distinguishes it from a replay. */
  isRepeat?: boolean;
  /** Whether the stored content was made of the same source: if it is another now, only the reading changed. */
  isSourceOfHeld?: boolean;
};

/**
 * How far ahead of its receipt a revision time may be: clocks differ, as they do in signatures (Standard Webhooks allows
 * five minutes).
 */
const MAX_AHEAD_MS = 5 * 60_000;

/** What to do with an event. */
export type Decision = 'accept' | 'withdraw' | 'unchanged' | 'stale' | 'ignored';

/**
 * The revision rules:
 *
 * - An operator's withdrawal takes precedence over everything the publisher sends but a withdrawal: that is recorded, so
 *   that the end of the operator's does not bring back what the publisher took back.
 * - A revision older than the stored one is stale. Of two with the same time, the later arrival wins. A withdrawal is
 *   compared with the publisher's own events only, not with the operator's restore of a version.
 * - Content equal to the stored one is `unchanged`.
 * - A repeat never changes the article. If the stored content came of the same source, it is read anew: settings or a
 *   release may have changed what is made of it.
 * - After the publisher's own withdrawal, only `article.published` restores the article.
 *
 * @param held undefined when the Desk has never seen the article
 */
export function decide(held: HeldArticle | undefined, event: TimedEvent): Decision {
  if (held === undefined) {
    if (event.kind !== 'withdrawn') return 'accept';
    return event.ifHeld === true ? 'ignored' : 'withdraw';
  }
  if (event.kind === 'withdrawn') return decideWithdrawal(held, event);
  if (held.operatorWithdrew) return 'ignored';
  if (event.revisedAt < held.revisedAt) return 'stale';
  const isHeld = !held.publisherWithdrew && event.revision.hash === held.contentHash;
  if (isHeld) return 'unchanged';
  if (event.isRepeat) return event.isSourceOfHeld && !held.publisherWithdrew ? 'accept' : 'stale';
  return held.publisherWithdrew && event.kind === 'updated' ? 'ignored' : 'accept';
}

/** The time of the publisher's newest event, without the operator's restore of a version. */
export const lastSentAt = ({ sentAt, revisedAt }: Pick<HeldArticle, 'sentAt' | 'revisedAt'>): Instant =>
  earliest(sentAt ?? revisedAt, revisedAt);

function decideWithdrawal(held: HeldArticle, { revisedAt, isRepeat }: TimedEvent): Decision {
  if (revisedAt < lastSentAt(held)) return 'stale';
  if (held.publisherWithdrew) return 'unchanged';
  return isRepeat ? 'stale' : 'withdraw';
}

/**
 * The time by which an event is compared with what is held. A time at most `MAX_AHEAD_MS` ahead of the receipt is kept. One
 * further ahead would make every later correction and withdrawal stale, so it counts as the receipt, with a warning. An
 * event without a time is the newest on receipt: a clock that is minutes ahead must not make it stale.
 *
 * @param given the sender's own time
 * @param held the time by which the stored article is compared (`heldRevisedAt`)
 */
export function settleRevisedAt(
  now: Instant,
  given: Instant | undefined,
  held: Instant | undefined,
): { revisedAt: Instant; warnings: Warning[] } {
  const isAhead = given !== undefined && isFarAhead(now, given);
  if (given !== undefined && !isAhead) return { revisedAt: given, warnings: [] };
  return {
    revisedAt: held === undefined ? now : latest(now, held),
    warnings: isAhead ? [{ code: 'updated-in-future', excerpt: given }] : [],
  };
}

/**
 * The time by which a stored article is compared. Times far ahead were stored before they were bounded, or while the
 * Desk's clock was wrong; the article's last change takes their place.
 */
export function heldRevisedAt(
  now: Instant,
  { revisedAt, changedAt }: { revisedAt: Instant; changedAt: Instant },
): Instant {
  return isFarAhead(now, revisedAt) ? earliest(changedAt, now) : revisedAt;
}

/**
 * The times of a stored article without those that are far ahead, which earlier releases stored. They become the time of
 * its last change. An article that waits for the end of its embargo keeps its times.
 * @returns undefined when none is
 */
export function mendTimes(
  now: Instant,
  {
    revisedAt,
    changedAt,
    publishedAt,
    updatedAt,
    embargoUntil,
  }: {
    revisedAt: Instant;
    changedAt: Instant;
    publishedAt: Instant;
    updatedAt: Instant;
    embargoUntil: Instant | null;
  },
): { revisedAt: Instant; publishedAt: Instant; updatedAt: Instant } | undefined {
  if (embargoUntil !== null && embargoUntil > now) return undefined;
  if (![revisedAt, publishedAt, updatedAt].some((time) => isFarAhead(now, time))) return undefined;
  const mended = (time: Instant) => (isFarAhead(now, time) ? earliest(changedAt, now) : time);
  const published = mended(publishedAt);
  return {
    revisedAt: mended(revisedAt),
    publishedAt: published,
    updatedAt: latest(mended(updatedAt), published),
  };
}

/** Whether a time is so far ahead of `now` that it cannot be a difference of clocks. */
const isFarAhead = (now: Instant, time: Instant): boolean =>
  time > new Date(Date.parse(now) + MAX_AHEAD_MS).toISOString();

const latest = (one: Instant, other: Instant): Instant => (one > other ? one : other);

const earliest = (one: Instant, other: Instant): Instant => (one < other ? one : other);

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
 *
 * @param held the stored version. The end of its embargo is no publication as long as it has not come: the new version
 *   may have another one, or none
 */
export function settlePublishedAt(
  now: Instant,
  revision: Pick<Revision, 'publishedAt'> & { card: { embargoUntil?: Instant } },
  held: Pick<HeldArticle, 'publishedAt' | 'embargoUntil'> | undefined,
): { publishedAt: Instant; warnings: Warning[] } {
  const { embargoUntil } = revision.card;
  const wasEmbargoed = held !== undefined && held.embargoUntil !== null && held.embargoUntil > now;
  const kept = wasEmbargoed ? undefined : held?.publishedAt;
  const given = revision.publishedAt;
  const embargoed = embargoUntil !== undefined && embargoUntil > now;
  const inFuture = given !== undefined && given > now && !(embargoed && given <= embargoUntil);
  const base = inFuture ? now : (given ?? kept ?? now);
  return {
    publishedAt: embargoUntil !== undefined && embargoUntil > base ? embargoUntil : base,
    warnings: inFuture ? [{ code: 'published-in-future', excerpt: given }] : [],
  };
}

/**
 * When an article was last updated, as readers see it: the publisher's own time, bounded like a revision time, and never
 * before the publication. Without one, a first version has the time of its publication.
 */
export function settleUpdatedAt(
  now: Instant,
  given: Instant | undefined,
  { publishedAt, revisedAt }: { publishedAt: Instant; revisedAt: Instant | undefined },
): Instant {
  const updatedAt = given !== undefined && isFarAhead(now, given) ? now : (given ?? revisedAt ?? publishedAt);
  return latest(updatedAt, publishedAt);
}
