import { memoize } from '../memoize.ts';
import { cleanText } from '../text/text.ts';

// Crockford's base 32, lower case: no i, l, o or u, so that an id can be read aloud without errors.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** An article's id: 16 characters of Crockford base 32. */
export const ARTICLE_ID = /^[0-9a-hjkmnp-tv-z]{16}$/;

/** The permanent id of a publisher's article: the first 80 bits of SHA-256(`publisher` "\n" `sourceId`). */
export async function articleId(publisher: string, sourceId: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${publisher}\n${sourceId}`));
  return base32(new Uint8Array(digest, 0, 10));
}

function base32(bytes: Uint8Array): string {
  let out = '';
  let bits = 0;
  let buffer = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += ALPHABET[(buffer >> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  return out;
}

/** The article's id in feeds, the same in every format and for every version. */
export const articleUrn = (id: string): string => `urn:dateline:${id}`;

const SLUG_LIMIT = 80;

/**
 * A readable, decorative path segment in the headline's own script, in NFC; `article` when nothing is left. Memoized,
 * because the same few hundred headlines appear on every page and in every feed.
 */
export const slugify = memoize(1_000, (headline: string): string => {
  const words = cleanText(headline)
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\u200C\u200D]+/gu, '-')
    .replace(/^-+|(?<!-)-+$/g, '');
  if (words.length <= SLUG_LIMIT) return words.normalize('NFC') || 'article';
  const cut = words.lastIndexOf('-', SLUG_LIMIT);
  return words
    .slice(0, cut > 0 ? cut : SLUG_LIMIT)
    .toWellFormed()
    .replace(/\uFFFD$/, '')
    .normalize('NFC');
});

/** The path of the article's page, percent-encoded so that it can be sent in a header. */
export function articlePath(id: string, headline: string): string {
  return `/news/${id}/${encodeURIComponent(slugify(headline))}`;
}
