/**
 * As much of a browser's DOM as Mozilla's Readability uses: set `innerHTML` of a new `Document`'s body. It loads nothing
 * and runs nothing. Every operation on a node takes the same time wherever it is in the tree.
 */
import {
  type Attributes,
  type DocumentHandler,
  parseHtml,
  RAW_TEXT_ELEMENTS,
  VOID_ELEMENTS,
} from './html-parser.ts';

/** A node of the tree and its place among its siblings. */
export abstract class TreeNode {
  abstract readonly nodeType: number;
  abstract readonly nodeName: string;
  abstract readonly textContent: string;
  abstract readonly childNodes: readonly TreeNode[];
  /** The node as markup. */
  abstract readonly outerHTML: string;
  parentNode: ParentNode | null = null;
  previousSibling: TreeNode | null = null;
  nextSibling: TreeNode | null = null;

  remove(): void {
    const { parentNode, previousSibling, nextSibling } = this;
    if (previousSibling !== null) previousSibling.nextSibling = nextSibling;
    else if (parentNode !== null) parentNode.firstChild = nextSibling;
    if (nextSibling !== null) nextSibling.previousSibling = previousSibling;
    else if (parentNode !== null) parentNode.lastChild = previousSibling;
    this.parentNode = null;
    this.previousSibling = null;
    this.nextSibling = null;
  }
}

const NONE: readonly TreeNode[] = [];

export class Text extends TreeNode {
  readonly nodeType = 3;
  readonly nodeName = '#text';
  readonly childNodes: readonly TreeNode[] = NONE;
  readonly textContent: string;

  constructor(text: string) {
    super();
    this.textContent = text;
  }

  get outerHTML(): string {
    return serializeText(this.textContent);
  }
}

/** A node with children. */
export abstract class ParentNode extends TreeNode {
  firstChild: TreeNode | null = null;
  lastChild: TreeNode | null = null;

  get childNodes(): TreeNode[] {
    const nodes: TreeNode[] = [];
    for (let node = this.firstChild; node !== null; node = node.nextSibling) nodes.push(node);
    return nodes;
  }

  get textContent(): string {
    let text = '';
    for (let node = this.firstChild; node !== null; node = node.nextSibling) text += node.textContent;
    return text;
  }

  get innerHTML(): string {
    let markup = '';
    for (let node = this.firstChild; node !== null; node = node.nextSibling) markup += node.outerHTML;
    return markup;
  }

  appendChild<Node extends TreeNode>(node: Node): Node {
    return this.#insert(node, null);
  }

  removeChild<Node extends TreeNode>(node: Node): Node {
    node.remove();
    return node;
  }

  replaceChild<Node extends TreeNode>(replacement: TreeNode, node: Node): Node {
    if (replacement !== node) {
      this.#insert(replacement, node);
      node.remove();
    }
    return node;
  }

  /** @param before the node to insert before; null for the end */
  #insert<Node extends TreeNode>(node: Node, before: TreeNode | null): Node {
    node.remove();
    const previous = before === null ? this.lastChild : before.previousSibling;
    node.parentNode = this;
    node.previousSibling = previous;
    node.nextSibling = before;
    if (previous === null) this.firstChild = node;
    else previous.nextSibling = node;
    if (before === null) this.lastChild = node;
    else before.previousSibling = node;
    return node;
  }
}

/** Elements written without content and end tag: the void ones and obsolete ones (HTML section 13.3). */
const UNCLOSED = new Set([...VOID_ELEMENTS, 'basefont', 'bgsound', 'frame', 'param']);

export class Attribute {
  readonly name: string;
  value: string;

  constructor(name: string, value: string) {
    this.name = name;
    this.value = value;
  }

  cloneNode(): Attribute {
    return new Attribute(this.name, this.value);
  }
}

export class Element extends ParentNode {
  readonly nodeType = 1;
  readonly localName: string;
  readonly tagName: string;
  readonly ownerDocument: Document;
  attributes: Attribute[] = [];

  constructor(name: string, ownerDocument: Document) {
    super();
    this.localName = name.toLowerCase();
    this.tagName = name.toUpperCase();
    this.ownerDocument = ownerDocument;
  }

  get nodeName(): string {
    return this.tagName;
  }

  get id(): string {
    return this.getAttribute('id') ?? '';
  }

  set id(value: string) {
    this.setAttribute('id', value);
  }

  get className(): string {
    return this.getAttribute('class') ?? '';
  }

  set className(value: string) {
    this.setAttribute('class', value);
  }

  get src(): string {
    return this.getAttribute('src') ?? '';
  }

  get srcset(): string {
    return this.getAttribute('srcset') ?? '';
  }

  /** The parts of the `style` attribute that hide an element. */
  get style(): { display: string; visibility: string } {
    const style = this.getAttribute('style') ?? '';
    return { display: declared(style, DISPLAY), visibility: declared(style, VISIBILITY) };
  }

  getAttribute(name: string): string | null {
    return this.attributes.find((each) => each.name === name)?.value ?? null;
  }

  hasAttribute(name: string): boolean {
    return this.attributes.some((each) => each.name === name);
  }

  setAttribute(name: string, value: string): void {
    this.setAttributeNode(new Attribute(name, value));
  }

  setAttributeNode(attribute: Attribute): void {
    const known = this.attributes.find((each) => each.name === attribute.name);
    if (known === undefined) this.attributes.push(attribute);
    else known.value = attribute.value;
  }

  removeAttribute(name: string): void {
    this.attributes = this.attributes.filter((each) => each.name !== name);
  }

  get children(): Element[] {
    return this.childNodes.filter((node) => node instanceof Element);
  }

  get firstElementChild(): Element | null {
    return elementFrom(this.firstChild, 'nextSibling');
  }

