import type { Scope } from '../../domain/site.ts';
import type { DefaultFeed } from '../../feeds/feed.ts';
import {
  articleKey,
  feedKey,
  partnerKey,
  publisherKey,
  renderedKey,
  SITE_KEY,
  TRENDING_KEY,
} from '../../store/keys.ts';

/** What a key of KV stands for: that which the Desk projects into it. */
export type Target =
  | { kind: 'publisher' | 'partner'; id: string }
  | { kind: 'site' }
  | { kind: 'article'; id: string }
  | { kind: 'feed'; scope: Scope }
  | { kind: 'rendered'; extension: DefaultFeed }
  | { kind: 'trending' };

/** The order of writing, lowest first: articles go before the feeds that name them. */
export const RANKS = {
  publisher: 0,
  partner: 0,
  site: 0,
  article: 1,
  feed: 2,
  trending: 2,
  rendered: 3,
} as const;
export const MAX_RANK = 3;

/** The target's key in KV. */
export function keyOf(target: Target): string {
  switch (target.kind) {
    case 'publisher':
      return publisherKey(target.id);
    case 'partner':
      return partnerKey(target.id);
    case 'site':
      return SITE_KEY;
    case 'article':
      return articleKey(target.id);
    case 'feed':
      return feedKey(target.scope);
    case 'rendered':
      return renderedKey(target.extension);
    case 'trending':
      return TRENDING_KEY;
  }
}
