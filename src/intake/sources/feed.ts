import { type AtomFeed, parseFeed, type RdfFeed, type RssFeed } from 'feedsmith';
import { Refusal } from '../../problem.ts';
import { deletedEntries } from './deleted-entries.ts';
import { absolute, articleItem, names, withdrawalItem, words } from './fields.ts';
import type { Item, Source } from './source.ts';

/** RSS 2.0 (0.9x and 1.0 among it) and Atom (RFC 4287): a feed, whose items are the articles, or one item or entry. */
export const feed: Source = {
  name: 'feed',
  kinds: ['xml'],
  recognizes: (payload) => payload.kind === 'xml',

  read(payload) {
    const xml = payload.kind === 'xml' ? payload.text : '';
    let parsed: Parsed;
    try {
      parsed = parseFeed<string>(inFeed(xml));
    } catch (error) {
      return new Refusal('malformed', { detail: `The body is no RSS or Atom: ${(error as Error).message}` });
    }
    const withdrawn = deletedEntries(xml).map(({ ref, when }, index) =>
      withdrawalItem(`deleted-entry.${index}`, ref, when),
    );
    return [...itemsOf(parsed), ...withdrawn];
  },
};

type Parsed = ReturnType<typeof parseFeed<string>>;

const NAMESPACES =
  'xmlns="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"';

/** A document of one entry (RFC 4287 section 2) or, by custom, of one RSS item, as a feed of it. */
function inFeed(xml: string): string {
  const bare = xml.replace(/^\s*<\?xml[^>]{0,200}\?>\s*/, '');
  const root = /^<(entry|item)[\s>]/i.exec(bare)?.[1]?.toLowerCase();
  if (root === 'entry') return `<feed ${NAMESPACES}>${bare}</feed>`;
  if (root === 'item')
    return `<rss version="2.0" ${NAMESPACES.replace(/^\S+ /, '')}><channel>${bare}</channel></rss>`;
  return xml;
}

function itemsOf(parsed: Parsed): Item[] {
  switch (parsed.format) {
    case 'atom':
      return (parsed.feed.entries ?? []).map((entry, index) =>
        readEntry(`entry.${index}`, entry, parsed.feed),
      );
    case 'rss':
    case 'rdf':
      return (parsed.feed.items ?? []).map((item, index) => readRssItem(`item.${index}`, item, parsed.feed));
    default:
      return [];
  }
}

type RssItem = Partial<RssFeed.Item<string>> & Partial<RdfFeed.Item<string>>;

function readRssItem(
  path: string,
  item: RssItem,
  channel: { link?: string; language?: string; dc?: Dc },
): Item {
  const { value: guid, isPermaLink = true } = item.guid ?? {};
  const url =
    absolute(item.link, channel.link) ?? (isPermaLink && URL.canParse(guid ?? '') ? guid : undefined);
  const encoded = item.content?.encoded;
  const modified = zoned(item.atom?.updated ?? item.dcterms?.modified?.[0]);
  return articleItem(path, 'published', {
    id: guid ?? item.rdf?.about ?? item.link,
    url,
    language: item.xml?.lang ?? item.dc?.languages?.[0] ?? channel.language ?? channel.dc?.languages?.[0],
    headline: words(item.title),
    // Where the whole article is given beside it, the description is its standfirst.
    summary: encoded ? words(item.description) : undefined,
    tags: names((item.categories ?? []).map(({ name }) => name)),
    authors: authors([...(item.dc?.creators ?? []), ...(item.authors ?? []).map(({ name }) => name)]),
    image: imageOf(item),
    body: html(encoded ?? item.description),
    publishedAt: zoned(item.pubDate ?? item.dc?.dates?.[0]),
    updatedAt: modified,
  });
}

type Dc = { languages?: string[] };

function readEntry(
  path: string,
  entry: Partial<AtomFeed.Entry<string>>,
  around: Partial<AtomFeed.Feed<string>>,
): Item {
  const links = entry.links ?? [];
  const link = links.find(({ rel = 'alternate' }) => rel === 'alternate')?.href;
  const base = entry.xml?.base ?? around.xml?.base ?? around.links?.find(({ rel }) => rel === 'self')?.href;
  // RFC 4287 section 4.1.3: a content without a value is somewhere else.
  const content = entry.content?.value ? entry.content : undefined;
  return articleItem(path, 'published', {
    id: entry.id ?? link,
    url: absolute(link, base),
    language: entry.content?.xml?.lang ?? entry.xml?.lang ?? around.xml?.lang ?? entry.dc?.languages?.[0],
    headline: plain(entry.title),
    summary: content ? plain(entry.summary) : undefined,
    tags: names((entry.categories ?? []).map(({ label, term }) => label ?? term)),
    authors: authors(
      (entry.authors?.length ? entry.authors : (around.authors ?? [])).map(({ name }) => name),
    ),
    image: imageOf(entry),
    body: bodyOf(content ?? entry.summary),
    rights: { copyright: plain(entry.rights) },
    publishedAt: zoned(entry.published),
    updatedAt: zoned(entry.updated),
  });
}

interface Construct {
  value?: string;
  type?: string;
}

/** RFC 4287 section 3.1: a text construct is plain text unless its type says html or xhtml. */
const plain = (text: Construct | undefined): string | undefined =>
  text?.type === 'html' || text?.type === 'xhtml' ? words(text.value) : text?.value;

const html = (content: string | undefined) => content && { format: 'html', content };

/** RFC 4287 section 4.1.3.3: html, xhtml and media types that are one or the other hold markup. */
const bodyOf = (text: Construct | undefined) =>
  /html/i.test(text?.type ?? 'text')
    ? html(text?.value)
    : text?.value && { format: 'text', content: text.value };

/** RSS writes `mail (Name)` or the address alone: an address is nobody's name. */
const authors = (given: readonly (string | undefined)[]) =>
  [...new Set(names(given))].filter((name) => !name.includes('@')).map((name) => ({ name }));

function imageOf({ media, enclosures }: Pick<RssItem, 'media' | 'enclosures'>) {
  const contents = [
    ...(media?.contents ?? []),
    ...(media?.groups ?? []).flatMap((group) => group.contents ?? []),
  ];
  const content = contents.find(
    ({ medium, type, url }) => url && (medium === 'image' || type?.startsWith('image/')),
  );
  if (content !== undefined) {
    const { url, width, height } = content;
    const credit = (content.credits ?? media?.credits)?.[0]?.value;
    const caption = words((content.description ?? media?.description)?.value);
    return { url, width, height, caption, credit: words(credit), alt: words(content.title?.value) };
  }
  const enclosure = (enclosures ?? []).find(({ type }) => type?.startsWith('image/'));
  const url = enclosure?.url ?? media?.thumbnails?.[0]?.url;
  return url === undefined ? undefined : { url };
}

const ZONE = /(?:Z|[+-]\d{2}:?\d{2}|\b(?:GMT|UT|UTC|[ECMP][SD]T))\s*$/i;

/** RFC 822's times, which RSS writes, and RFC 3339's; one without a zone is nobody's instant. */
function zoned(time: string | undefined): string | undefined {
  const at = time !== undefined && ZONE.test(time) ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
