/**
 * Every key of KV, the order in which the Desk writes them, and what is stored under each. KV is a projection of the
 * Desk: `desk/projection/projection.ts` makes the values, and `Store` reads them.
 */
import type { Article, Instant, Rights, Tombstone } from '../domain/article.ts';
import { articlePath } from '../domain/identity.ts';
import type { PartnerProfile } from '../domain/partner.ts';
import type { PublisherSettings } from '../domain/publisher.ts';
import { SCOPE_KINDS, type Scope, type ScopeKind, type Site } from '../domain/site.ts';
import type { Standing } from '../domain/trending-score.ts';
import { type DefaultFeed, isDefaultFeed } from '../feeds/feed.ts';
import type { StoredCard } from '../feeds/stored-feed.ts';

/** What a key of KV stands for. The Desk's outbox stores it as JSON. */
export type Target =
  | { kind: 'publisher' | 'partner'; id: string }
  | { kind: SiteKey }
  | { kind: 'article'; id: string }
  | { kind: 'feed'; scope: Scope }
  | { kind: 'rendered'; extension: DefaultFeed };

/** The keys of which a site has one, and their values. KV always has both: a missing one is asked of the Desk. */
export interface SiteRecords {
  /** The operator's settings, or the defaults. */
  site: StoredSite;
  /** The most read articles. */
  trending: StoredTrending;
}

export type SiteKey = keyof SiteRecords;

const SITE_RANKS = { site: 0, trending: 2 } as const satisfies Record<SiteKey, number>;

/** Every `SiteKey`. */
export const SITE_KEYS = Object.keys(SITE_RANKS) as SiteKey[];

/** The order of writing, lowest first: articles go before the feeds that name them. */
export const RANKS = {
  ...SITE_RANKS,
  publisher: 0,
  partner: 0,
  article: 1,
  feed: 2,
  rendered: 3,
} as const satisfies Record<Target['kind'], number>;
export const MAX_RANK = 3;

/** The target's key in KV. */
export function keyOf(target: Target): string {
  switch (target.kind) {
    case 'publisher':
      return publisherKey(target.id);
    case 'partner':
      return partnerKey(target.id);
    case 'article':
      return articleKey(target.id);
    case 'feed':
      return feedKey(target.scope);
    case 'rendered':
      return renderedKey(target.extension);
    default:
      return target.kind;
  }
}

/** The target of a key in KV: the inverse of `keyOf`. Undefined for a key that no target has. */
export function targetOf(key: string): Target | undefined {
  const [kind, name] = splitOnce(key);
  switch (kind) {
    case 'publisher':
    case 'partner':
    case 'article':
      return name === undefined || name === '' ? undefined : { kind, id: name };
    case 'site':
    case 'trending':
      return name === undefined ? { kind } : undefined;
    case 'feed': {
      const [scope, scopeName] = splitOnce(name ?? '');
      if (scope === 'all') return scopeName === undefined ? { kind, scope: { kind: scope } } : undefined;
      const isKnown = (SCOPE_KINDS as readonly string[]).includes(scope);
      return isKnown && scopeName
        ? { kind, scope: { kind: scope as ScopeKind, name: scopeName } }
        : undefined;
    }
    case 'rendered': {
      const extension = name?.startsWith('all.') ? name.slice('all.'.length) : '';
      return isDefaultFeed(extension) ? { kind, extension } : undefined;
    }
    default:
      return undefined;
  }
}

