/** HTML as events, bounded in depth and linear in time, on htmlparser2. */
import { Parser } from 'htmlparser2';

/** Elements nested deeper than this are reported as empty; their content is still reported. */
export const MAX_DEPTH = 256;

/** Further attributes of an element share the empty name: objects with many keys cost more than their number. */
const MAX_ATTRIBUTES = 256;

/** Elements without content or an end tag (HTML section 13.1.2). */
export const VOID_ELEMENTS: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta source track wbr'.split(' '),
);

/** Elements, besides `script` and `style`, whose content is text in which nothing is escaped (HTML section 13.3). */
export const RAW_TEXT_ELEMENTS: ReadonlySet<string> = new Set(
  'iframe noembed noframes xmp plaintext'.split(' '),
);

// The tokenizer reads the content of these as text, so they cannot nest. They must stay open for it to be skipped.
const TEXT_ONLY = new Set([...RAW_TEXT_ELEMENTS, 'script', 'style', 'title', 'textarea']);

/**
 * htmlparser2's parser with bounded depth. Its stack of open elements is an array that is shifted for every element, so
 * 100,000 nested elements would take time quadratic in their number: elements that are too deep become void.
 */
class BoundedParser extends Parser {
  #depth = 0;
  #isOpening = false;
  #isVoid = false;
  #attributes = 0;
  /** Text not yet reported: the parser reports entities apart from what is around them. */
  #text = '';
  /** How many nodes a tree of the document would have: elements, attributes and texts. */
  nodes = 0;

  constructor(handler: DocumentHandler) {
    const flush = () => {
      if (this.#text === '') return;
      this.nodes += 1;
      const text = this.#text;
      this.#text = '';
      handler.text(text);
    };
    super({
      onopentagname: () => {
        flush();
        this.#attributes = 0;
      },
      onopentag: (name, attributes) => {
        flush();
        this.#depth += 1;
        this.nodes += 1;
        this.#isOpening = true;
        handler.open(name, this.#attributes === 0 ? NO_ATTRIBUTES : attributes, this.startIndex);
      },
      onclosetag: (name, implied) => {
        flush();
        this.#depth -= 1;
        this.#isOpening = false;
        handler.close(name, implied ? this.startIndex : this.endIndex + 1);
      },
      oncomment: flush,
      onend: flush,
      ontext: (text) => {
        this.#text += text;
      },
    });
  }

  override onattribname(start: number, end: number): void {
    this.#attributes += 1;
    this.nodes += 1;
    super.onattribname(start, this.#attributes > MAX_ATTRIBUTES ? start : end);
  }

  /** Asked twice for each tag, before and right after `onopentag`; both answers must agree. */
  protected override isVoidElement(name: string): boolean {
    if (this.#isOpening) this.#isOpening = false;
    // A form within a form is ignored: its tag's end asks without a name, and closes nothing.
    else if (name === '') return false;
    else {
      this.#isVoid = super.isVoidElement(name) || (this.#depth >= MAX_DEPTH && !TEXT_ONLY.has(name));
    }
    return this.#isVoid;
  }
}

/** Attributes with names in lower case and values decoded. */
export type Attributes = Readonly<Record<string, string | undefined>>;

/** The attributes of every element without any, so that callers need not look for one. */
export const NO_ATTRIBUTES: Attributes = Object.freeze({});

/** Receives a document in order. Every `open` has its `close`, properly nested, whatever the markup. */
export interface DocumentHandler {
  /** `start` is the offset of the tag's `<`. */
  open(name: string, attributes: Attributes, start: number): void;
  /** `end` is the offset after the element. */
  close(name: string, end: number): void;
  text(text: string): void;
}

/**
 * Parses `html` in one pass, in time linear in its length. Omits comments.
 * @returns how many nodes a tree of the document would have: elements, attributes and texts
 */
export function parseHtml(html: string, handler: DocumentHandler): number {
  const parser = new BoundedParser(handler);
  parser.end(html);
  return parser.nodes;
}

/** The text of a piece of markup, without tags and with entities decoded; not cleaned. */
export function plainText(html: string): string {
  if (!/[<&]/.test(html)) return html;
  let text = '';
  let skipped = 0;
  parseHtml(html, {
    open(name) {
      if (name === 'script' || name === 'style') skipped += 1;
      else text += name === 'br' || name === 'p' ? ' ' : '';
    },
    close(name) {
      if (name === 'script' || name === 'style') skipped -= 1;
    },
    text(part) {
      if (skipped === 0) text += part;
    },
  });
  return text;
}
