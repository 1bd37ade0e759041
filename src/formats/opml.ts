import type { Instant } from '../domain/article.ts';
import { feedPath, pagePath, SCOPE_KINDS, type Scope, type Site } from '../domain/site.ts';
import { partsWithin } from '../text/bytes.ts';
import { rss } from './rss.ts';
import { document, emptyElement, parent, textElement } from './xml.ts';

/** The most bytes of a subscription list. 100 feeds of each kind with the longest names have half of it. */
const MAX_OPML_BYTES = 4_000_000;

/** A listed feed. */
export interface ListedFeed {
  scope: Scope;
  /** Its display name. */
  title: string;
  /** BCP 47, if the whole feed is in one language. */
  language?: string | undefined;
}

/**
 * OPML 2.0 (http://opml.org/spec2.opml), a subscription list: the feed of all articles, then one outline for each
 * kind of scope with its feeds in the order given, as many as fit into an equal part of `maxBytes`.
 * @param updatedAt the newest change to a listed feed
 */
export function opml(
  site: Site,
  feeds: readonly ListedFeed[],
  updatedAt: Instant,
  maxBytes: number = MAX_OPML_BYTES,
): string {
  const bytesOfKind = Math.floor(maxBytes / (SCOPE_KINDS.length + 1));

  const all: ListedFeed = { scope: { kind: 'all' }, title: site.name };
  const groups = SCOPE_KINDS.flatMap((kind) => {
    const outlines = partsWithin(
      bytesOfKind,
      feeds.filter(({ scope }) => scope.kind === kind).map((feed) => outline(feed, site)),
    );
    return outlines.length === 0 ? [] : [parent('outline', outlines, { text: kind, title: kind })];
  });
  const head = parent('head', [
    textElement('title', site.name),
    textElement('dateModified', new Date(updatedAt).toUTCString()),
  ]);
  const body = parent('body', [outline(all, site), ...groups]);
  return document(parent('opml', [head, body], { version: '2.0' }));
}

const outline = ({ scope, title, language }: ListedFeed, site: Site): string =>
  emptyElement('outline', {
    text: title,
    title,
    type: 'rss',
    version: 'RSS2',
    xmlUrl: `${site.origin}${feedPath(scope)}.${rss.extension}`,
    htmlUrl: site.origin + pagePath(scope),
    language,
  });