  get nextElementSibling(): Element | null {
    return elementFrom(this.nextSibling, 'nextSibling');
  }

  get previousElementSibling(): Element | null {
    return elementFrom(this.previousSibling, 'previousSibling');
  }

  getElementsByTagName(name: string): Element[] {
    return elementsBelow(this, name);
  }

  querySelectorAll(selectors: string): Element[] {
    return elementsBelow(this, selectors);
  }

  override get innerHTML(): string {
    return super.innerHTML;
  }

  override set innerHTML(markup: string) {
    for (let node = this.firstChild; node !== null; node = this.firstChild) node.remove();
    this.ownerDocument.fill(this, markup);
  }

  get outerHTML(): string {
    const attributes = this.attributes
      .map(({ name, value }) => ` ${name}="${serializeAttribute(value)}"`)
      .join('');
    const start = `<${this.localName}${attributes}>`;
    if (UNCLOSED.has(this.localName)) return start;
    const content = RAW_TEXT_ELEMENTS.has(this.localName) ? this.textContent : this.innerHTML;
    return `${start}${content}</${this.localName}>`;
  }
}

function elementFrom(start: TreeNode | null, direction: 'nextSibling' | 'previousSibling'): Element | null {
  let node = start;
  while (node !== null && !(node instanceof Element)) node = node[direction];
  return node;
}

/**
 * The elements below `root` in document order.
 * @param selectors element names in any case, separated by commas, or `*`: Readability asks for nothing else
 */
function elementsBelow(root: ParentNode, selectors: string): Element[] {
  const names = new Set(selectors.split(',').map((name) => name.trim().toLowerCase()));
  const isAny = names.has('*');
  const found: Element[] = [];
  for (let node = following(root, root); node !== null; node = following(node, root)) {
    if (node instanceof Element && (isAny || names.has(node.localName))) found.push(node);
  }
  return found;
}

/** The node after `node` in document order, if it is below `root`. */
function following(node: TreeNode, root: ParentNode): TreeNode | null {
  if (node instanceof ParentNode && node.firstChild !== null) return node.firstChild;
  let at: TreeNode | null = node;
  while (at !== null && at !== root && at.nextSibling === null) at = at.parentNode;
  return at === null || at === root ? null : at.nextSibling;
}

const DISPLAY = /(?:^|;)\s*display\s*:\s*([\w-]+)/i;
const VISIBILITY = /(?:^|;)\s*visibility\s*:\s*([\w-]+)/i;

const declared = (style: string, property: RegExp): string => property.exec(style)?.[1]?.toLowerCase() ?? '';

/** A document with an empty head and body. */
export class Document extends ParentNode {
  readonly nodeType = 9;
  readonly nodeName = '#document';
  /** Without an address, Readability leaves relative URLs as they are. */
  readonly baseURI = '';
  readonly documentURI = '';
  readonly title = '';
  readonly documentElement = this.appendChild(new Element('html', this));
  readonly head = this.documentElement.appendChild(new Element('head', this));
  readonly body = this.documentElement.appendChild(new Element('body', this));

  get outerHTML(): string {
    return this.innerHTML;
  }

  /** Parses `markup` and appends it to the content of `element`. */
  fill(element: Element, markup: string): void {
    const builder = new TreeBuilder(element);
    parseHtml(markup, builder);
    builder.end();
  }

  createElement(name: string): Element {
    return new Element(name, this);
  }

  createTextNode(text: string): Text {
    return new Text(text);
  }

  getElementsByTagName(name: string): Element[] {
    return elementsBelow(this, name);
  }

  querySelectorAll(selectors: string): Element[] {
    return elementsBelow(this, selectors);
  }
}

/** Elements that the document already has. */
const FRAME = new Set(['html', 'head', 'body']);
/** Elements that the tree omits with their content. */
const OMITTED = new Set(['script', 'style', 'template', 'title']);

/**
 * Builds a tree from the parser's events within an element that stands for the `body`: a page without a body, or with a
 * paragraph in its head, is built as in a browser.
 */
class TreeBuilder implements DocumentHandler {
  #at: Element;
  #text = '';
  #unread = 0;

  constructor(root: Element) {
    this.#at = root;
  }

  open(name: string, attributes: Attributes): void {
    if (OMITTED.has(name)) this.#unread += 1;
    if (this.#unread > 0 || FRAME.has(name)) return;
    this.#endText();
    // AMP's picture becomes an `img`, or Readability would take its parent for empty.
    const element = this.#at.ownerDocument.createElement(name === 'amp-img' ? 'img' : name);
    for (const [key, value = ''] of Object.entries(attributes)) {
      if (key !== '') element.attributes.push(new Attribute(key, value));
    }
    this.#at = this.#at.appendChild(element);
  }

  close(name: string): void {
    if (this.#unread === 0 && !FRAME.has(name)) {
      this.#endText();
      if (this.#at.parentNode instanceof Element) this.#at = this.#at.parentNode;
    }
    if (OMITTED.has(name)) this.#unread -= 1;
  }

  text(text: string): void {
    if (this.#unread === 0) this.#text += text;
  }

  end(): void {
    this.#endText();
  }

  /** Joins the pieces in which the parser reports one stretch of text. */
  #endText(): void {
    if (this.#text !== '') this.#at.appendChild(new Text(this.#text));
    this.#text = '';
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as the HTML serialization writes it (section 13.3), for the parser to read again; not for output. */
export const serializeText = (text: string): string =>
  text.replace(/[&<>]/g, (sign) => ESCAPES[sign] ?? sign);

/** A value as the HTML serialization writes it between double quotes. */
export const serializeAttribute = (value: string): string =>
  value.replace(/[&"]/g, (sign) => ESCAPES[sign] ?? sign);
