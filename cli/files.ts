/** Finds files that may contain articles, and reads them with the same dialects as webhooks. */
import { createReadStream } from 'node:fs';
import { open, readFile as readBytes, readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { decodePage } from '../scripts/decode.ts';
import type { Dialect, Item, ReadOptions } from '../src/dialects/dialect.ts';
import { frontMatter } from '../src/dialects/front-matter.ts';
import type { Payload } from '../src/dialects/payload.ts';
import { DIALECTS } from '../src/dialects/registry.ts';
import { Refusal } from '../src/domain/refusal.ts';
import { xmlEncoding } from '../src/markup/xml.ts';
import { Failure } from './report.ts';

/** One thing read from a file: an item of a dialect, or a native payload that is ready to send. */
export type Entry =
  | {
      item: Item;
      /** When the file was modified, if it contains only the article. */
      modifiedAt?: string;
    }
  | { payload: string; label: string };

type Kind = Exclude<Payload['kind'], 'form'> | 'unknown';

/** A file that may contain articles. */
export interface InputFile {
  path: string;
  /** The default id of an article: its path in the folder, the same on every machine. */
  id: string;
  kind: Kind;
  /** The bytes that a reader will report; XML is read twice. */
  bytes: number;
  modifiedAt: Date;
}

/** Called with the number of bytes read since the last call. */
export type Advance = (bytes: number) => void;

/** The dialects of webhooks, and front matter, which only files have. */
const FILE_DIALECTS: readonly Dialect<string>[] = [frontMatter, ...DIALECTS];

const HEAD = 8_192;
const EXTENSIONS: Readonly<Record<string, Kind>> = {
  '.html': 'html',
  '.htm': 'html',
  '.xhtml': 'html',
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.txt': 'text',
};
const DATA = new Set(['.xml', '.rss', '.atom', '.rdf', '.wxr', '.json']);

/**
 * The file at `path`, or every file in and below it that may contain articles, in order.
 * @throws Failure when there is none
 */
export async function findFiles(path: string): Promise<InputFile[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new Failure(`${path} does not exist.`);
  if (!found.isDirectory()) return [await fileAt(path, basename(path))];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => DATA.has(extensionOf(file)) || extensionOf(file) in EXTENSIONS)
    .sort();
  if (paths.length === 0) {
    throw new Failure(`${path} contains no feed, export, JSON, HTML, Markdown or text file.`);
  }
  const files: InputFile[] = [];
  // One after the other: a folder may have more files than a process may have open.
  for (const file of paths) files.push(await fileAt(file, relative(path, file).replaceAll(sep, '/')));
  return files;
}

async function fileAt(path: string, id: string): Promise<InputFile> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const { size, mtime } = await handle.stat();
    const kind = kindOf(path, buffer.subarray(0, bytesRead));
    return { path, id, kind, bytes: kind === 'xml' ? size * 2 : size, modifiedAt: mtime };
  } finally {
    await handle.close();
  }
}

const FEED_ROOT = /<(?:rss|(?:\w+:)?feed|rdf:RDF|(?:\w+:)?entry|item)[\s>]/i;

