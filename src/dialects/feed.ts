import { Refusal } from '../domain/refusal.ts';
import { readXml, type XmlElement } from '../markup/xml.ts';
import { deletedEntries } from './deleted-entries.ts';
import type { Item, Source } from './dialect.ts';
import { absolute, articleItem, names, withdrawalItem, words } from './fields.ts';

/** RSS 2.0 (0.9x and 1.0 among it) and Atom (RFC 4287): a feed, whose items are the articles, or one item or entry. */
export const feed: Source = {
  name: 'feed',
  kinds: ['xml'],
  recognizes: (payload) => payload.kind === 'xml',

  read(payload) {
    const xml = payload.kind === 'xml' ? payload.text : '';
    const items = itemsOf(readXml(xml, PREFIXES));
    if (items === undefined) return new Refusal('malformed', { detail: 'The body is no RSS or Atom.' });
    const withdrawn = deletedEntries(xml).map(({ ref, when }, index) =>
      withdrawalItem(`deleted-entry.${index}`, ref, when),
    );
    return [...items, ...withdrawn];
  },
};

/** RSS has no namespace but in its version 1.0, and Atom's elements are called so in an RSS feed, too. */
const PREFIXES: Readonly<Record<string, string>> = {
  'http://purl.org/rss/1.0/': '',
  'http://my.netscape.com/rdf/simple/0.9/': '',
  'http://www.w3.org/1999/02/22-rdf-syntax-ns#': 'rdf',
  'http://www.w3.org/2005/Atom': 'atom',
  'http://purl.org/atom/ns#': 'atom',
  'http://purl.org/rss/1.0/modules/content/': 'content',
  'http://purl.org/dc/elements/1.1/': 'dc',
  'http://purl.org/dc/terms/': 'dcterms',
  'http://search.yahoo.com/mrss/': 'media',
  'http://search.yahoo.com/mrss': 'media',
};

/** The articles of a feed, or of a document of one item or entry; undefined when it is none of these. */
function itemsOf(root: XmlElement | undefined): Item[] | undefined {
  switch (root?.name) {
    case 'rss':
    case 'rdf:rdf':
    case 'rdf': {
      const channel = first(root, 'channel');
      // RSS 0.9 and 1.0 have their items beside the channel.
      const items = [root, channel].flatMap((each) => all(each, 'item'));
      return items.map((item, index) => readRssItem(`item.${index}`, item, channel));
    }
    case 'atom:feed':
    case 'feed':
      return all(root, ...atom('entry')).map((entry, index) => readEntry(`entry.${index}`, entry, root));
    case 'item':
      return [readRssItem('item.0', root, undefined)];
    case 'atom:entry':
    case 'entry':
      return [readEntry('entry.0', root, undefined)];
    default:
      return undefined;
  }
}

function readRssItem(path: string, item: XmlElement, channel: XmlElement | undefined): Item {
  const guid = value(item, 'guid');
  const isPermaLink = first(item, 'guid')?.attributes.isPermaLink?.toLowerCase() !== 'false';
  const link = value(item, 'link');
  const url =
    absolute(link, value(channel, 'link')) ?? (isPermaLink && URL.canParse(guid ?? '') ? guid : undefined);
  const encoded = value(item, 'content:encoded');
  const description = value(item, 'description');
  return articleItem(path, 'published', {
    id: guid ?? item.attributes['rdf:about'] ?? link,
    url,
    language: languageOf(item) ?? value(channel, 'language') ?? value(channel, 'dc:language'),
    headline: words(value(item, 'title')),
    // Where the whole article is given beside it, the description is its standfirst.
    summary: encoded ? words(description) : undefined,
    tags: names(values(item, 'category')),
    authors: authors([...values(item, 'dc:creator'), ...values(item, 'author').map(withoutMail)]),
    image: imageOf(item),
    body: html(encoded ?? description),
    publishedAt: zoned(value(item, 'pubdate') ?? value(item, 'dc:date')),
    updatedAt: zoned(value(item, 'atom:updated') ?? value(item, 'dcterms:modified')),
  });
}

