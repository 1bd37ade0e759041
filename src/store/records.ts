import type { Article, Instant } from '../domain/article.ts';
import { articlePath } from '../domain/identity.ts';
import type { PartnerProfile } from '../domain/partner.ts';
import type { PublisherSettings } from '../domain/publisher.ts';
import type { Site } from '../domain/site.ts';
import type { Standing } from '../domain/trending-score.ts';
import type { StoredCard } from '../feeds/stored-feed.ts';

/**
 * An article as it is read of KV. The URL that lies there is of the origin it was written for, and not to be trusted:
 * whoever needs it makes it anew.
 */
export type StoredArticle = Omit<Article, 'url'>;
/** What must be known of bytes that lie in KV as they are served. */
export interface ServedMetadata {
  /** The address they were made for: under another they would be wrong. */
  origin: string;
}

/** What must be known of a default feed before its bytes are sent: all its headers follow from it. */
export interface RenderedMetadata extends ServedMetadata {
  sequence: number;
  siteVersion: string;
  changedAt: Instant;
  /** The cursor of its next page, when there is one. */
  next?: string;
}

/** What must be known of an article before its JSON is sent. */
export interface ArticleMetadata extends ServedMetadata {
  version: number;
  updatedAt: Instant;
}

/** How many cards of the most read KV holds. */
export const TRENDING_CARDS = 50;

/** An article with less than this left of its views is not listed: one view lasts twenty hours. */
export const MIN_SCORE = 0.1;

/** What is being read most. */
export interface StoredTrending {
  changedAt: Instant;
  /** The most read first, at most `TRENDING_CARDS`. */
  items: { card: StoredCard; standing: Standing }[];
}

/** A publisher's or partner's profile with what it proves itself by. */
export type Account<Profile, Credential> = Profile & {
  createdAt: Instant;
  changedAt: Instant;
  /** The current one first. */
  credentials: (Credential & {
    createdAt: Instant;
    /** When a rotated one stops being accepted; absent for the current one. */
    expiresAt?: Instant;
  })[];
};

/** A secret as it is kept: sealed under the Worker's `SECRETS_KEY`. */
export interface SealedSecret {
  sealed: string;
}

/** A token as it is kept: its SHA-256, in base64. */
export interface TokenDigest {
  digest: string;
}

export type PublisherRecord = Account<PublisherSettings, SealedSecret>;
export type PartnerRecord = Account<PartnerProfile, TokenDigest>;

/** The operator's settings; the origin is the deployment's. */
export type SiteSettings = Omit<Site, 'origin'>;

/** What a site says of itself until its operator says something else. */
export const DEFAULT_SETTINGS: SiteSettings = {
  name: 'Dateline',
  description: 'News from our publishers',
  language: 'en',
  timeZone: 'UTC',
  tombstoneHours: 72,
};

export interface StoredSite extends SiteSettings {
  changedAt: Instant;
}

/** A stored article or card with its absolute URL. */
export function withUrl<Stored extends StoredArticle | StoredCard>(
  origin: string,
  stored: Stored,
): Stored & { url: string } {
  return { ...stored, url: origin + articlePath(stored.id, stored.headline) };
}
