import { Parser } from 'htmlparser2';
import type { Attributes } from './html-parser.ts';

/** Elements nested deeper than this are told as empty ones; their text is still told. */
const MAX_DEPTH = 256;

/** What is told of an XML document, in order. Names and attributes are as they are written. */
export interface XmlHandler {
  /** `end` is the offset just behind the tag. */
  open(name: string, attributes: Attributes, end: number): void;
  /** `start` is the offset of the closing tag. */
  close(start: number): void;
  /** `isSection` in a CDATA section, where nothing is an entity. */
  text(text: string, isSection: boolean): void;
}

/** htmlparser2's parser with a floor under it: it looks through all that is open on every closing tag. */
class BoundedXmlParser extends Parser {
  #depth = 0;
  #tooDeep = false;

  constructor(handler: XmlHandler) {
    let isSection = false;
    super(
      {
        onopentag: (name, attributes) => {
          this.#depth += 1;
          handler.open(name, attributes, this.endIndex + 1);
        },
        onclosetag: () => {
          this.#depth -= 1;
          handler.close(this.startIndex);
        },
        oncdatastart: () => {
          isSection = true;
        },
        oncdataend: () => {
          isSection = false;
        },
        ontext: (text) => handler.text(text, isSection),
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

/**
 * Reads `xml` once, in time linear in its length, and mends what is not well formed. Entities of the document's own
 * are not known.
 */
export function parseXml(xml: string, handler: XmlHandler): void {
  new BoundedXmlParser(handler).end(xml);
}
