import type { Ads } from './ads.ts';
import type { Boilerplate } from './boilerplate.ts';
import type { Logo, OperatorSettings } from './settings.ts';

/**
 * The site as its operator configures it: what feeds and pages say about themselves. The optional settings
 * (`settings.ts`) are absent until they are set.
 */
export interface Site extends OperatorSettings {
  name: string;
  description: string;
  /** BCP 47. The language of pages and feeds that are not about one article. */
  language: string;
  /** The IANA time zone of the times on pages. */
  timeZone: string;
  /** The minimum hours for which feeds list an article as withdrawn. */
  tombstoneHours: number;
  /** Absolute, without a trailing slash: `https://news.example`. */
  origin: string;
}

/** A publisher's public profile. */
export interface PublisherProfile {
  id: string;
  name: string;
  url?: string;
  /** BCP 47. Used for articles that declare no language and whose text shows none. */
  language?: string;
  boilerplate?: Boilerplate;
  logo?: Logo;
  /** Replaces the site's advertisements on the pages of this publisher's articles. */
  ads?: Ads;
}

/** What a feed or a list page covers; `name` is absent only for `all`. */
export const SCOPE_KINDS = ['publishers', 'sections', 'tags', 'languages', 'authors'] as const;
export type ScopeKind = (typeof SCOPE_KINDS)[number];
export type Scope = { kind: 'all' } | { kind: ScopeKind; name: string };

/** The path of a scope's feed without its extension, percent-encoded: `/feeds/sections/%E0%A4%96`. */
export function feedPath(scope: Scope): string {
  return scope.kind === 'all' ? '/feeds/all' : `/feeds/${scope.kind}/${encodeURIComponent(scope.name)}`;
}

/** The path of a scope's page. A language has a feed but no page; its path is the home page. */
export function pagePath(scope: Scope): string {
  if (scope.kind === 'all' || scope.kind === 'languages') return '/';
  return `/${scope.kind}/${encodeURIComponent(scope.name)}`;
}
