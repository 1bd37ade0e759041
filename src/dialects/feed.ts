import { Refusal } from '../domain/refusal.ts';
import {
  childOf,
  childrenOf,
  contentOf,
  markupOf,
  valueIn,
  valuesIn,
  type XmlElement,
  XmlSplitter,
} from '../markup/xml.ts';
import {
  articleItem,
  type Dialect,
  type DocumentStream,
  type Item,
  type ReadOptions,
  refusedItem,
  tooManyItems,
  withdrawalItem,
} from './dialect.ts';
import { absolute, inheritedLanguage, names, plainLine } from './lenient.ts';
import { ExportIndex, isExported, readExported, WXR_NAMESPACE } from './wordpress-export.ts';

/**
 * RSS 2.0 (0.9x and 1.0 among it), Atom (RFC 4287) and WordPress's export (WXR): a feed, whose items are the articles,
 * or one item or entry.
 */
export const feed: Dialect = {
  name: 'feed',
  kinds: ['xml'],
  recognizes: (payload) => payload.kind === 'xml',

  read(payload, options = {}) {
    const reader = new FeedReader(options);
    const parts: (readonly [part: XmlElement, containers: readonly XmlElement[]])[] = [];
    const { maxItems = Number.POSITIVE_INFINITY } = options;
    let count = 0;
    const splitter = feedSplitter((part, containers) => {
      if (isArticle(part.name) || isTombstone(part.name)) {
        count += 1;
        if (count <= maxItems) parts.push([part, containers]);
      }
      if (count <= maxItems) reader.survey(part);
    });
    splitter.write(payload.kind === 'xml' ? payload.text : '');
    splitter.end();
    if (!isFeed(splitter.root)) return notFeed();
    const { cut } = splitter;
    const tooMany = tooManyItems(count + (cut !== undefined && isArticle(cut.name) ? 1 : 0), options);
    if (tooMany !== undefined) return tooMany;
    const items = parts.flatMap(([part, containers]) => reader.read(part, containers) ?? []);
    if (cut !== undefined) items.push(...cutItem(cut, reader));
    // Withdrawals come last, wherever they are in the document.
    const [withdrawn, others] = [items.filter(isWithdrawn), items.filter((item) => !isWithdrawn(item))];
    return [...others, ...withdrawn];
  },

  stream: (options) => new FeedStream(options),
};

const isWithdrawn = ({ event }: Item): boolean => event.kind === 'withdrawn';

const notFeed = () => new Refusal('malformed', { detail: 'The body is not RSS or Atom.' });

const cutItem = ({ name }: XmlElement, reader: FeedReader): Item[] =>
  isArticle(name) ? [refusedItem(reader.nextPath(name), 'is incomplete: the document ends inside it')] : [];

class FeedStream implements DocumentStream {
  readonly #reader: FeedReader;
  readonly #items: Item[] = [];
  readonly #first: XmlSplitter;
  readonly #second: XmlSplitter;
  #isSurveyed = false;

  constructor(options?: ReadOptions) {
    const reader = new FeedReader(options);
    this.#reader = reader;
    this.#first = feedSplitter((part) => reader.survey(part));
    this.#second = feedSplitter((part, containers) => {
      const item = reader.read(part, containers);
      if (item !== undefined) this.#items.push(item);
    });
  }

  survey(text: string): void {
    this.#first.write(text);
  }

  endSurvey(): Refusal | undefined {
    this.#isSurveyed = true;
    this.#first.end();
    return isFeed(this.#first.root) ? undefined : notFeed();
  }

  read(text: string): Item[] {
    this.#second.write(text);
    return this.#items.splice(0);
  }

  end() {
    this.#second.end();
    const { cut, isComplete } = this.#second;
    if (isComplete) return undefined;
    const path = cut !== undefined && isArticle(cut.name) ? this.#reader.nextPath(cut.name) : '';
    return { path, message: 'is incomplete: the document ends before its last end tag' };
  }

  get pending(): number {
    return this.#isSurveyed ? this.#second.pending : this.#first.pending;
  }
}

