import { generateOpml } from 'feedsmith';
import type { Instant } from '../article/article.ts';
import { feedPath, pagePath, SCOPE_KINDS, type Scope, type Site } from '../article/site.ts';
import { xmlText } from './escape.ts';
import { rss } from './rss.ts';

/** A scope whose feed is listed. */
export interface ListedFeed {
  scope: Scope;
  /** What readers call it. */
  title: string;
  /** BCP 47, when all of the feed is in one language. */
  language?: string | undefined;
}

/**
 * OPML 2.0 (http://opml.org/spec2.opml), a subscription list: the feed of everything, then one outline for each
 * kind of scope with its feeds in the order given.
 * @param updatedAt the newest change to what is listed
 */
export function opml(site: Site, feeds: readonly ListedFeed[], updatedAt: Instant): string {
  const all: ListedFeed = { scope: { kind: 'all' }, title: site.name };
  const groups = SCOPE_KINDS.flatMap((kind) => {
    const ofKind = feeds.filter(({ scope }) => scope.kind === kind);
    return ofKind.length === 0
      ? []
      : [{ text: kind, title: kind, outlines: ofKind.map((feed) => outline(feed, site)) }];
  });
  return generateOpml({
    head: { title: xmlText(site.name), dateModified: updatedAt },
    body: { outlines: [outline(all, site), ...groups] },
  });
}

function outline({ scope, title, language }: ListedFeed, site: Site) {
  return {
    text: xmlText(title),
    title: xmlText(title),
    type: 'rss',
    version: 'RSS2',
    xmlUrl: `${site.origin}${feedPath(scope)}.${rss.extension}`,
    htmlUrl: site.origin + pagePath(scope),
    ...(language === undefined ? {} : { language }),
  };
}
