import { escapeAttribute } from './escape.ts';
import { ParentNode, type TreeNode } from './nodes.ts';

const VOID = new Set(
  'area base basefont bgsound br col embed frame hr img input link meta param source track wbr'.split(' '),
);
/** What is in these is no markup, so that nothing in it is escaped. */
const RAW_TEXT = new Set(['iframe', 'noembed', 'noframes', 'xmp', 'plaintext']);

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

/** What an element asks of the document it was made by. */
interface Maker {
  createElement(name: string): Element;
  /** Reads `markup` to the end of what `element` holds. */
  fill(element: Element, markup: string): void;
}

export class Element extends ParentNode {
  readonly nodeType = 1;
  readonly localName: string;
  readonly tagName: string;
  readonly ownerDocument: Maker;
  attributes: Attribute[] = [];

  constructor(name: string, ownerDocument: Maker) {
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

  /** What its own `style` says of whether it is seen. */
  get style(): { display: string; visibility: string } {
    const style = this.getAttribute('style') ?? '';
    return { display: declared(style, 'display'), visibility: declared(style, 'visibility') };
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
      .map(({ name, value }) => ` ${name}="${escapeAttribute(value)}"`)
      .join('');
    const start = `<${this.localName}${attributes}>`;
    if (VOID.has(this.localName)) return start;
    const content = RAW_TEXT.has(this.localName) ? this.textContent : this.innerHTML;
    return `${start}${content}</${this.localName}>`;
  }
}

function elementFrom(start: TreeNode | null, direction: 'nextSibling' | 'previousSibling'): Element | null {
  let node = start;
  while (node !== null && !(node instanceof Element)) node = node[direction];
  return node;
}

/**
 * The elements below `root`, in the document's order.
 * @param selectors names of elements in any case, parted by commas, or `*` for all: nothing else is asked for here
 */
export function elementsBelow(root: ParentNode, selectors: string): Element[] {
  const names = new Set(selectors.split(',').map((name) => name.trim().toLowerCase()));
  const isAny = names.has('*');
  const found: Element[] = [];
  for (let node = following(root, root); node !== null; node = following(node, root)) {
    if (node instanceof Element && (isAny || names.has(node.localName))) found.push(node);
  }
  return found;
}

/** The node behind `node` in the document's order, as long as it is below `root`. */
function following(node: TreeNode, root: ParentNode): TreeNode | null {
  if (node instanceof ParentNode && node.firstChild !== null) return node.firstChild;
  let at: TreeNode | null = node;
  while (at !== null && at !== root && at.nextSibling === null) at = at.parentNode;
  return at === null || at === root ? null : at.nextSibling;
}

const declared = (style: string, property: string): string =>
  new RegExp(`(?:^|;)\\s*${property}\\s*:\\s*([\\w-]+)`, 'i').exec(style)?.[1]?.toLowerCase() ?? '';
