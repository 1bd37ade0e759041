import { MAX_READ_ENTRIES } from '../../domain/draft.ts';
import type { Attributes } from '../../markup/html-parser.ts';
import { memoize } from '../../memoize.ts';
import { foldLine } from '../../text/fold-line.ts';
import { oneLine } from '../../text/text.ts';
import type { Stamp } from '../editorial/stamps.ts';
import { MAX_OPENING_DIFFERENCE } from '../thresholds.ts';

/** What a page's head and markup declare about the article, uninterpreted. */
export interface Declarations {
  language: string | undefined;
  title: string;
  /** The text of the first headings, `h1` before `h2`. */
  headings: readonly string[];
  canonical: string | undefined;
  /** `meta` name, property or item property in lower case → contents, in order. */
  meta: ReadonlyMap<string, readonly string[]>;
  /** The text of each JSON-LD script. */
  jsonLd: readonly string[];
  /** The text of elements that name an author. */
  bylines: readonly string[];
  stamps: readonly Stamp[];
  /** The article's first paragraph, if the head repeats it as the description; else empty. */
  opening: string;
}

interface Capture {
  depth: number;
  text: string;
  done: (text: string) => void;
}

const MAX_VALUES = 20;
const MAX_META = 500;
const MAX_VALUE_LENGTH = 1_000;
/** How many nested elements may collect their text at once: more would make the time quadratic. */
const MAX_CAPTURES = 4;

const AUTHOR = /(?:^|[\s_-])(?:by-?line|author|author-name|writer)(?:$|[\s_-])/i;
const DATE = /(?:^|[\s_-])(?:(?:publish|updat|modif)\w*|date|datetime|timestamp|time)(?:$|[\s_-])/i;
/** Elements whose content is not text of the page. */
export const UNREAD = new Set('script style template noscript svg select textarea button iframe'.split(' '));

/** Collects the declarations of a page while it is parsed. */
export class DeclarationCollector {
  #language: string | undefined;
  #canonical: string | undefined;
  #title: string | undefined;
  readonly #tops: string[] = [];
  readonly #others: string[] = [];
  readonly #meta = new Map<string, string[]>();
  readonly #jsonLd: string[] = [];
  readonly #bylines: string[] = [];
  readonly #stamps: Stamp[] = [];
  readonly #opening = new OpeningFinder(this.#meta);
  #captures: Capture[] = [];
  #depth = 0;
  #unread = 0;

