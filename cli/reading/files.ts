import { open, readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { readPageFile } from '../../scripts/page-files.ts';
import type { Found } from '../article.ts';
import { Failure } from '../failure.ts';
import { type Advance, type Entry, spread } from './entry.ts';
import { readFeed } from './feed.ts';
import { readJson } from './json-feed.ts';
import { readMarkdown } from './markdown.ts';
import { readWordPress, WXR_MARK } from './wordpress.ts';

type Kind = 'wordpress' | 'feed' | 'json' | 'html' | 'markdown' | 'text' | 'unknown';

/** A file that can be read, and what it is. */
export interface Source {
  path: string;
  /** What its article is called when nothing in it says so: its path in the folder, the same on every machine. */
  id: string;
  kind: Kind;
  /** How many bytes a reader will report. */
  bytes: number;
  modifiedAt: Date;
}

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
 * The file at `path`, or every file in and below it that may hold articles, in order.
 * @throws Failure when there is nothing of the kind
 */
export async function findSources(path: string): Promise<Source[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new Failure(`There is no file ${path}.`);
  if (!found.isDirectory()) return [await sourceAt(path, basename(path))];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => DATA.has(extensionOf(file)) || extensionOf(file) in EXTENSIONS)
    .sort();
  if (files.length === 0) {
    throw new Failure(`There is no feed, export, JSON, HTML, Markdown or text file in ${path}.`);
  }
  const sources: Source[] = [];
  // One after the other: a folder may have more files than a process may have open.
  for (const file of files) sources.push(await sourceAt(file, relative(path, file).replaceAll(sep, '/')));
  return sources;
}

async function sourceAt(path: string, id: string): Promise<Source> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const { size, mtime } = await handle.stat();
    const kind = kindOf(path, buffer.subarray(0, bytesRead));
    return { path, id, kind, bytes: kind === 'wordpress' ? size * 2 : size, modifiedAt: mtime };
  } finally {
    await handle.close();
  }
}

/** By its first bytes where these tell, for feeds have any extension; else by its name. */
function kindOf(path: string, head: Uint8Array): Kind {
  const start = textStart(head);
  if (/^\s*(?:<\?xml|<!--|<rss|<feed|<rdf:RDF|<\w+:feed)/i.test(start)) {
    if (start.includes(WXR_MARK)) return 'wordpress';
    if (/<(?:rss|(?:\w+:)?feed|rdf:RDF)[\s>]/.test(start)) return 'feed';
  }
  const byName = EXTENSIONS[extensionOf(path)];
  if (byName !== undefined) return byName;
  if (/^\s*\{/.test(start)) return 'json';
  if (/^\s*(?:<!doctype html|<html)/i.test(start)) return 'html';
  return 'unknown';
}

function textStart(head: Uint8Array): string {
  const label =
    head[0] === 0xff && head[1] === 0xfe
      ? 'utf-16le'
      : head[0] === 0xfe && head[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  return new TextDecoder(label).decode(head);
}

const extensionOf = (path: string): string => extname(path).toLowerCase();

/**
 * What a file holds, one by one.
 * @throws Failure where the file is not what it seemed
 */
export async function* readSource(
  source: Source,
  options: { pages?: boolean },
  advance: Advance,
): AsyncGenerator<Entry> {
  switch (source.kind) {
    case 'wordpress':
      return yield* readWordPress(source.path, options, advance);
    case 'feed':
      return yield* readFeed(source.path, advance);
    case 'unknown':
      throw new Failure(
        'is not understood: it is no RSS, Atom, JSON Feed, WordPress export, webhook in JSON, HTML, Markdown or text (.txt)',
      );
    default: {
      const text = await readPageFile(source.path);
      const entries =
        source.kind === 'json' ? [...readJson(text, source.id)] : [{ found: readArticle(source, text) }];
      yield* spread(entries, source.bytes, advance);
    }
  }
}

/** The one article of a file that people write by hand. Its revision is as old as the file. */
function readArticle({ kind, id, modifiedAt }: Source, text: string): Found {
  const revisedAt = modifiedAt.toISOString();
  if (kind === 'markdown') return { ...readMarkdown(text, id), revisedAt };
  return { id, revisedAt, body: { format: 'page', content: text } };
}
