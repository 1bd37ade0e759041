import type { Scope } from '../domain/site.ts';

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

/** The key of the most read articles. */
export const TRENDING_KEY = 'trending';

/** The key of the site's settings. */
export const SITE_KEY = 'site';