  open(name: string, attributes: Attributes): void {
    this.#depth += 1;
    if (name === 'script' && /^\s*application\/ld\+json/i.test(attributes.type ?? '')) {
      this.#capture((text) => this.#jsonLd.push(text));
    }
    if (UNREAD.has(name)) this.#unread += 1;
    if (this.#unread > 0) return;
    this.#opening.open(name, attributes, this.#depth);
    if (name === 'html') this.#language ??= attributes.lang ?? attributes['xml:lang'];
    else if (name === 'meta') this.#addMeta(attributes);
    else if (name === 'link') {
      if (/(?:^|\s)canonical(?:\s|$)/i.test(attributes.rel ?? '')) this.#canonical ??= attributes.href;
    } else if (name === 'title') this.#capture((text) => this.#addTitle(text));
    else if (name === 'h1' || name === 'h2') {
      this.#capture((text) => add(name === 'h1' ? this.#tops : this.#others, text.trim()));
    } else this.#openMark(name, attributes);
  }

  close(name: string): void {
    this.#opening.close(this.#depth);
    const last = this.#captures.at(-1);
    if (last?.depth === this.#depth) {
      this.#captures.pop();
      last.done(last.text);
    }
    this.#depth -= 1;
    if (UNREAD.has(name)) this.#unread -= 1;
  }

  text(text: string): void {
    if (this.#unread === 0) this.#opening.text(text);
    for (const capture of this.#captures) {
      const isScript = this.#unread > 0;
      if (isScript || capture.text.length < MAX_VALUE_LENGTH) capture.text += text;
    }
  }

  finish(): Declarations {
    return {
      language: this.#language,
      title: this.#title ?? '',
      headings: [...this.#tops, ...this.#others],
      canonical: this.#canonical,
      meta: this.#meta,
      jsonLd: this.#jsonLd,
      bylines: this.#bylines,
      stamps: this.#stamps,
      opening: this.#opening.found,
    };
  }

  #openMark(name: string, attributes: Attributes): void {
    const property = attributes.itemprop ?? '';
    const component = attributes['data-component'] ?? attributes['data-testid'] ?? '';
    const hint = `${property} ${attributes.class ?? ''} ${component}`.slice(0, 200);
    if (/(?:^|\s)author(?:\s|$)/i.test(attributes.rel ?? '') || AUTHOR.test(hint)) {
      this.#capture((text) => add(this.#bylines, text.trim()));
    } else if (name === 'time' || DATE.test(hint)) {
      const machine = attributes.datetime ?? attributes.content;
      this.#capture((text) => add(this.#stamps, { text: text.trim(), machine, hint }));
    }
  }

  #addMeta(attributes: Attributes): void {
    const { content } = attributes;
    const name = (attributes.property ?? attributes.name ?? attributes.itemprop)?.toLowerCase();
    if (name === undefined || content === undefined || this.#meta.size > MAX_META) return;
    const held = this.#meta.get(name);
    if (held === undefined) this.#meta.set(name, [content]);
    else if (held.length < MAX_READ_ENTRIES) held.push(content);
  }

  #addTitle(text: string): void {
    this.#title ??= text;
  }

  #capture(done: Capture['done']): void {
    if (this.#captures.length < MAX_CAPTURES) this.#captures.push({ depth: this.#depth, text: '', done });
  }
}

function add<Value>(list: Value[], value: Value): void {
  if (list.length < MAX_VALUES && value !== '') list.push(value);
}

const DESCRIPTIONS = ['og:description', 'description', 'twitter:description'];

/**
 * Finds the paragraph that a page's head repeats as the description. If another paragraph of the same class follows it,
 * it is the article's first paragraph; a summary is set apart by an element or a class.
 */
class OpeningFinder {
  /** The paragraph's text; empty when there is none. */
  found = '';
  readonly #meta: ReadonlyMap<string, readonly string[]>;
  #paragraph: { depth: number; className: string; text: string } | undefined;
  /** The paragraph with the description's words, while its parent is open. */
  #likely: { depth: number; className: string; text: string } | undefined;

  constructor(meta: ReadonlyMap<string, readonly string[]>) {
    this.#meta = meta;
  }

  /** @param depth how many elements are open, including this one */
  open(name: string, attributes: Attributes, depth: number): void {
    if (name !== 'p' || this.found !== '') return;
    const className = attributes.class ?? '';
    const likely = this.#likely;
    if (likely?.depth === depth && likely.className === className) this.found = likely.text;
    this.#paragraph = { depth, className, text: '' };
  }

  close(depth: number): void {
    if (this.#likely !== undefined && depth < this.#likely.depth) this.#likely = undefined;
    const paragraph = this.#paragraph;
    if (paragraph?.depth !== depth) return;
    this.#paragraph = undefined;
    const text = oneLine(paragraph.text);
    if (this.#isDescription(text)) this.#likely = { ...paragraph, text };
  }

  text(text: string): void {
    if (this.#paragraph !== undefined && this.#paragraph.text.length < MAX_PARAGRAPH_LENGTH)
      this.#paragraph.text += text;
  }

  /** A description in one line. Memoized: it may be far longer than the paragraphs, and is compared with each. */
  readonly #lineOf = memoize(MAX_DESCRIPTIONS * DESCRIPTIONS.length, oneLine);

  #isDescription(text: string): boolean {
    const alike = DESCRIPTIONS.flatMap((name) => this.#meta.get(name)?.slice(0, MAX_DESCRIPTIONS) ?? [])
      .map((content) => this.#lineOf(content))
      .filter((each) => each !== '' && Math.abs(each.length - text.length) <= MAX_OPENING_DIFFERENCE);
    return alike.length > 0 && alike.map(foldLine).includes(foldLine(text));
  }
}

/** Descriptions of each kind with which every paragraph is compared. */
const MAX_DESCRIPTIONS = 3;
const MAX_PARAGRAPH_LENGTH = 2_000;