/** The usual prefixes of RSS and Atom. Only RSS 1.0 and 0.9 put RSS's own elements into a namespace. */
const PREFIXES: Readonly<Record<string, string>> = {
  'http://purl.org/rss/1.0/': '',
  'http://my.netscape.com/rdf/simple/0.9/': '',
  'http://www.w3.org/1999/xhtml': '',
  'http://www.w3.org/1999/02/22-rdf-syntax-ns#': 'rdf',
  'http://www.w3.org/2005/Atom': 'atom',
  'http://purl.org/atom/ns#': 'atom',
  'http://purl.org/atompub/tombstones/1.0': 'at',
  'http://purl.org/rss/1.0/modules/content/': 'content',
  'http://purl.org/dc/elements/1.1/': 'dc',
  'http://purl.org/dc/terms/': 'dcterms',
  'http://search.yahoo.com/mrss/': 'media',
  'http://search.yahoo.com/mrss': 'media',
};

const ROOTS: readonly string[] = ['rss', 'rdf:rdf', 'rdf', 'atom:feed', 'feed'];

const feedSplitter = (onPart: ConstructorParameters<typeof XmlSplitter>[0]['onPart']): XmlSplitter =>
  new XmlSplitter({
    prefixOf: (namespace) => {
      const [, excerpt] = WXR_NAMESPACE.exec(namespace) ?? [];
      return excerpt === undefined ? PREFIXES[namespace] : excerpt === '' ? 'wp' : 'excerpt';
    },
    // RSS 0.9 and 1.0 have their items beside the channel.
    isContainer: (name, depth) => (depth === 0 ? ROOTS.includes(name) : depth === 1 && name === 'channel'),
    onPart,
  });

/** Many documents with a single entry omit Atom's namespace. */
const atom = (name: string) => [`atom:${name}`, name] as const;

const isEntry = (name: string): boolean => name === 'entry' || name === 'atom:entry';
const isArticle = (name: string): boolean => name === 'item' || isEntry(name);
/** Atom's tombstone (RFC 6721 section 3), under any prefix. */
const isTombstone = (name: string): boolean => /(?:^|:)deleted-entry$/.test(name);

const isFeed = (root: XmlElement | undefined): boolean =>
  root !== undefined && (ROOTS.includes(root.name) || isArticle(root.name));

const MAX_AUTHORS = 50;

/** Reads a feed's parts, whole or streamed: first surveys all of them, then reads each. */
class FeedReader {
  /** The feed's defaults for its articles. */
  readonly #shared: { [Name in 'link' | 'self' | 'language' | 'dc:language']?: string | undefined } = {};
  readonly #authors: XmlElement[] = [];
  readonly #around = new WeakMap<XmlElement, object>();
  readonly #export = new ExportIndex();
  readonly #options: ReadOptions;
  readonly #counts = new Map<string, number>();

  constructor(options: ReadOptions = {}) {
    this.#options = options;
  }

