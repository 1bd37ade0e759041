/**
 * Reads XML as feeds write it: one reader for documents in memory and for files larger than memory. It splits a document
 * into parts, the elements directly inside its containers (a feed's entries, a channel's title), and holds one part at a
 * time. It tolerates errors: a blank line before the declaration, bare ampersands, unclosed elements, HTML's entities.
 * It does not expand entities that the document defines.
 */
import { Parser } from 'htmlparser2';
import { serializeAttribute, serializeText } from './dom.ts';
import { type Attributes, plainText, VOID_ELEMENTS } from './html-parser.ts';

/** An element of an XML document. */
export interface XmlElement {
  /** In lower case, after the usual prefix of its namespace: `media:content`, `atom:entry`. */
  readonly name: string;
  readonly attributes: Attributes;
  /** Elements and text, entities decoded, in document order. */
  readonly nodes: readonly (XmlElement | string)[];
}

export interface XmlRules {
  /** The usual prefix of a namespace; empty if its elements have no prefix, undefined if unknown. */
  prefixOf(namespace: string): string | undefined;
  /** Whether an element is a container of parts. Called for the root (depth 0) and elements directly in containers. */
  isContainer(name: string, depth: number): boolean;
  /** Called when a part is complete. Its containers are outermost first; their `nodes` are always empty. */
  onPart(part: XmlElement, containers: readonly XmlElement[]): void;
}

/** Elements nested deeper than this are read as empty ones; their text is kept. */
const MAX_DEPTH = 256;

/** Prefixes of namespaces in scope; further ones are read as written. Each declaration copies those around it. */
const MAX_PREFIXES = 100;

// HTML's named characters, which XML does not know.
const HTML_ENTITY = /&[a-z][a-z\d]{1,30};/gi;
const PARTIAL_ENTITY = /&[#a-z\d]*$/i;
const MAX_ENTITY = 32;

interface Open {
  element: XmlElement & { nodes: (XmlElement | string)[] };
  isContainer: boolean;
  /** The prefix of names written without one. */
  inherited: string;
  /** The usual prefix by the document's own prefix. */
  prefixes: ReadonlyMap<string, string>;
}

/** Splits an XML document, written in chunks of any size, into parts. Time is linear in the document's length. */
export class XmlSplitter {
  /** The root element, from its start tag on; its `nodes` are complete only if it is a part itself. */
  root: XmlElement | undefined;
  /** Whether the root's end tag was read. */
  isComplete = false;
  /** The incomplete part in which the document ended. */
  cut: XmlElement | undefined;
  readonly #rules: XmlRules;
  readonly #parser: BoundedXmlParser;
  readonly #open: Open[] = [];
  /** The start of an entity at the end of the last chunk. */
  #held = '';
  #isSection = false;
  #written = 0;
  #partStart: number | undefined;
  #isEnding = false;

  constructor(rules: XmlRules) {
    this.#rules = rules;
    this.#parser = new BoundedXmlParser({
      onopentag: (name, attributes) => this.#start(name, attributes),
      onclosetag: () => this.#end(),
      oncdatastart: () => {
        this.#isSection = true;
      },
      oncdataend: () => {
        this.#isSection = false;
      },
      ontext: (text) => this.#text(text),
    });
  }

  write(text: string): void {
    this.#written += text.length;
    const whole = this.#held + text;
    this.#held = PARTIAL_ENTITY.exec(whole.slice(-MAX_ENTITY))?.[0] ?? '';
    this.#parser.write(whole.slice(0, whole.length - this.#held.length));
  }

  end(): void {
    this.#parser.write(this.#held);
    this.#isEnding = true;
    this.#parser.end();
  }

  /** The characters in memory that wait for the end of a part, comment or section. */
  get pending(): number {
    return this.#written - Math.min(this.#partStart ?? Number.POSITIVE_INFINITY, this.#parser.endIndex + 1);
  }

  #start(name: string, attributes: Attributes): void {
    if (this.isComplete) return;
    const parent = this.#open.at(-1);
    const scope = this.#scopeOf(attributes, parent);
    const [written, local] = parted(name.toLowerCase());
    const prefix = written === undefined ? scope.inherited : (scope.prefixes.get(written) ?? written);
    const element: Open['element'] = {
      name: prefix === '' ? local : `${prefix}:${local}`,
      attributes,
      nodes: [],
    };
    const isContainer =
      parent?.isContainer !== false && this.#rules.isContainer(element.name, this.#open.length);
    this.root ??= element;
    if (parent?.isContainer === false) parent.element.nodes.push(element);
    else if (!isContainer) this.#partStart = this.#parser.startIndex;
    this.#open.push({ element, isContainer, ...scope });
  }

  #end(): void {
    if (this.isComplete) return;
    const closed = this.#open.pop();
    if (closed === undefined) return;
    const parent = this.#open.at(-1);
    if (parent === undefined && !this.#isEnding) this.isComplete = true;
    if (closed.isContainer || parent?.isContainer === false) return;
    this.#partStart = undefined;
    if (this.#isEnding) this.cut = closed.element;
    else
      this.#rules.onPart(
        closed.element,
        this.#open.map(({ element }) => element),
      );
  }

  #text(written: string): void {
    const parent = this.#open.at(-1);
    if (parent === undefined || parent.isContainer) return;
    const text = this.#isSection ? written : written.replace(HTML_ENTITY, plainText);
    const { nodes } = parent.element;
    const last = nodes.at(-1);
    if (typeof last === 'string') nodes[nodes.length - 1] = last + text;
    else nodes.push(text);
  }

  /** Namespaces in scope (Namespaces in XML 1.0, section 6). */
  #scopeOf(attributes: Attributes, parent: Open | undefined): Pick<Open, 'inherited' | 'prefixes'> {
    let inherited = parent?.inherited ?? '';
    let prefixes = parent?.prefixes ?? new Map();
    for (const [key, namespace = ''] of Object.entries(attributes)) {
      if (key !== 'xmlns' && !key.startsWith('xmlns:')) continue;
      const prefix = this.#rules.prefixOf(namespace.trim());
      if (key === 'xmlns') inherited = prefix ?? '';
      else if (prefix !== undefined && prefixes.size < MAX_PREFIXES) {
        prefixes = new Map([...prefixes, [key.slice(6).toLowerCase(), prefix]]);
      }
    }
    return { inherited, prefixes };
  }
}

