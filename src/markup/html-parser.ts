import { decodeHTML, decodeHTMLAttribute } from 'entities/decode';
import { type Handler, Parser, Tokenizer } from 'htmlparser2';

/** Elements nested deeper than this are told as empty ones; their text and what follows is still told. */
const MAX_DEPTH = 256;

/** Attributes of one element beyond these are left out: objects of many keys cost more than their number. */
const MAX_ATTRIBUTES = 256;

// The tokenizer reads the content of these as bare text, so they cannot nest, and must stay open to be skipped.
const RAW_TEXT = new Set(['script', 'style', 'iframe', 'noembed', 'noframes', 'xmp', 'plaintext']);
const ESCAPABLE_RAW_TEXT = new Set(['title', 'textarea']);

/** As much of htmlparser2's tokenizer and parser as is made faster or bounded here: their types keep some of it private. */
interface OpenTokenizer {
  buffer: string;
  /** Of the buffer in the document. */
  offset: number;
  index: number;
  fastForwardTo(code: number): boolean;
}
interface OpenParser {
  startIndex: number;
  endIndex: number;
  end(html: string): void;
  isInForeignContext(): boolean;
  isVoidElement(name: string): boolean;
  onopentagname(start: number, end: number): void;
  onattribname(start: number, end: number): void;
  onclosetag(start: number, end: number): void;
  oncdata(start: number, end: number, offset: number): void;
}

type Opened<Class extends abstract new (...given: never) => unknown, Instance> = new (
  ...given: ConstructorParameters<Class>
) => Instance;

/** Looks for the end of a text, value or comment as engines search strings, not at one character after the other. */
class SearchingTokenizer extends (Tokenizer as unknown as Opened<typeof Tokenizer, OpenTokenizer>) {
  /** Goes on to the next `code`, or else to the end. */
  override fastForwardTo(code: number): boolean {
    const at = this.buffer.indexOf(String.fromCharCode(code), this.index - this.offset + 1);
    this.index = this.offset + (at === -1 ? this.buffer.length - 1 : at);
    return at !== -1;
  }
}

/**
 * htmlparser2's parser with a floor under it. Its stack of open elements is an array searched from the front on
 * every closing tag, so 100,000 nested elements would cost the square of their number. Its tokenizer takes twice as
 * long when it looks for entities as when it does not; few texts and attributes have any, and those are decoded here.
 */
class BoundedParser extends (Parser as unknown as Opened<typeof Parser, OpenParser>) {
  #depth = 0;
  #tooDeep = false;
  #attributes = 0;
  readonly #html: string;
  /** Where the next `&` stands, from where reading last was. */
  #ampersand = -1;
  /** The last element opened, while nothing was closed behind it. */
  #open = { name: '', isForeign: false };
  #isInCdata = false;
  /** Elements, attributes and stretches of text, as many as a tree of the document would have nodes. */
  pieces = 0;

  constructor(html: string, handler: DocumentHandler) {
    const callbacks: Partial<Handler> = {
      onopentag: (name, attributes) => {
        this.#depth += 1;
        this.pieces += 1;
        this.#open.name = name;
        if (this.#mayHoldEntities()) decodeAll(attributes);
        handler.open(name, this.#attributes === 0 ? NO_ATTRIBUTES : attributes, this.startIndex);
      },
      onclosetag: (name, implied) => {
        this.#depth -= 1;
        this.#open.name = '';
        handler.close(name, implied ? this.startIndex : this.endIndex + 1);
      },
      ontext: (text) => {
        this.pieces += 1;
        handler.text(this.#mayHoldEntities() && !this.#isVerbatim() ? this.#decoded(text) : text);
      },
    };
    super(callbacks, { decodeEntities: false, Tokenizer: SearchingTokenizer as unknown as typeof Tokenizer });
    this.#html = html;
  }

  /** Reads the document. */
  read(): void {
    this.end(this.#html);
  }

  /** Whether there is an `&` in what is being told of. */
  #mayHoldEntities(): boolean {
    if (this.#ampersand < this.startIndex) {
      const next = this.#html.indexOf('&', this.startIndex);
      this.#ampersand = next === -1 ? Number.POSITIVE_INFINITY : next;
    }
    return this.#ampersand <= this.endIndex;
  }

  #isVerbatim(): boolean {
    return this.#isInCdata || (!this.#open.isForeign && RAW_TEXT.has(this.#open.name));
  }

  #decoded(text: string): string {
    // In a tree that is built while reading, an entity and what stands behind it are texts of their own.
    this.pieces += (text.split('&').length - 1) * 2;
    return decodeHTML(text);
  }

  override onopentagname(start: number, end: number): void {
    this.#tooDeep = this.#depth >= MAX_DEPTH;
    this.#attributes = 0;
    this.#open.isForeign = this.isInForeignContext();
    super.onopentagname(start, end);
  }

  override onattribname(start: number, end: number): void {
    this.pieces += 1;
    this.#attributes += 1;
    // All that are one too many share the empty name, which nobody asks for.
    super.onattribname(start, this.#attributes > MAX_ATTRIBUTES ? start : end);
  }

  override onclosetag(start: number, end: number): void {
    this.#tooDeep = false;
    // A closing tag may open an element: `</p>` alone.
    this.#attributes = 0;
    super.onclosetag(start, end);
  }

  override oncdata(start: number, end: number, offset: number): void {
    this.#isInCdata = true;
    super.oncdata(start, end, offset);
    this.#isInCdata = false;
  }

  override isVoidElement(name: string): boolean {
    return (
      super.isVoidElement(name) || (this.#tooDeep && !RAW_TEXT.has(name) && !ESCAPABLE_RAW_TEXT.has(name))
    );
  }
}

function decodeAll(attributes: Record<string, string>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value.includes('&')) attributes[name] = decodeHTMLAttribute(value);
  }
}

/** Attributes with names in lower case and values decoded. */
export type Attributes = Readonly<Record<string, string | undefined>>;

/** What every element without attributes has, so that nobody need look for any. */
export const NO_ATTRIBUTES: Attributes = Object.freeze({});

/** What is told of a document, in order. Every `open` has its `close`, in nested order, whatever the markup. */
export interface DocumentHandler {
  /** `start` is the offset of the tag's `<`. */
  open(name: string, attributes: Attributes, start: number): void;
  /** `end` is the offset just behind the element. */
  close(name: string, end: number): void;
  text(text: string): void;
}

/**
 * Reads `html` once, from beginning to end, in time linear in its length. Comments are left out. Gives how many
 * elements, attributes and stretches of text it found: the nodes that a tree of it would have.
 */
export function parseHtml(html: string, handler: DocumentHandler): number {
  const parser = new BoundedParser(html, handler);
  parser.read();
  return parser.pieces;
}

/** The words of a piece of markup, tags gone and entities decoded; not cleaned. */
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
