import type { Found } from '../article.ts';
import { instantOf } from './dates.ts';
import type { Advance, Entry } from './entry.ts';
import { childOf, childrenOf, type Element, htmlOf, readParts, textOf } from './xml.ts';

/** The articles of an RSS (0.9x, 1.0, 2.0) or Atom (RFC 4287) document. */
export async function* readFeed(file: string, advance: Advance): AsyncGenerator<Entry> {
  let likelyLanguage: string | undefined;
  for await (const part of readParts(file, advance)) {
    likelyLanguage ??= part.attributes['xml:lang'];
    switch (part.name) {
      case 'language':
      case 'dc:language':
        likelyLanguage = textOf(part);
        break;
      case 'item':
        yield { found: rssItem(part, likelyLanguage) };
        break;
      case 'atom:entry':
        yield { found: atomEntry(part, likelyLanguage) };
        break;
    }
  }
}

function rssItem(item: Element, likelyLanguage: string | undefined): Found {
  const text = (name: string) => textOf(childOf(item, name));
  const guid = childOf(item, 'guid');
  const isLink = guid?.attributes.isPermaLink?.toLowerCase() !== 'false';
  const url = text('link') ?? (isLink ? textOf(guid) : undefined);
  const content = text('content:encoded');
  const description = text('description');
  return {
    id: (textOf(guid) ?? item.attributes['rdf:about'] ?? url ?? text('title') ?? '').trim(),
    url,
    likelyLanguage,
    language: item.attributes['xml:lang'] ?? text('dc:language'),
    headline: text('title'),
    summary: content === undefined ? undefined : description,
    tags: [...childrenOf(item, 'category'), ...childrenOf(item, 'dc:subject')].flatMap(
      (category) => textOf(category) ?? [],
    ),
    authors: [...childrenOf(item, 'dc:creator'), ...childrenOf(item, 'author')].flatMap((author) => {
      const name = personIn(textOf(author) ?? '');
      return name === undefined ? [] : [{ name }];
    }),
    image: imageOf(item),
    body: { format: 'html', content: content ?? description ?? '' },
    publishedAt: instantOf(text('pubDate') ?? text('dc:date')),
    updatedAt: instantOf(text('atom:updated')),
  };
}

/** RSS writes `desk@paper.example (Name)`; the address is nobody's business. */
function personIn(text: string): string | undefined {
  const named = /\(([^)]+)\)\s*$/.exec(text)?.[1] ?? text;
  return named.includes('@') ? undefined : named.trim() || undefined;
}

function imageOf(item: Element): { url: string | undefined; alt: undefined; caption: string | undefined } {
  const media = [item, ...childrenOf(item, 'media:group')].flatMap((holder) =>
    childrenOf(holder, 'media:content'),
  );
  const picture =
    media.find(({ attributes }) => attributes.medium === 'image' || /^image\//.test(attributes.type ?? '')) ??
    childrenOf(item, 'enclosure').find(({ attributes }) => /^image\//.test(attributes.type ?? '')) ??
    childOf(item, 'media:thumbnail');
  const caption = textOf(picture && childOf(picture, 'media:description'));
  return { url: picture?.attributes.url, alt: undefined, caption };
}

function atomEntry(entry: Element, likelyLanguage: string | undefined): Found {
  const links = childrenOf(entry, 'atom:link').map(({ attributes }) => attributes);
  const url = links.find(({ rel = 'alternate' }) => rel === 'alternate')?.href;
  const content = childOf(entry, 'atom:content');
  const summary = markupOf(childOf(entry, 'atom:summary'));
  const body = markupOf(content);
  const updated = textOf(childOf(entry, 'atom:updated'));
  return {
    id: (textOf(childOf(entry, 'atom:id')) ?? url ?? '').trim(),
    url,
    likelyLanguage,
    language: entry.attributes['xml:lang'] ?? content?.attributes['xml:lang'],
    headline: markupOf(childOf(entry, 'atom:title')),
    summary: body === undefined ? undefined : summary,
    tags: childrenOf(entry, 'atom:category').flatMap(
      ({ attributes }) => attributes.label ?? attributes.term ?? [],
    ),
    authors: childrenOf(entry, 'atom:author').flatMap((author) => {
      const name = textOf(childOf(author, 'atom:name'));
      return name === undefined ? [] : [{ name, url: textOf(childOf(author, 'atom:uri')) }];
    }),
    image: {
      ...imageOf(entry),
      ...pictureLink(links),
    },
    body: { format: 'html', content: body ?? summary ?? '' },
    publishedAt: instantOf(textOf(childOf(entry, 'atom:published'))),
    updatedAt: instantOf(updated),
  };
}

function pictureLink(links: readonly Element['attributes'][]): { url?: string } {
  const url = links.find(({ rel, type }) => rel === 'enclosure' && /^image\//.test(type ?? ''))?.href;
  return url === undefined ? {} : { url };
}

/** A text construct as HTML (RFC 4287 section 3.1): `text` is escaped, `html` was, `xhtml` is elements. */
function markupOf(element: Element | undefined): string | undefined {
  if (element === undefined) return undefined;
  const { type = 'text' } = element.attributes;
  if (type === 'xhtml') return htmlOf(childOf(element, 'div') ?? element).trim() || undefined;
  const text = textOf(element);
  return type === 'html' || type === 'text/html'
    ? text
    : text?.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