function readEntry(path: string, entry: XmlElement, around: XmlElement | undefined): Item {
  const link = linkOf(entry, 'alternate');
  const base = entry.attributes['xml:base'] ?? around?.attributes['xml:base'] ?? linkOf(around, 'self');
  const [title, summary, rights, given] = (['title', 'summary', 'rights', 'content'] as const).map((name) =>
    construct(entry, name),
  );
  // RFC 4287 section 4.1.3: a content without a value is somewhere else.
  const content = given?.value ? given : undefined;
  const writers = all(entry, ...atom('author'));
  return articleItem(path, 'published', {
    id: value(entry, ...atom('id')) ?? link,
    url: absolute(link, base),
    language: content?.language ?? languageOf(entry) ?? around?.attributes['xml:lang'],
    headline: plain(title),
    summary: content ? plain(summary) : undefined,
    tags: names(all(entry, ...atom('category')).map(({ attributes }) => attributes.label ?? attributes.term)),
    authors: authors(
      (writers.length > 0 ? writers : all(around, ...atom('author'))).map((writer) =>
        value(writer, ...atom('name')),
      ),
    ),
    image: imageOf(entry),
    body: bodyOf(content ?? summary),
    rights: { copyright: plain(rights) },
    publishedAt: zoned(value(entry, ...atom('published'), ...atom('issued'))),
    updatedAt: zoned(value(entry, ...atom('updated'), ...atom('modified'))),
  });
}

/** Many a feed of one entry forgets to say that its elements are Atom's. */
const atom = (name: string) => [`atom:${name}`, name] as const;

function linkOf(element: XmlElement | undefined, rel: string): string | undefined {
  const links = all(element, ...atom('link'));
  return links.find(({ attributes }) => (attributes.rel ?? 'alternate') === rel)?.attributes.href;
}

const languageOf = (element: XmlElement): string | undefined =>
  element.attributes['xml:lang'] ?? value(element, 'dc:language');

interface Construct {
  value: string | undefined;
  type: string | undefined;
  language: string | undefined;
}

/** RFC 4287 section 3.1. */
function construct(entry: XmlElement, name: string): Construct | undefined {
  const element = first(entry, ...atom(name));
  if (element === undefined) return undefined;
  const { type, 'xml:lang': language } = element.attributes;
  return { value: trimmed(element), type, language };
}

const isHtml = (text: Construct | undefined, otherwise: string): boolean =>
  /html/i.test(text?.type ?? otherwise);

/** A text construct is plain text unless its type says html or xhtml. */
const plain = (text: Construct | undefined): string | undefined =>
  isHtml(text, 'text') ? words(text?.value) : text?.value;

const html = (content: string | undefined) => content && { format: 'html', content };

/** RFC 4287 section 4.1.3.3: html, xhtml and media types that are one or the other hold markup. */
const bodyOf = (text: Construct | undefined) =>
  isHtml(text, 'text') ? html(text?.value) : text?.value && { format: 'text', content: text.value };

/** RSS writes `mail (Name)` or the address alone: an address is nobody's name. */
const authors = (given: readonly (string | undefined)[]) =>
  [...new Set(names(given))].filter((name) => !name.includes('@')).map((name) => ({ name }));

const withoutMail = (author: string): string =>
  /^\S{1,200}@\S{1,200}\s*\(([^()]*)\)$/.exec(author)?.[1] ?? author;

function imageOf(item: XmlElement) {
  const contents = [item, ...all(item, 'media:group')].flatMap((each) => all(each, 'media:content'));
  const content = contents.find(
    ({ attributes: { medium, type, url } }) => url && (medium === 'image' || type?.startsWith('image/')),
  );
  if (content !== undefined) {
    const { url, width, height } = content.attributes;
    const of = (name: string) => words(value(content, name) ?? value(item, name));
    const caption = of('media:description');
    const alt = words(value(content, 'media:title'));
    return { url, width: pixels(width), height: pixels(height), caption, credit: of('media:credit'), alt };
  }
  const enclosure = all(item, 'enclosure').find(({ attributes }) => attributes.type?.startsWith('image/'));
  const url = enclosure?.attributes.url ?? first(item, 'media:thumbnail')?.attributes.url;
  return url === undefined ? undefined : { url };
}

const pixels = (size: string | undefined): number | undefined => (size ? Number(size) : undefined);

const all = (parent: XmlElement | undefined, ...names: readonly string[]): XmlElement[] =>
  parent?.children.filter(({ name }) => names.includes(name)) ?? [];

const first = (parent: XmlElement | undefined, ...names: readonly string[]): XmlElement | undefined =>
  all(parent, ...names)[0];

const trimmed = ({ content }: XmlElement): string | undefined => content.trim() || undefined;

const values = (parent: XmlElement | undefined, ...names: readonly string[]): string[] =>
  all(parent, ...names).flatMap((element) => trimmed(element) ?? []);

const value = (parent: XmlElement | undefined, ...names: readonly string[]): string | undefined =>
  values(parent, ...names)[0];

const ZONE = /(?:Z|[+-]\d{2}:?\d{2}|\b(?:GMT|UT|UTC|[ECMP][SD]T))\s*$/i;

/** RFC 822's times, which RSS writes, and RFC 3339's; one without a zone is nobody's instant. */
function zoned(time: string | undefined): string | undefined {
  const at = time !== undefined && ZONE.test(time) ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