/** Detects the kind from the first bytes where possible, because feeds have any extension; else from the name. */
function kindOf(path: string, head: Uint8Array): Kind {
  const start = new TextDecoder(xmlEncoding(head)).decode(head);
  if (
    /^\s*<(?:\?xml|!--|rss|(?:\w+:)?feed|rdf:RDF|(?:\w+:)?entry|item)/i.test(start) &&
    FEED_ROOT.test(start)
  )
    return 'xml';
  const byName = EXTENSIONS[extensionOf(path)];
  if (byName !== undefined) return byName;
  if (/^\s*[{[]/.test(start)) return 'json';
  if (/^\s*(?:<!doctype html|<html)/i.test(start)) return 'html';
  return 'unknown';
}

const extensionOf = (path: string): string => extname(path).toLowerCase();

/**
 * Reads the entries of a file one by one.
 * @throws Failure when the file turns out to be invalid
 */
export async function* readFile(
  file: InputFile,
  options: ReadOptions,
  advance: Advance,
): AsyncGenerator<Entry> {
  const { kind } = file;
  switch (kind) {
    case 'unknown':
      throw new Failure(
        'is not supported: it must be RSS, Atom, a WordPress export, JSON, HTML, Markdown or text (.txt)',
      );
    case 'xml':
      for await (const item of streamItems(file.path, options, advance)) yield { item };
      break;
    default: {
      const headers = new Headers();
      const text = kind === 'json' ? await readUtf8(file.path) : decodePage(await readBytes(file.path));
      const payload: Payload =
        kind === 'json'
          ? { kind, value: parseJson(text), headers }
          : { kind, text, location: file.id, headers };
      yield* spread([...entriesIn(file, payload, text, options)], file.bytes, advance);
    }
  }
}

function* entriesIn(file: InputFile, payload: Payload, text: string, options: ReadOptions): Generator<Entry> {
  const dialect = FILE_DIALECTS.find(
    ({ kinds, recognizes }) => kinds.includes(payload.kind) && recognizes(payload),
  );
  if (dialect?.name === 'native') {
    if (!isNative(payload)) {
      throw new Failure(
        'is JSON, but neither a native webhook ({type, timestamp, data}: docs/api.md) nor a supported format (docs/publishers)',
      );
    }
    yield { payload: text, label: file.id };
    return;
  }
  const items = dialect?.read(payload, options) ?? [];
  if (items instanceof Refusal) throw new Failure(items.details.detail ?? items.reason);
  // A file written by hand has no time of its revision but the file's.
  const age = payload.kind === 'json' ? {} : { modifiedAt: file.modifiedAt.toISOString() };
  for (const item of items) yield { item, ...age };
}

const isNative = (payload: Payload): boolean =>
  payload.kind === 'json' &&
  typeof payload.value === 'object' &&
  payload.value !== null &&
  'type' in payload.value &&
  typeof payload.value.type === 'string' &&
  'data' in payload.value;

/** JSON has no other encoding (RFC 8259 section 8.1). */
async function readUtf8(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(await readBytes(path));
  } catch (error) {
    throw error instanceof TypeError ? new Failure('is not valid UTF-8') : error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure(`is not valid JSON: ${(error as SyntaxError).message}`);
  }
}

/** Characters of one item. A comment or section without an end would otherwise fill memory with the rest of the file. */
const MAX_ITEM = 33_554_432;

/** Reads a feed or an export of any size item by item; reads the file twice, since what items share may follow them. */
async function* streamItems(path: string, options: ReadOptions, advance: Advance): AsyncGenerator<Item> {
  const candidates = FILE_DIALECTS.flatMap(({ stream }) => stream?.(options) ?? []);
  for await (const { text, bytes } of textOf(path)) {
    for (const candidate of candidates) if (candidate.pending <= MAX_ITEM) candidate.survey(text);
    advance(bytes);
  }
  const document = candidates.find((candidate) => !(candidate.endSurvey() instanceof Refusal));
  if (document === undefined) throw new Failure('is XML, but not RSS, Atom or a WordPress export');
  for await (const { text, bytes } of textOf(path)) {
    yield* spread(document.read(text), bytes, advance);
    if (document.pending > MAX_ITEM) throw new Failure('contains an item of more than 32 MiB');
  }
  const cut = document.end();
  if (cut !== undefined) {
    throw new Failure(`${cut.message}${cut.path && ` (in ${cut.path})`}. Everything before that was read`);
  }
}

/** A document's text, in the encoding it declares. */
async function* textOf(path: string): AsyncGenerator<{ text: string; bytes: number }> {
  let decoder: TextDecoder | undefined;
  const decode = (bytes?: Buffer): string => {
    try {
      return decoder?.decode(bytes, { stream: bytes !== undefined }) ?? '';
    } catch {
      throw new Failure(`is not valid ${decoder?.encoding}, its declared or default encoding`);
    }
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 262_144 })) {
    const bytes: Buffer = chunk;
    decoder ??= new TextDecoder(xmlEncoding(bytes), { fatal: true, ignoreBOM: false });
    yield { text: decode(bytes), bytes: bytes.length };
  }
  yield { text: decode(), bytes: 0 };
}

/** Yields values one by one, and reports each one's share of the bytes when the next is requested. */
function* spread<Value>(values: readonly Value[], bytes: number, advance: Advance): Generator<Value> {
  const share = Math.floor(bytes / Math.max(values.length, 1));
  for (const value of values) {
    yield value;
    advance(share);
  }
  advance(bytes - share * values.length);
}
