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

/** What is to be written. Articles go before the feeds that name them. */
export type Subject =
  | { kind: 'publisher' | 'partner'; id: string }
  | { kind: 'site' }
  | { kind: 'article'; id: string }
  | { kind: 'feed'; scope: Scope }
  | { kind: 'rendered'; extension: DefaultFeed }
  | { kind: 'trending' };

/** What is written first. */
export const RANKS = {
  publisher: 0,
  partner: 0,
  site: 0,
  article: 1,
  feed: 2,
  trending: 2,
  rendered: 3,
} as const;
export const LAST_RANK = 3;

/** The subject's key in KV. */
export function keyOf(subject: Subject): string {
  switch (subject.kind) {
    case 'publisher':
      return publisherKey(subject.id);
    case 'partner':
      return partnerKey(subject.id);
    case 'site':
      return SITE_KEY;
    case 'article':
      return articleKey(subject.id);
    case 'feed':
      return feedKey(subject.scope);
    case 'rendered':
      return renderedKey(subject.extension);
    case 'trending':
      return TRENDING_KEY;
  }
}
