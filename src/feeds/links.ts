import type { Position } from './cursor.ts';

/** The URL of a page of a feed, and of the feed's other pages. */
export interface FeedAddress {
  /** The site's origin, which is also its hub's. */
  origin: string;
  /** Where this page starts; absent for the first one. */
  before?: Position | undefined;
  /** The absolute URL of the page that starts at a position; without a position, of the first page. */
  urlOf(before?: Position): string;
}

/** The URLs that a feed names, by their relations: `hub` of WebSub, the others of RFC 5005 section 3. */
export interface FeedLinks {
  self: string;
  hub: string;
  first?: string;
  previous?: string;
  next?: string;
}

/** The site's WebSub hub. */
export const hubUrl = (origin: string): string => `${origin}/hub`;

/** The links of a page of a feed. A feed of one page names no `first`. */
export function feedLinks(
  { origin, before, urlOf }: FeedAddress,
  { next, previous }: { next?: Position | undefined; previous?: Position | null },
): FeedLinks {
  const isPaged = next !== undefined || before !== undefined;
  return {
    self: urlOf(before),
    hub: hubUrl(origin),
    ...(isPaged && { first: urlOf() }),
    ...(previous !== undefined && { previous: urlOf(previous ?? undefined) }),
    ...(next !== undefined && { next: urlOf(next) }),
  };
}

/** Writes links as the value of a `Link` header (RFC 8288). */
export const linkHeader = (links: Partial<FeedLinks>): string =>
  Object.entries(links)
    .map(([relation, url]) => `<${url}>; rel="${relation}"`)
    .join(', ');

/** The URL of a relation in a `Link` header that `linkHeader` wrote. */
export function linkIn(header: string | null, relation: keyof FeedLinks): string | undefined {
  const [url] = (header ?? '').split(', ').flatMap((link) => {
    const [target = '', parameter] = link.split('; ');
    return parameter === `rel="${relation}"` ? [target.slice(1, -1)] : [];
  });
  return url;
}
