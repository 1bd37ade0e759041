import type { Ads } from './ads.ts';
import type { Boilerplate } from './boilerplate.ts';
import type { Logo, Settings } from './settings.ts';

/**
 * The site that carries the articles, as its operator sets it: what feeds and pages say of themselves. What else may
 * be set (`settings.ts`) is absent until it is.
 */
export interface Site extends Settings {
  name: string;
  description: string;
  /** BCP 47: the language of pages and feeds that are not about one article. */
  language: string;
  /** IANA time zone in which pages show times. */
  timeZone: string;
  /** For how many hours at least feeds say that an article was taken back. */
  tombstoneHours: number;
  /** Absolute, without a slash at its end: `https://news.example`. */
  origin: string;
}

/** What the public may know of a publisher. */
export interface PublisherProfile {
  id: string;
  name: string;
  url?: string;
  /** BCP 47: taken for articles that name no language and show none. */
  language?: string;
  boilerplate?: Boilerplate;
  logo?: Logo;
  /** In place of the site's, on the pages of this publisher's articles. */
  ads?: Ads;
}

/** What feeds and list pages are drawn over; `name` is absent only for `all`. */
export const SCOPE_KINDS = ['publishers', 'sections', 'tags', 'languages', 'authors'] as const;
export type ScopeKind = (typeof SCOPE_KINDS)[number];
export type Scope = { kind: 'all' } | { kind: ScopeKind; name: string };

/** The path of a scope's feed without its extension, percent-encoded: `/feeds/sections/%E0%A4%96`. */
export function feedPath(scope: Scope): string {
  return scope.kind === 'all' ? '/feeds/all' : `/feeds/${scope.kind}/${encodeURIComponent(scope.name)}`;
}

/** The path of a scope's page. Languages have feeds but no page of their own; theirs is the home page. */
export function pagePath(scope: Scope): string {
  if (scope.kind === 'all' || scope.kind === 'languages') return '/';
  return `/${scope.kind}/${encodeURIComponent(scope.name)}`;
}
