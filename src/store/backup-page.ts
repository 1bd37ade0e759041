/**
 * A page of a backup as text: lines of JSON, each with its line feed (NDJSON). The first page starts with the manifest;
 * then come the entries of one Durable Object (`backup-rows.ts`); the last line closes the page. A file is its pages in
 * their order.
 *
 * The closing line has a SHA-256 over the page's cursor, a line feed, and all of the page before `,"sha256":`. A cursor
 * contains a digest of the page before, so the digests are a chain: a changed byte, a page that is missing and pages in
 * another order are found, and so is a file without its end.
 */
import * as v from 'valibot';
import { occurrencesOf } from '../text/text.ts';

/** The largest page. One has about 2 MiB, or one row of up to 2 MB, of which JSON makes at most 4 MB. */
export const MAX_PAGE_BYTES = 8 * 1_048_576;

/** The version of this format. */
export const BACKUP_FORMAT = 1;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Which Durable Object a page is from. */
const objectName = v.picklist(['desk', 'subscriptions']);

const manifestSchema = v.object({
  format: count,
  /** The release of Dateline that wrote the backup, and its database schemas. */
  release: v.string(),
  schemas: v.object({ desk: count, subscriptions: count }),
  origin: v.string(),
  startedAt: v.string(),
  /** A text that was sealed under the site's `SECRETS_KEY`: proves that the key which opens it is the same. */
  secretsKey: v.string(),
});
export type Manifest = v.InferOutput<typeof manifestSchema>;

const endSchema = v.object({
  /** Entries in all pages. */
  rows: count,
  /** The site's last sequence number. */
  sequence: count,
  /** The moment whose state the Desk's part has. */
  at: v.string(),
});
export type BackupEnd = v.InferOutput<typeof endSchema>;

const closingSchema = v.strictObject({
  page: v.pipe(count, v.minValue(1)),
  object: objectName,
  rows: count,
  /** Only on the last page. */
  end: v.exactOptional(endSchema),
  /** The cursor of the next page; null on the last one. */
  next: v.nullable(v.string()),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});
type Closing = v.InferOutput<typeof closingSchema>;

export interface Page extends Closing {
  manifest?: Manifest;
  /** The entries, one per line. */
  lines: string;
}

/** What is wrong with a page, in words. */
export class PageError extends Error {}

const cursorSchema = v.strictObject({
  page: v.pipe(count, v.minValue(2)),
  /** A digest of the page before this one, without its `next`. */
  before: v.string(),
  /** The entries up to there. */
  rows: count,
  object: objectName,
  /** Where in the object's tables; null at their beginning. */
  position: v.nullable(v.string()),
  /** What the Desk's last page tells, once it was taken. */
  desk: v.exactOptional(v.strictObject({ sequence: count, at: v.string(), settlesAt: v.number() })),
});
export type Cursor = v.InferOutput<typeof cursorSchema>;

/** A cursor as text that is safe in a URL. */
export function encodeCursor(cursor: Cursor): string {
  const bytes = new TextEncoder().encode(JSON.stringify(cursor));
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @returns undefined when the text is no cursor */
export function decodeCursor(text: string): Cursor | undefined {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const parsed = v.safeParse(cursorSchema, JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes a page.
 * @param cursor the page's own cursor; empty for the first page
 * @param nextOf makes the cursor of the next page from a digest of this one
 */
export async function writePage(
  cursor: string,
  { manifest, lines, ...closing }: Omit<Page, 'sha256' | 'next'>,
  nextOf: (digest: string) => string | null,
): Promise<string> {
  const head = manifest === undefined ? '' : `${JSON.stringify({ manifest })}\n`;
  const start = `${head}${lines}${JSON.stringify(closing).slice(0, -1)}`;
  const content = `${start},"next":${JSON.stringify(nextOf(await digestOf(cursor, start)))}`;
  return `${content},"sha256":"${await digestOf(cursor, content)}"}\n`;
}

/**
 * Reads a page and verifies it.
 * @param cursor the page's own cursor: the `next` of the page before, empty for the first page
 * @throws PageError
 */
export async function readPage(cursor: string, text: string): Promise<Page> {
  const { page, content, body } = splitPage(text);
  if ((await digestOf(cursor, content)) !== page.sha256)
    throw new PageError(
      `Page ${page.page} is damaged, or does not follow the page before: its SHA-256 differs.`,
    );
  if ((page.page === 1) !== (cursor === ''))
    throw new PageError(`Page ${page.page} is not where it belongs.`);
  if ((page.next === null) !== (page.end !== undefined))
    throw new PageError(`Page ${page.page} must have either a next page or the end.`);
  const { manifest, lines } = splitManifest(page.page, body);
  const rows = occurrencesOf('\n', lines);
  if (rows !== page.rows) throw new PageError(`Page ${page.page} has ${rows} rows, but names ${page.rows}.`);
  return { ...page, ...(manifest && { manifest }), lines };
}

/** A page's closing line, unverified: which page it is. @throws PageError */
export function closingOf(text: string): Closing {
  return splitPage(text).page;
}

/** Whether a line closes a page. Entries and the manifest start otherwise. */
export const closesPage = (line: string): boolean => line.startsWith('{"page":');

function splitPage(text: string): { page: Closing; content: string; body: string } {
  const start = text.lastIndexOf('\n', text.length - 2) + 1;
  const closing = text.slice(start);
  const cut = closing.lastIndexOf(',"sha256":');
  let json: unknown;
  try {
    json = closing.endsWith('\n') ? JSON.parse(closing) : undefined;
  } catch {
    json = undefined;
  }
  const parsed = v.safeParse(closingSchema, json);
  if (!parsed.success || cut < 0)
    throw new PageError('A page must end with the line that closes it, and a line feed.');
  return { page: parsed.output, content: text.slice(0, start + cut), body: text.slice(0, start) };
}

function splitManifest(page: number, body: string): { manifest?: Manifest; lines: string } {
  if (page > 1) return { lines: body };
  const end = body.indexOf('\n') + 1;
  let json: unknown;
  try {
    json = JSON.parse(body.slice(0, end));
  } catch {
    json = undefined;
  }
  const parsed = v.safeParse(v.object({ manifest: manifestSchema }), json);
  if (!parsed.success) throw new PageError('The first line must be the manifest of a backup of Dateline.');
  return { manifest: parsed.output.manifest, lines: body.slice(end) };
}

async function digestOf(cursor: string, content: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${cursor}\n${content}`);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