/** htmlparser2's parser with a bounded stack, because every end tag searches all open elements. */
class BoundedXmlParser extends Parser {
  #depth = 0;
  #tooDeep = false;

  constructor(handler: NonNullable<ConstructorParameters<typeof Parser>[0]>) {
    const { onopentag, onclosetag } = handler;
    super(
      {
        ...handler,
        onopentag: (...given) => {
          this.#depth += 1;
          onopentag?.(...given);
        },
        onclosetag: (...given) => {
          this.#depth -= 1;
          onclosetag?.(...given);
        },
      },
      { xmlMode: true },
    );
  }

  override onopentagname(start: number, end: number): void {
    this.#tooDeep = this.#depth >= MAX_DEPTH;
    super.onopentagname(start, end);
  }

  override onclosetag(start: number, end: number): void {
    this.#tooDeep = false;
    super.onclosetag(start, end);
  }

  protected override isVoidElement(name: string): boolean {
    return super.isVoidElement(name) || this.#tooDeep;
  }
}

function parted(name: string): [prefix: string | undefined, local: string] {
  const at = name.indexOf(':');
  return at === -1 ? [undefined, name] : [name.slice(0, at), name.slice(at + 1)];
}

/** The child elements of `parent` with any of these names. */
export const childrenOf = (parent: XmlElement | undefined, ...names: readonly string[]): XmlElement[] =>
  parent?.nodes.filter((node): node is XmlElement => typeof node !== 'string' && names.includes(node.name)) ??
  [];

export const childOf = (
  parent: XmlElement | undefined,
  ...names: readonly string[]
): XmlElement | undefined => childrenOf(parent, ...names)[0];

/** The content of an element: its text, or HTML if it contains elements. Undefined when blank. */
export function contentOf(element: XmlElement | undefined): string | undefined {
  if (element === undefined) return undefined;
  const isText = element.nodes.every((node) => typeof node === 'string');
  return (isText ? element.nodes.join('') : markupOf(element)).trim() || undefined;
}

/** The content of each child with one of these names, if it has any. */
export const valuesIn = (parent: XmlElement | undefined, ...names: readonly string[]): string[] =>
  childrenOf(parent, ...names).flatMap((element) => contentOf(element) ?? []);

export const valueIn = (parent: XmlElement | undefined, ...names: readonly string[]): string | undefined =>
  valuesIn(parent, ...names)[0];

/** The content of an element as HTML. Text is escaped, because in XHTML elements it is text, not markup. */
export function markupOf({ nodes }: XmlElement): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return serializeText(node);
      const attributes = Object.entries(node.attributes)
        .filter(([name]) => /^[\w-]+$/.test(name) && name !== 'xmlns')
        .map(([name, value = '']) => ` ${name}="${serializeAttribute(value)}"`)
        .join('');
      const start = `<${node.name}${attributes}>`;
      const inside = markupOf(node);
      // `<br></br>` would be two line breaks.
      return VOID_ELEMENTS.has(node.name) ? start + inside : `${start}${inside}</${node.name}>`;
    })
    .join('');
}

/**
 * The encoding that a document's first bytes declare (XML 1.0 appendix F): by a byte order mark, or in the declaration.
 * UTF-8 when they declare no known encoding.
 */
export function xmlEncoding(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const label = /^[^<]*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)/.exec(start)?.[1] ?? 'utf-8';
  try {
    const { encoding } = new TextDecoder(label);
    // Bytes whose declaration is readable as Latin-1 are not UTF-16, whatever it says.
    return encoding.startsWith('utf-16') ? 'utf-8' : encoding;
  } catch {
    return 'utf-8';
  }
}
