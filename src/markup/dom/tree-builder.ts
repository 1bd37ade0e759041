import type { Attributes, DocumentHandler } from '../html-parser.ts';
import { Attribute, Element } from './element.ts';
import { Text } from './nodes.ts';

/** The document has these already. */
const FRAME = new Set(['html', 'head', 'body']);
/** What these hold is not the page's text. */
const UNREAD = new Set(['script', 'style', 'template', 'title']);
/**
 * Builds what is told of a document at the end of an element, which stands for the `body`: a page without one, or
 * with a paragraph in its head, is built as a browser would.
 */
export class TreeBuilder implements DocumentHandler {
  #at: Element;
  #text = '';
  #unread = 0;

  constructor(root: Element) {
    this.#at = root;
  }

  open(name: string, attributes: Attributes): void {
    if (UNREAD.has(name)) this.#unread += 1;
    if (this.#unread > 0 || FRAME.has(name)) return;
    this.#endText();
    // AMP's picture is an `img` by another name; what holds only such pictures would be taken for empty.
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
    if (UNREAD.has(name)) this.#unread -= 1;
  }

  text(text: string): void {
    if (this.#unread === 0) this.#text += text;
  }

  end(): void {
    this.#endText();
  }

  /** The parser tells of one stretch of text in pieces. */
  #endText(): void {
    if (this.#text !== '') this.#at.appendChild(new Text(this.#text));
    this.#text = '';
  }
}
