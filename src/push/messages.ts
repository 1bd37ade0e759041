import type { Announcement } from '../desk/contract/messages.ts';
import type { Instant } from '../domain/article.ts';

/** What the push queue carries: what changed, a callback to verify, a delivery to make. */
export type PushMessage =
  | Announcement
  | { kind: 'verify'; intent: string }
  | { kind: 'deliver'; delivery: number };

/** Answers a path of this site as anybody would get it. */
export type Render = (path: string) => Promise<Response>;

/** A request to the hub that was found to be in order. */
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

/** A delivery with all that making it takes. */
export interface Work {
  number: number;
  kind: 'feed' | 'articles';
  /** The feed's URL, or the partner's id. */
  topic: string;
  callback: string;
  secret: string | null;
  /** The article's id; empty for a feed. */
  subject: string;
  /** The feed's sequence number, or the article's version, that caused it. */
  sequence: number;
  changedAt: Instant;
  /** The same on every attempt; new when there is something new to deliver. */
  deliveryId: string;
  /** The digest of the feed that this subscriber accepted last. */
  delivered: string | null;
  /** The version of the article that this partner accepted last; null when it was told of none, or to drop it. */
  shown: number | null;
}

/** What became of an attempt. */
export type Outcome = { number: number; sequence: number } & (
  | { result: 'accepted'; digest: string }
  | { result: 'told'; shown: number | null }
  /** Nothing was sent, for the receiver has it all. */
  | { result: 'unneeded' }
  /** The receiver is gone, or the topic is. */
  | { result: 'ended'; problem: string }
  | { result: 'failed'; problem: string }
);

/** A subscription as the operator sees it: never with a secret, nor with its callback's query, which may hold one. */
export interface ListedSubscription {
  id: string;
  kind: 'feed' | 'articles';
  topic: string;
  callback: string;
  state: 'active' | 'suspended';
  createdAt: Instant;
  leaseUntil: Instant | null;
  suspendedAt: Instant | null;
  /** What went wrong at the newest attempt, if it went wrong. */
  problem: string | null;
  /** How many deliveries wait, and how often the one tried most was tried. */
  waiting: number;
  attempts: number;
}
