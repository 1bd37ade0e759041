import { parseHtml } from '../html-parser.ts';
import { Element, elementsBelow } from './element.ts';
import { ParentNode, Text } from './nodes.ts';
import { TreeBuilder } from './tree-builder.ts';

/**
 * As much of a browser's document as Mozilla's Readability asks for, with an empty head and body. It loads nothing
 * and runs nothing.
 */
export class Document extends ParentNode {
  readonly nodeType = 9;
  readonly nodeName = '#document';
  /** Without an address, addresses stay as they are written. */
  readonly baseURI = '';
  readonly documentURI = '';
  readonly title = '';
  readonly documentElement = this.appendChild(new Element('html', this));
  readonly head = this.documentElement.appendChild(new Element('head', this));
  readonly body = this.documentElement.appendChild(new Element('body', this));

  get outerHTML(): string {
    return this.innerHTML;
  }

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