  survey(part: XmlElement): void {
    const shared = this.#shared;
    this.#export.survey(part);
    switch (part.name) {
      case 'language':
      case 'dc:language':
        shared[part.name] ??= contentOf(part);
        break;
      case 'link':
      case 'atom:link':
        if (part.attributes.rel === 'self') shared.self ??= part.attributes.href;
        else if (part.name === 'link') shared.link ??= contentOf(part);
        break;
      case 'author':
      case 'atom:author':
        if (this.#authors.length < MAX_AUTHORS) this.#authors.push(part);
        break;
    }
  }

  /** The path of the next item of this name. */
  nextPath(name: string): string {
    const kind = name.replace(/^.*:/, '');
    const index = this.#counts.get(kind) ?? 0;
    this.#counts.set(kind, index + 1);
    return `${kind}.${index}`;
  }

  /** The item in a part; undefined when the part is not an article. */
  read(part: XmlElement, containers: readonly XmlElement[]): Item | undefined {
    const { name, attributes } = part;
    if (isTombstone(name)) return withdrawalItem(this.nextPath(name), attributes.ref, attributes.when);
    if (!isArticle(name)) return undefined;
    const item = this.#readArticle(this.nextPath(name), part, containers);
    return { ...item, source: { part, around: this.#aroundIn(containers) } };
  }

  /** What the items of a container inherit. */
  #aroundIn(containers: readonly XmlElement[]): object {
    const container = containers.at(-1);
    const known = container && this.#around.get(container);
    if (known !== undefined) return known;
    const around = {
      shared: this.#shared,
      authors: this.#authors,
      language: inherited(containers, 'xml:lang'),
      base: inherited(containers, 'xml:base'),
    };
    if (container !== undefined) this.#around.set(container, around);
    return around;
  }

  #readArticle(path: string, part: XmlElement, containers: readonly XmlElement[]): Item {
    if (isEntry(part.name)) return this.#readEntry(path, part, containers);
    return isExported(part)
      ? readExported(path, part, this.#export, this.#language(containers), this.#options)
      : this.#readRssItem(path, part, containers);
  }

  #language(containers: readonly XmlElement[]): string | undefined {
    const { language, 'dc:language': dublinCore } = this.#shared;
    return language ?? dublinCore ?? inherited(containers, 'xml:lang').at(-1);
  }

  #readRssItem(path: string, item: XmlElement, containers: readonly XmlElement[]): Item {
    const guid = valueIn(item, 'guid');
    const isPermaLink = childOf(item, 'guid')?.attributes.isPermaLink?.toLowerCase() !== 'false';
    const link = valueIn(item, 'link');
    const url =
      absolute(link, this.#shared.link) ?? (isPermaLink && URL.canParse(guid ?? '') ? guid : undefined);
    const encoded = valueIn(item, 'content:encoded');
    const description = valueIn(item, 'description');
    const headline = plainLine(valueIn(item, 'title'));
    const content = encoded ?? description;
    return articleItem(path, 'published', {
      id: guid ?? item.attributes['rdf:about'] ?? link,
      url,
      language: languageOf(item) ?? inheritedLanguage(this.#language(containers), headline, content),
      headline,
      // Beside the full article, the description is its summary.
      summary: encoded ? plainLine(description) : undefined,
      tags: names(valuesIn(item, 'category', 'dc:subject')),
      authors: authors(
        [...valuesIn(item, 'dc:creator'), ...valuesIn(item, 'author').map(withoutMail)].map((name) => ({
          name,
        })),
      ),
      image: imageOf(item),
      body: html(content),
      publishedAt: zoned(valueIn(item, 'pubdate') ?? valueIn(item, 'dc:date')),
      updatedAt: zoned(valueIn(item, 'atom:updated') ?? valueIn(item, 'dcterms:modified')),
    });
  }

  #readEntry(path: string, entry: XmlElement, containers: readonly XmlElement[]): Item {
    const link = linkOf(entry, ({ rel = 'alternate' }) => rel === 'alternate');
    // XML Base section 4: each base is relative to the one around it.
    const base = [...inherited(containers, 'xml:base'), ...inherited([entry], 'xml:base')].reduce(
      (outer: string | undefined, inner): string | undefined => absolute(inner, outer),
      this.#shared.self,
    );
    const [title, summary, rights, given] = (['title', 'summary', 'rights', 'content'] as const).map((name) =>
      construct(entry, name),
    );
    // RFC 4287 section 4.1.3: content without a value is at its `src`.
    const content = given?.value ? given : undefined;
    const headline = plain(title);
    const body = bodyOf(content ?? summary);
    const writers = childrenOf(entry, ...atom('author'));
    return articleItem(path, 'published', {
      id: valueIn(entry, ...atom('id')) ?? link,
      url: absolute(link, base),
      language:
        content?.language ??
        languageOf(entry) ??
        inheritedLanguage(this.#language(containers), headline, (content ?? summary)?.value),
      headline,
      summary: content ? plain(summary) : undefined,
      tags: names(
        childrenOf(entry, ...atom('category')).map(({ attributes }) => attributes.label ?? attributes.term),
      ),
      authors: authors(
        (writers.length > 0 ? writers : this.#authors).map((writer) => ({
          name: valueIn(writer, ...atom('name')),
          url: absolute(valueIn(writer, ...atom('uri')), base),
        })),
      ),
      image: imageOf(entry),
      body,
      rights: rights && { copyright: plain(rights) },
      publishedAt: zoned(valueIn(entry, ...atom('published'), ...atom('issued'))),
      updatedAt: zoned(valueIn(entry, ...atom('updated'), ...atom('modified'))),
    });
  }
}

