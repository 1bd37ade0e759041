import { createReadStream } from 'node:fs';
import { SaxesParser } from 'saxes';
import { escapeAttribute, escapeText, xmlText } from '../../src/formats/escape.ts';
import { Failure } from '../failure.ts';
import { type Advance, spread } from './entry.ts';

export interface Element {
  /** Under the prefix everybody writes (`dc:creator`), whatever the document calls it; bare in RSS itself. */
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: (Element | string)[];
}

const NAMESPACES: Readonly<Record<string, string>> = {
  '': '',
  'http://purl.org/rss/1.0/': '',
  'http://www.w3.org/2005/Atom': 'atom:',
  'http://purl.org/rss/1.0/modules/content/': 'content:',
  'http://purl.org/dc/elements/1.1/': 'dc:',
  'http://search.yahoo.com/mrss/': 'media:',
  'http://www.w3.org/1999/02/22-rdf-syntax-ns#': 'rdf:',
  'http://www.w3.org/1999/xhtml': '',
  'http://www.w3.org/XML/1998/namespace': 'xml:',
};

/** The version stands in the namespace's name: `http://wordpress.org/export/1.2/`, `…/1.2/excerpt/`. */
const WORDPRESS = /^http:\/\/wordpress\.org\/export\/[\d.]+\/(excerpt\/)?$/;

/** Elements that hold a feed's parts; each of their other children is a part. */
const CONTAINERS = new Set(['rss', 'channel', 'rdf:RDF', 'atom:feed']);

/** What is deeper stands in the deepest: trees are walked by recursion. */
const MAX_DEPTH = 200;

/**
 * Reads a feed of any size part by part: its containers as they open (without children), then every element in them
 * with all it holds. Only one part is in memory.
 * @param advance told how many bytes more were read
 * @throws Failure where the file stops being XML, after what came before it was given
 */
export async function* readParts(file: string, advance: Advance): AsyncGenerator<Element> {
  const parts: Element[] = [];
  const parser = partsParser((part) => parts.push(part));
  let decoder: TextDecoder | undefined;
  const feed = (step: () => void): Failure | undefined => {
    try {
      step();
      return undefined;
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
  };
  for await (const chunk of createReadStream(file, { highWaterMark: 262_144 })) {
    const bytes: Buffer = chunk;
    decoder ??= new TextDecoder(encodingOf(bytes));
    const text = decoder.decode(bytes, { stream: true });
    const failure = feed(() => parser.write(xmlText(text)));
    yield* spread(parts.splice(0), bytes.length, advance);
    if (failure) throw failure;
  }
  const failure = feed(() => parser.close());
  yield* parts.splice(0);
  if (failure) throw failure;
}

function partsParser(give: (part: Element) => void) {
  const parser = new SaxesParser({ xmlns: true, resolvePrefix: unboundPrefix });
  /** The part being read and the elements open in it. */
  const open: Element[] = [];
  let depth = 0;
  parser.on('error', (error) => {
    // HTML's entities are what newsrooms write; left as they stand, they are read with the markup around them.
    if (/undefined entity/.test(error.message)) return;
    throw new Failure(`stops being XML: ${error.message.replace(/\.$/, '')}. What came before was read.`);
  });
  parser.on('opentag', (tag) => {
    const element: Element = { name: nameOf(tag.uri, tag.local), attributes: {}, children: [] };
    element.attributes = Object.fromEntries(
      Object.values(tag.attributes).map(({ uri, local, value }) => [nameOf(uri, local), value]),
    );
    if (open.length === 0 && CONTAINERS.has(element.name)) {
      give(element);
      return;
    }
    depth += 1;
    if (depth > MAX_DEPTH) return;
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const add = (text: string) => open.at(-1)?.children.push(text);
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => {
    if (depth === 0) return;
    depth -= 1;
    if (depth >= MAX_DEPTH) return;
    const closed = open.pop();
    if (depth > 0 || closed === undefined) return;
    give(closed);
  });
  return parser;
}

/** What a prefix that nobody declared stands for; no prefix needs no declaration. */
const unboundPrefix = (prefix: string): string => (prefix === '' ? '' : `unbound:${prefix}`);

function nameOf(uri: string, local: string): string {
  const wordpress = WORDPRESS.exec(uri);
  if (wordpress) return `${wordpress[1] ? 'excerpt' : 'wp'}:${local}`;
  const prefix = NAMESPACES[uri] ?? (uri.startsWith('unbound:') ? `${uri.slice(8)}:` : `{${uri}}`);
  return prefix + local;
}

/** The encoding a document's first bytes name (XML 1.0, appendix F); UTF-8 when they name none that is known. */
function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const label = /^[^<]*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)/.exec(start)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return 'utf-8';
  }
}

export const childrenOf = (element: Element, name: string): Element[] =>
  element.children.filter((child): child is Element => typeof child !== 'string' && child.name === name);

export const childOf = (element: Element, name: string): Element | undefined => childrenOf(element, name)[0];

/** All text in an element, as it was written there; undefined when that is blank. */
export function textOf(element: Element | undefined): string | undefined {
  const text = element === undefined ? '' : allText(element);
  return text.trim() === '' ? undefined : text;
}

const allText = ({ children }: Element): string =>
  children.map((child) => (typeof child === 'string' ? child : allText(child))).join('');

// HTML section 13.1.2: these have no end tag, and `<br></br>` would be two.
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

/** What an element holds as HTML (RFC 4287 section 3.1.1.3: the `div` around it is not content). */
export function htmlOf(element: Element): string {
  return element.children
    .map((child) => {
      if (typeof child === 'string') return escapeText(child);
      const attributes = Object.entries(child.attributes)
        .filter(([name]) => /^[\w-]+$/.test(name) && name !== 'xmlns')
        .map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`)
        .join('');
      const start = `<${child.name}${attributes}>`;
      return VOID.has(child.name) ? start : `${start}${htmlOf(child)}</${child.name}>`;
    })
    .join('');
}
