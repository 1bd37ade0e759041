import { escapeText } from './escape.ts';

/** A node of the tree: its place among its siblings. Moving, adding and taking away cost the same anywhere. */
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
    return escapeText(this.textContent);
  }
}

/** A node that holds others. */
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

  /** @param before null for the end */
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
