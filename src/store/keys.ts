import type { Scope } from '../domain/site.ts';

/** Where an article, or its tombstone, lies. */
export const articleKey = (id: string): string => `article:${id}`;

/** Where a scope's newest cards lie. At most 16 + 3 × 120 bytes, within KV's 512. */
export const feedKey = (scope: Scope): string =>
  scope.kind === 'all' ? 'feed:all' : `feed:${scope.kind}:${scope.name}`;

/** Where a default feed lies as it is served. */
export const renderedKey = (extension: string): string => `rendered:all.${extension}`;

/** Where a publisher's profile and sealed secrets lie. */
export const publisherKey = (id: string): string => `publisher:${id}`;

/** Where a partner's profile and the digests of its tokens lie. */
export const partnerKey = (id: string): string => `partner:${id}`;

/** Where the cards of the most read lie. */
export const TRENDING_KEY = 'trending';

/** Where the site's settings lie. */
export const SITE_KEY = 'site';
