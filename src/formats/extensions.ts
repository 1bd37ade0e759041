import type { Article, Card } from '../article/article.ts';
import { articleUrn } from '../article/identity.ts';
import { escapeAttribute, escapeText } from './escape.ts';
import type { Feed, Withdrawal } from './feed.ts';
import { isFull } from './item.ts';

/** The namespace of what RSS and Atom have no word for: a revision's number and its corrections. */
const DATELINE_NAMESPACE = 'urn:dateline:feed';
/** RFC 6721 section 2. */
const TOMBSTONE_NAMESPACE = 'http://purl.org/atompub/tombstones/1.0';

const DECLARATIONS = `xmlns:at="${TOMBSTONE_NAMESPACE}" xmlns:dateline="${DATELINE_NAMESPACE}"`;

// Nothing but instructions stands before the root. Behind it feedsmith escapes every `<` that is not markup, but in
// CDATA sections, so that these are stepped over to tell an end tag from words. It also sets each section on a line
// of its own: white space that would be part of a title, and of an `atom:id`, which is compared character by
// character (RFC 4287 section 4.2.6.1).
const ROOT = /<(?:rss|feed)(?= )/;
const SECTION_OR_END = />\s*((?:<!\[CDATA\[[\s\S]*?\]\]>)+)\s*|(\n *)<\/(item|entry|channel|feed)>/g;

/**
 * A generated RSS or Atom document with the elements that its generator does not know: for each item its version
 * and corrections, for each withdrawn article an `at:deleted-entry`.
 */
export function withExtensions(xml: string, { items, withdrawn }: Feed): string {
  const waiting = items.values();
  return xml
    .replace(ROOT, (root) => `${root} ${DECLARATIONS}`)
    .replace(SECTION_OR_END, (token, section?: string, lineBreak?: string, name?: string) => {
      if (section !== undefined) return `>${section}`;
      const item = name === 'item' || name === 'entry' ? waiting.next().value : undefined;
      const elements = item === undefined ? withdrawn.map(tombstone) : versionOf(item);
      return elements.map((element) => `${lineBreak}  ${element}`).join('') + token;
    });
}

const tombstone = ({ id, at }: Withdrawal): string =>
  `<at:deleted-entry ref="${escapeAttribute(articleUrn(id))}" when="${escapeAttribute(at)}"/>`;

function versionOf(item: Article | Card): string[] {
  const corrections = isFull(item) ? item.corrections : [];
  return [
    `<dateline:version>${item.version}</dateline:version>`,
    ...corrections.map(
      ({ at, note }) =>
        `<dateline:correction at="${escapeAttribute(at)}">${escapeText(note)}</dateline:correction>`,
    ),
  ];
}
