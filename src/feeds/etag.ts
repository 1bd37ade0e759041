/**
 * The entity tags of responses under `/feeds` and `/articles` and of pages. Clients treat a tag as opaque (RFC 9110
 * section 8.8.3); only this module encodes and decodes its content.
 *
 * A tag is weak: equal tags promise an equally good copy, not equal bytes (RFC 9110 section 8.8.1).
 */

/** Part of every tag. Increment it when the same content is rendered differently: that is a new representation. */
const RENDERER = '5';

/** What a representation depends on. */
export interface EntityTag {
  /** The site-wide sequence number of the newest change to a list; the version of an article or a page. */
  sequence: number;
  /** Everything else the bytes depend on: versions, parameters. Never the current time, never the bytes. */
  versions: readonly string[];
}

/** Writes the value of an `ETag` header: `W/"4.4711.2026-11-20T10%3A00%3A00%2E000Z.…"`. */
export function encodeEtag({ sequence, versions }: EntityTag): string {
  return `W/"${[RENDERER, sequence, ...versions.map(encodePart)].join('.')}"`;
}

/**
 * Reads an entity tag that `encodeEtag` wrote, with or without `W/` (the weak comparison ignores it).
 * @returns undefined for anything else: a foreign tag, a malformed one, or one of another `RENDERER`
 */
export function decodeEtag(text: string): EntityTag | undefined {
  const weak = text.startsWith('W/') ? text : `W/${text}`;
  const [, sequence = '', ...parts] = weak.slice(3, -1).split('.');
  const versions = parts.map(decodePart);
  if (!versions.every((version) => version !== undefined)) return undefined;
  const tag = { sequence: Number(sequence), versions };
  // Only the exact output of the encoder is valid. This rejects everything that the parsing above lets through.
  return Number.isSafeInteger(tag.sequence) && encodeEtag(tag) === weak ? tag : undefined;
}

/** Percent-encoding leaves no character that `etagc` forbids (RFC 9110 section 8.8.3), and no separator. */
const encodePart = (version: string): string =>
  encodeURIComponent(version.toWellFormed()).replaceAll('.', '%2E');

function decodePart(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
