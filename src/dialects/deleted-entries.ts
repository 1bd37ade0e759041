import { plainText } from '../markup/html-parser.ts';

// What hides markup, and RFC 6721's element under any prefix.
const TOKEN = /<!\[CDATA\[|<!--|<(?:[\w-]{1,20}:)?deleted-entry\s([^<>]{1,2000})>/g;

const MAX_ENTRIES = 1_000;

/** Atom's tombstones (RFC 6721 section 3): which entries are gone, and when. */
export function deletedEntries(xml: string): { ref: string; when: string | undefined }[] {
  const found: { ref: string; when: string | undefined }[] = [];
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(xml); token !== null && found.length < MAX_ENTRIES; token = TOKEN.exec(xml)) {
    const [opening, attributes] = token;
    if (attributes === undefined) {
      const end = xml.indexOf(opening === '<!--' ? '-->' : ']]>', TOKEN.lastIndex);
      if (end === -1) break;
      TOKEN.lastIndex = end;
      continue;
    }
    const ref = attribute(attributes, 'ref');
    if (ref !== undefined) found.push({ ref, when: attribute(attributes, 'when') });
  }
  return found;
}

function attribute(attributes: string, name: string): string | undefined {
  const [, double, single] =
    new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes) ?? [];
  const value = double ?? single;
  return value === undefined ? undefined : plainText(value);
}
