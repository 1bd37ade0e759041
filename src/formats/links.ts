import type { Feed } from './feed.ts';

/**
 * A feed's `atom:link` elements, in RSS as in Atom: to itself (RFC 4287 section 4.2.7.2), to its hub (WebSub
 * section 4), to its other pages (RFC 5005 section 3; its appendix B takes them into RSS).
 */
export function feedLinks(feed: Feed, type: string): { href: string; rel: string; type?: string }[] {
  const pages = { first: feed.firstUrl, previous: feed.previousUrl, next: feed.nextUrl };
  return [
    { href: feed.selfUrl, rel: 'self', type },
    { href: feed.hubUrl, rel: 'hub' },
    ...Object.entries(pages).flatMap(([rel, href]) => (href === undefined ? [] : [{ href, rel, type }])),
  ];
}
