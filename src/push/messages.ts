import type { PageBudget } from '../access/desk-budgets.ts';
import type { Announcement } from '../desk/contract/messages.ts';
import type { Instant } from '../domain/article.ts';

/** A message of the push queues: a change, a subscriber to verify, or a delivery to attempt. */
export type PushMessage = Announcement | { kind: 'verify'; intent: string } | DeliverMessage;

/**
 * A delivery to attempt. The token names one planned attempt: once the attempt was made or replanned, a message with its
 * token is ignored. Messages of releases before tokens have none, and count as token 0.
 */
export interface DeliverMessage {
  kind: 'deliver';
  delivery: number;
  token?: number;
}

/**
 * The queue that a delivery waits in. Receivers that failed or were slow lately wait in a queue of their own, so that
 * they do not delay the others.
 */
export type Lane = 'fast' | 'slow';

/** A receiver that takes longer to respond is slow, in milliseconds. */
export const SLOW_AFTER_MS = 1_000;

/**
 * Responds to a path of this site as any client gets it.
 * @param pages the budget that it spends where the Desk has to put the page together: by default push's
 */
export type Render = (path: string, pages?: PageBudget) => Promise<Response>;

/** A valid request to the hub. */
export interface IntentRequest {
  mode: 'subscribe' | 'unsubscribe';
  /** The feed's own URL. */
  topic: string;
  /** The topic's path without its extension, as in the Desk's announcements. */
  path: string;
  callback: string;
  /** Sealed for the owner `subscriptionOwner(topic, callback)`. */
  secret: string | null;
  leaseSeconds: number;
}

/** A request to the hub that waits for its subscriber's confirmation. */
export interface Intent extends IntentRequest {
  id: string;
}

/** An intent to verify: whether its subscription exists, and the reason to deny it, if any. */
export interface FoundIntent {
  intent: Intent;
  isRenewal: boolean;
  denial?: string;
}

/** A partner's endpoint for the articles it may show. */
export interface PartnerEndpoint {
  partner: string;
  url: string;
  /** A `whsec_…` secret sealed for the owner `endpointOwner(partner)`. */
  sealedSecret: string;
}

/** A pending delivery, with everything that an attempt needs. */
export interface PendingDelivery {
  number: number;
  token: number;
  kind: 'feed' | 'articles';
  /** The feed's URL, or the partner's id. */
  topic: string;
  callback: string;
  secret: string | null;
  /** The article's id; empty for a feed. */
  articleId: string;
  /** The feed's sequence number, or the article's version, to deliver. */
  sequence: number;
  changedAt: Instant;
  /** The same on every attempt; a new one when there is something newer to deliver. */
  deliveryId: string;
  /** The digest of the feed that this subscriber accepted last. */
  delivered: string | null;
  /** The version of the article that this partner accepted last; null when it has none. */
  shown: number | null;
}

/**
 * The result of an attempt: a subscriber `accepted` a feed, or a partner was `told` of an article (`shown` is the version
 * it now has, null after a withdrawal). `milliseconds` is the time that the receiver took to respond.
 */
export type Outcome =
  | { result: 'accepted'; digest: string; milliseconds: number }
  | { result: 'told'; shown: number | null; milliseconds: number }
  /** Nothing was sent, because the receiver already has it. */
  | { result: 'unneeded' }
  /** The receiver or the topic no longer exists. */
  | { result: 'ended'; problem: string }
  /**
   * `milliseconds` is absent when the receiver was not reached for a reason of this site. `isFinal` when every later
   * attempt would fail as well.
   */
  | { result: 'failed'; problem: string; milliseconds?: number; isFinal?: true }
  /**
   * Nothing was sent yet. Does not count as an attempt. `wait` is in seconds. `problem` says why this site could not
   * send it, if so.
   */
  | { result: 'postponed'; wait: number; problem?: string }
  /** The receiver has not responded within `SLOW_AFTER_MS`; the attempt continues, and its outcome follows. */
  | { result: 'late' };

/** The outcome of the attempt with this token. `deliveryId` tells whether the same change is still pending. */
export type DeliveryResult = Pick<PendingDelivery, 'number' | 'token' | 'sequence'> &
  Partial<Pick<PendingDelivery, 'deliveryId'>> &
  Outcome;

/** Numbers for the operator: all subscriptions, and what waits for them. */
export interface PushCounts {
  subscriptions: number;
  suspended: number;
  /** Subscriptions whose receivers failed or were slow lately. */
  slow: number;
  /** Different topics, and those of them with a query. */
  topics: number;
  variants: number;
  /** Pending deliveries. */
  waiting: number;
}

/** A subscription as the operator sees it: without its secret and its callback's query, which may contain one. */
export interface ListedSubscription {
  id: string;
  kind: 'feed' | 'articles';
  topic: string;
  callback: string;
  state: 'active' | 'suspended';
  createdAt: Instant;
  leaseUntil: Instant | null;
  suspendedAt: Instant | null;
  /** Why the site does not call the callback, or why the last attempt failed; null when neither is so. */
  problem: string | null;
  /** The number of pending deliveries, and the most attempts of any of them. */
  waiting: number;
  attempts: number;
}
