import type { Article, Instant } from '../domain/article.ts';
import { articlePath } from '../domain/identity.ts';
import type { PartnerProfile } from '../domain/partner.ts';
import type { PublisherSettings } from '../domain/publisher.ts';
import type { Site } from '../domain/site.ts';
import type { Standing } from '../domain/trending-score.ts';
import type { StoredCard } from '../feeds/stored-feed.ts';

/**
 * An article as it is read from KV. Its URL there may belong to a former origin of the site, so readers make it anew
 * (`withUrl`).
 */
export type StoredArticle = Omit<Article, 'url'>;

/** The KV metadata of bytes that are served as they lie there. */
export interface ServedMetadata {
  /** The origin they were made for. Under another they would be wrong. */
  origin: string;
}

/** The KV metadata of a default feed: what its headers are made of. */
export interface RenderedMetadata extends ServedMetadata {
  sequence: number;
  siteVersion: string;
  changedAt: Instant;
  /** The cursor of its next page, when there is one. */
  next?: string;
}

/** The KV metadata of an article: what its headers are made of. */
export interface ArticleMetadata extends ServedMetadata {
  version: number;
  updatedAt: Instant;
}

/** How many of the most read articles KV holds. */
export const TRENDING_CARDS = 50;

/** The least score of a listed article. The score of one view is over it for twenty hours. */
export const MIN_SCORE = 0.1;

/** The most read articles. */
export interface StoredTrending {
  changedAt: Instant;
  /** The most read first, at most `TRENDING_CARDS`. */
  items: { card: StoredCard; standing: Standing }[];
}

/** A publisher's or partner's profile with its credentials. */
export type Account<Profile, Credential> = Profile & {
  createdAt: Instant;
  changedAt: Instant;
  /** The current one first. */
  credentials: (Credential & Dated)[];
};

/** When a credential is valid. */
interface Dated {
  createdAt: Instant;
  /** When a rotated credential stops being accepted; absent for the current one. */
  expiresAt?: Instant;
}

/** Those of an account's credentials that are still accepted at `now`, in milliseconds since the epoch. */
export function unexpired<Credential extends Dated>(
  credentials: readonly Credential[],
  now: number,
): Credential[] {
  const instant = new Date(now).toISOString();
  return credentials.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > instant);
}

/** A secret as it is stored: sealed under the Worker's `SECRETS_KEY`. */
export interface SealedSecret {
  sealed: string;
}

/** A token as it is stored: its SHA-256, in base64. */
export interface TokenDigest {
  digest: string;
}

export type PublisherRecord = Account<PublisherSettings, SealedSecret>;
export type PartnerRecord = Account<PartnerProfile, TokenDigest>;

/** The operator's settings; the origin is the deployment's. */
export type SiteSettings = Omit<Site, 'origin'>;

/** The settings of a site until its operator changes them. */
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
