/** Elements that RSS and Atom share: links between documents, extension elements, Media RSS, Dublin Core. */

import type { Article, Card } from '../domain/article.ts';
import { articleUrn } from '../domain/identity.ts';
import type { Feed, Withdrawal } from './feed.ts';
import { isFull } from './item.ts';
import { safeWebUrl } from './url.ts';
import { emptyElement, parent, textElement } from './xml.ts';

/** Namespaces of elements that RSS and Atom lack: version numbers, corrections, and tombstones (RFC 6721). */
export const EXTENSION_NAMESPACES = {
  'xmlns:at': 'http://purl.org/atompub/tombstones/1.0',
  'xmlns:dateline': 'urn:dateline:feed',
} as const;

/** An item's version and corrections. */
export function itemVersion(item: Article | Card): string[] {
  const corrections = isFull(item) ? item.corrections : [];
  return [
    textElement('dateline:version', String(item.version)),
    ...corrections.map(({ at, note }) => textElement('dateline:correction', note, { at })),
  ];
}

/** A tombstone for a withdrawn article (RFC 6721 section 3). */
export const tombstone = ({ id, at }: Withdrawal): string =>
  emptyElement('at:deleted-entry', { ref: articleUrn(id), when: at });

/**
 * A feed's `atom:link` elements, in RSS as in Atom: to itself (RFC 4287 section 4.2.7.2), to its hub (WebSub
 * section 4), to its other pages (RFC 5005 section 3; its appendix B takes them into RSS).
 */
export function atomLinks(feed: Feed, type: string): { href: string; rel: string; type?: string }[] {
  const pages = { first: feed.firstUrl, previous: feed.previousUrl, next: feed.nextUrl };
  return [
    { href: feed.selfUrl, rel: 'self', type },
    { href: feed.hubUrl, rel: 'hub' },
    ...Object.entries(pages).flatMap(([rel, href]) => (href === undefined ? [] : [{ href, rel, type }])),
  ];
}

const PLAIN = { type: 'plain' };

/**
 * The lead picture in Media RSS 1.5.1: `media:title` is its alternative text, `media:description` its caption. The
 * thumbnail is the picture itself, because no smaller one is known.
 */
export function itemMedia({ image }: Article | Card): string {
  const url = safeWebUrl(image?.url);
  if (image === undefined || url === undefined) return '';
  const size = image.width && image.height ? { height: image.height, width: image.width } : {};
  const details = [
    textElement('media:title', image.alt, PLAIN),
    textElement('media:description', image.caption, PLAIN),
    emptyElement('media:thumbnail', { url, ...size }),
    textElement('media:credit', image.credit),
  ];
  return parent('media:content', details, { url, medium: 'image', ...size });
}

/**
 * An item's `atom:link` elements: the publisher's own page (`canonical`, RFC 6596), and the licence when it is a URL
 * (RFC 4946).
 */
export function itemLinks(item: Article | Card): { href: string; rel: string }[] {
  const canonical = safeWebUrl(item.canonicalUrl);
  const license = safeWebUrl(item.rights?.licence);
  return [
    ...(canonical === undefined || canonical === item.url ? [] : [{ href: canonical, rel: 'canonical' }]),
    ...(license === undefined ? [] : [{ href: license, rel: 'license' }]),
  ];
}

/** An item's Dublin Core terms. */
export function itemTerms({ updatedAt, dateline, credit, rights }: Article | Card): string[] {
  return [
    textElement('dcterms:license', rights?.licence),
    textElement('dcterms:modified', updatedAt),
    textElement('dcterms:rights', rights?.usageTerms),
    textElement('dcterms:source', credit),
    textElement('dcterms:spatial', dateline),
  ];
}