/** The text before the first colon and the text after it; the latter is undefined without a colon. */
function splitOnce(text: string): [string, string | undefined] {
  const at = text.indexOf(':');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** The key of an article, or of its tombstone. */
export const articleKey = (id: string): string => `article:${id}`;

/** The key of a scope's newest cards. At most 16 + 3 × 120 bytes, within KV's 512. */
export const feedKey = (scope: Scope): string =>
  scope.kind === 'all' ? 'feed:all' : `feed:${scope.kind}:${scope.name}`;

/** The key of a default feed, as it is served. */
export const renderedKey = (extension: string): string => `rendered:all.${extension}`;

/** The key of a publisher's profile and sealed secrets. */
export const publisherKey = (id: string): string => `publisher:${id}`;

/** The key of a partner's profile and the digests of its tokens. */
export const partnerKey = (id: string): string => `partner:${id}`;

/**
 * An article as it is read from KV. Its URL there may belong to an earlier origin of the site, so readers rebuild it
 * (`withUrl`).
 */
export type StoredArticle = Omit<Article, 'url'>;

/** A tombstone as it is in KV. */
export interface StoredTombstone extends Tombstone {
  /**
   * A feed of all articles with this sequence number, or a higher one, is without the article. Earlier releases wrote
   * none.
   */
  sequence?: number;
}

/** The KV metadata of bytes that are served unparsed. */
export interface ServedMetadata {
  /** The origin that the bytes contain. Under another origin they are not used. */
  origin: string;
  /** `SERVED_FORM` at the time of writing. */
  form?: number;
}

/**
 * The form of bytes that are served unparsed. Bytes of another form are not used. Bytes without one may say from which
 * partners an article is withheld.
 */
export const SERVED_FORM = 1;

/** The KV metadata of a default feed: the data of its response headers. */
export interface RenderedMetadata extends ServedMetadata {
  sequence: number;
  siteVersion: string;
  changedAt: Instant;
  /** The cursor of the next page, when there is one. */
  next?: string;
}

/** The KV metadata of an article: the data of its response headers. */
export interface ArticleMetadata extends ServedMetadata {
  version: number;
  updatedAt: Instant;
}

/** What tells whether a value in KV is the current one, from its metadata alone. */
export interface Stamp {
  /** The `stamp` in the metadata of the current value. */
  stamp: string;
  /** The version of a published article: values that earlier releases wrote have no stamp but that. */
  version?: number;
}

/** Whether KV's metadata is that of the current value. */
export function isCurrent(metadata: unknown, { stamp, version }: Stamp): boolean {
  const held = (metadata ?? {}) as { stamp?: unknown; version?: unknown };
  if (held.stamp !== undefined) return held.stamp === stamp;
  return version !== undefined && held.version === version;
}

/** How many of the most read articles KV stores. */
export const TRENDING_CARDS = 50;

/** The minimum score of a listed article. A single view exceeds it for twenty hours. */
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

/** The credentials that are still accepted at `now`, in milliseconds since the epoch. */
export function unexpired<Credential extends Dated>(
  credentials: readonly Credential[],
  now: number,
): Credential[] {
  const instant = new Date(now).toISOString();
  return credentials.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > instant);
}

/** A stored secret: encrypted under the Worker's `SECRETS_KEY`. */
export interface SealedSecret {
  sealed: string;
}

/** A stored token: its SHA-256, in base64. */
export interface TokenDigest {
  digest: string;
}

export type PublisherRecord = Account<PublisherSettings, SealedSecret>;
export type PartnerRecord = Account<PartnerProfile, TokenDigest>;

/** The operator's settings; the origin is the deployment's. */
export type SiteSettings = Omit<Site, 'origin'>;

/** A site's settings until its operator changes them. */
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

/** The record `site` until the operator changes the settings: then there is no change to date. */
export const INITIAL_SITE: StoredSite = { ...DEFAULT_SETTINGS, changedAt: '' };

/**
 * A stored article or card as it is shown: with its absolute URL, and without the partners from which it is withheld.
 */
export function withUrl<Stored extends StoredArticle | StoredCard>(
  origin: string,
  stored: Stored,
): Stored & { url: string } {
  const url = origin + articlePath(stored.id, stored.headline);
  const { rights } = stored;
  return { ...stored, ...(rights?.excludePartners && { rights: publicRights(rights) }), url };
}

function publicRights({ excludePartners: _excludePartners, ...rights }: Rights): Rights {
  return rights;
}
