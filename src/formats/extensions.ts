import type { Article, Card } from '../domain/article.ts';
import { articleUrn } from '../domain/identity.ts';
import type { Withdrawal } from './feed.ts';
import { isFull } from './item.ts';
import { emptyElement, textElement } from './xml.ts';

/** What RSS and Atom have no word for: a revision's number and its corrections, and RFC 6721's tombstones. */
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

/** RFC 6721 section 3: what was taken back. */
export const tombstone = ({ id, at }: Withdrawal): string =>
  emptyElement('at:deleted-entry', { ref: articleUrn(id), when: at });