/** An attribute of each element that has it, outermost first. */
const inherited = (elements: readonly XmlElement[], name: string): string[] =>
  elements.flatMap(({ attributes }) => attributes[name] ?? []);

function linkOf(element: XmlElement, fits: (link: XmlElement['attributes']) => boolean): string | undefined {
  return childrenOf(element, ...atom('link')).find(({ attributes }) => fits(attributes))?.attributes.href;
}

const languageOf = (element: XmlElement): string | undefined =>
  element.attributes['xml:lang'] ?? valueIn(element, 'dc:language');

interface Construct {
  value: string | undefined;
  type: string | undefined;
  language: string | undefined;
}

/** RFC 4287 section 3.1. The `div` around XHTML is not part of it (section 3.1.1.3). */
function construct(entry: XmlElement, name: string): Construct | undefined {
  const element = childOf(entry, ...atom(name));
  if (element === undefined) return undefined;
  const { type, 'xml:lang': language } = element.attributes;
  const isElements = /xhtml/i.test(type ?? '') && element.nodes.some((node) => typeof node !== 'string');
  const value = isElements ? markupOf(childOf(element, 'div') ?? element).trim() : contentOf(element);
  return { value: value || undefined, type, language };
}

const isHtml = (text: Construct | undefined): boolean => /html/i.test(text?.type ?? 'text');

/** A text construct is plain text unless its type is html or xhtml. */
const plain = (text: Construct | undefined): string | undefined =>
  isHtml(text) ? plainLine(text?.value) : text?.value;

const html = (content: string | undefined) => content && { format: 'html', content };

/** RFC 4287 section 4.1.3.3: html, xhtml and their media types contain markup. */
const bodyOf = (text: Construct | undefined) =>
  isHtml(text) ? html(text?.value) : text?.value && { format: 'text', content: text.value };

/** Authors with a name, without duplicates. RSS may have only an e-mail address, which is not published. */
function authors(given: readonly { name: string | undefined; url?: string | undefined }[]) {
  const urls = new Map<string, string | undefined>();
  for (const { name, url } of given) {
    for (const each of names([name])) if (!urls.has(each) && !each.includes('@')) urls.set(each, url);
  }
  return [...urls].map(([name, url]) =>
    url !== undefined && /^https?:/i.test(url) ? { name, url } : { name },
  );
}

/** The name in RSS's form of an author: `desk@valley.example (The desk)`. */
function withoutMail(author: string): string {
  const [, address = '', name] = /^([^\s()]+)\s*\(([^()]*)\)$/.exec(author) ?? [];
  return address.includes('@') && name !== undefined ? name : author;
}

function imageOf(item: XmlElement) {
  const contents = [item, ...childrenOf(item, 'media:group')].flatMap((each) =>
    childrenOf(each, 'media:content'),
  );
  const content = contents.find(
    ({ attributes: { medium, type, url } }) => url && (medium === 'image' || type?.startsWith('image/')),
  );
  if (content !== undefined) {
    const { url, width, height } = content.attributes;
    const of = (name: string) => plainLine(valueIn(content, name) ?? valueIn(item, name));
    const caption = of('media:description');
    const alt = plainLine(valueIn(content, 'media:title'));
    return { url, width: pixels(width), height: pixels(height), caption, credit: of('media:credit'), alt };
  }
  const enclosure = childrenOf(item, 'enclosure').find(({ attributes }) =>
    attributes.type?.startsWith('image/'),
  );
  const url =
    enclosure?.attributes.url ??
    linkOf(item, ({ rel, type }) => rel === 'enclosure' && type?.startsWith('image/') === true) ??
    childOf(item, 'media:thumbnail')?.attributes.url;
  return url === undefined ? undefined : { url };
}

const pixels = (size: string | undefined): number | undefined => (size ? Number(size) : undefined);

const ZONE = /(?:Z|[+-]\d{2}:?\d{2}|\b(?:GMT|UT|UTC|[ECMP][SD]T))\s*$/i;

/** Reads RFC 822 times, which RSS uses, and RFC 3339 times; one without a zone is left out. */
function zoned(time: string | undefined): string | undefined {
  const at = time !== undefined && ZONE.test(time) ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
