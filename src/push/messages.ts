import type { Announcement } from '../desk/contract/messages.ts';
import type { Instant } from '../domain/article.ts';

/** What the push queue carries: a change, a subscriber to verify, a delivery to attempt. */
export type PushMessage =
  | Announcement
  | { kind: 'verify'; intent: string }
  | { kind: 'deliver'; delivery: number };

/** Answers a path of this site as anybody would get it. */
export type Render = (path: string) => Promise<Response>;

/** A valid request to the hub. */
export interface IntentRequest {
  mode: 'subscribe' | 'unsubscribe';
  /** The feed's own URL. */
  topic: string;
  /** The topic's path without its extension, as the Desk announces it. */
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

/** Where a partner is told of every article it may show. */
export interface PartnerEndpoint {
  partner: string;
  url: string;
  /** A `whsec_…` secret sealed for the owner `endpointOwner(partner)`. */
  sealedSecret: string;
}

/** A delivery that is owed, with all that an attempt needs. */
export interface Delivery {
  number: number;
  kind: 'feed' | 'articles';
  /** The feed's URL, or the partner's id. */
  topic: string;
  callback: string;
  secret: string | null;
  /** The article's id; empty for a feed. */
  articleId: string;
  /** The feed's sequence number, or the article's version, that is to be delivered. */
  sequence: number;
  changedAt: Instant;
  /** The same on every attempt; another one when there is something newer to deliver. */
  deliveryId: string;
  /** The digest of the feed that this subscriber accepted last. */
  delivered: string | null;
  /** The version of the article that this partner accepted last; null when it has none. */
  shown: number | null;
}

/**
 * What became of an attempt: a subscriber `accepted` a feed, or a partner was `told` of an article (`shown` is the
 * version it has now, null when it was told to drop it).
 */
export type DeliveryResult = { number: number; sequence: number } & (
  | { result: 'accepted'; digest: string }
  | { result: 'told'; shown: number | null }
  /** Nothing was sent: the receiver has it already. */
  | { result: 'unneeded' }
  /** The receiver, or the topic, is gone. */
  | { result: 'ended'; problem: string }
  | { result: 'failed'; problem: string }
);

/** A subscription as the operator sees it: without its secret, and without its callback's query, which may hold one. */
export interface ListedSubscription {
  id: string;
  kind: 'feed' | 'articles';
  topic: string;
  callback: string;
  state: 'active' | 'suspended';
  createdAt: Instant;
  leaseUntil: Instant | null;
  suspendedAt: Instant | null;
  /** Why the last attempt failed; null when it did not. */
  problem: string | null;
  /** How many deliveries are owed, and the most attempts that one of them has had. */
  waiting: number;
  attempts: number;
}
