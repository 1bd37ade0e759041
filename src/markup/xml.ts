import { type Attributes, plainText } from './html-parser.ts';
import { parseXml, type XmlHandler } from './xml-parser.ts';

/** An element of an XML document. */
export interface XmlElement {
  /** In lower case, behind the prefix that its namespace mostly has: `media:content`, `atom:entry`. */
  readonly name: string;
  readonly attributes: Attributes;
  readonly children: readonly XmlElement[];
  /** What it holds: its words with entities decoded, or the markup in it as it is written. */
  readonly content: string;
}

/**
 * The document's root; undefined when there is none.
 * @param prefixes by namespace; the empty one for a namespace whose elements go by their bare names
 */
export function readXml(xml: string, prefixes: Readonly<Record<string, string>>): XmlElement | undefined {
  const reader = new XmlReader(xml, prefixes);
  parseXml(xml, reader);
  return reader.root;
}

interface Open {
  name: string;
  attributes: Attributes;
  children: XmlElement[];
  text: string;
  start: number;
  /** The prefix of names without one. */
  inherited: string;
}

class XmlReader implements XmlHandler {
  root: XmlElement | undefined;
  readonly #xml: string;
  readonly #prefixes: ReadonlyMap<string, string>;
  /** By the prefix that the document writes. */
  readonly #written = new Map<string, string>();
  readonly #open: Open[] = [];

  constructor(xml: string, prefixes: Readonly<Record<string, string>>) {
    this.#xml = xml;
    this.#prefixes = new Map(Object.entries(prefixes));
  }

  open(name: string, attributes: Attributes, end: number): void {
    let inherited = this.#open.at(-1)?.inherited ?? '';
    for (const [key, uri = ''] of Object.entries(attributes)) {
      if (key === 'xmlns') inherited = this.#prefixes.get(uri.trim()) ?? '';
      else if (key.startsWith('xmlns:')) this.#declare(key.slice(6), uri.trim());
    }
    const [before, local] = parted(name.toLowerCase());
    const prefix = before === undefined ? inherited : (this.#written.get(before) ?? before);
    const full = prefix === '' ? local : `${prefix}:${local}`;
    this.#open.push({ name: full, attributes, children: [], text: '', start: end, inherited });
  }

  close(start: number): void {
    const element = this.#open.pop();
    if (element === undefined) return;
    const { name, attributes, children, text } = element;
    const parent = this.#open.at(-1);
    const content = children.length === 0 ? text : this.#xml.slice(element.start, start);
    const closed = { name, attributes, children, content };
    if (parent === undefined) this.root ??= closed;
    else parent.children.push(closed);
  }

  text(text: string, isSection: boolean): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += isSection ? text : text.replace(HTML_ENTITY, plainText);
  }

  #declare(written: string, uri: string): void {
    const prefix = this.#prefixes.get(uri);
    if (prefix !== undefined) this.#written.set(written.toLowerCase(), prefix);
  }
}

// Feeds use HTML's names for signs, which XML does not know.
const HTML_ENTITY = /&[a-z][a-z\d]{1,30};/gi;

function parted(name: string): [prefix: string | undefined, local: string] {
  const at = name.indexOf(':');
  return at === -1 ? [undefined, name] : [name.slice(0, at), name.slice(at + 1)];
}
