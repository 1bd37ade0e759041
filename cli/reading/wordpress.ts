import type { Found } from '../article.ts';
import { utcOf } from './dates.ts';
import type { Advance, Entry } from './entry.ts';
import { childOf, childrenOf, type Element, readParts, textOf } from './xml.ts';

/** The name every version of the format gives its namespace begins with this. */
export const WXR_MARK = 'http://wordpress.org/export/';

type Picture = NonNullable<Found['image']>;

/** What posts refer to and may stand anywhere in the export. */
interface Index {
  /** Attachment's post id → picture; only those that a post has as its featured image. */
  pictures: Map<string, Picture>;
  /** Login → the name readers see. */
  authors: Map<string, string>;
}

/**
 * The published posts of a WordPress export (WXR), and its pages if asked for. The file is read twice: featured
 * images are attachments before or after their posts, and an export may be larger than memory.
 * @param advance told of every byte twice
 */
export async function* readWordPress(
  file: string,
  options: { pages?: boolean },
  advance: Advance,
): AsyncGenerator<Entry> {
  const index = await readIndex(file, advance);
  const types = new Set(options.pages ? ['post', 'page'] : ['post']);
  let likelyLanguage: string | undefined;
  for await (const part of readParts(file, advance)) {
    if (part.name === 'language') likelyLanguage = textOf(part);
    if (part.name !== 'item') continue;
    const type = valueIn(part, 'wp:post_type') ?? 'post';
    const why = types.has(type) ? reasonToSkip(part) : type;
    yield why === undefined ? { found: toFound(part, index, likelyLanguage) } : { skipped: why };
  }
}

async function readIndex(file: string, advance: Advance): Promise<Index> {
  const pictures = new Map<string, Picture>();
  const authors = new Map<string, string>();
  const wanted = new Set<string>();
  for await (const part of readParts(file, advance)) {
    if (part.name === 'wp:author') {
      const [login, name] = [valueIn(part, 'wp:author_login'), valueIn(part, 'wp:author_display_name')];
      if (login !== undefined && name !== undefined) authors.set(ownCopy(login), ownCopy(name));
    }
    if (part.name !== 'item') continue;
    const id = valueIn(part, 'wp:post_id');
    if (valueIn(part, 'wp:post_type') === 'attachment') {
      const url = valueIn(part, 'wp:attachment_url');
      if (id === undefined || url === undefined) continue;
      const alt = metaOf(part, '_wp_attachment_image_alt');
      const caption = valueIn(part, 'excerpt:encoded');
      pictures.set(ownCopy(id), {
        url: ownCopy(url),
        alt: alt && ownCopy(alt),
        caption: caption && ownCopy(caption),
      });
    } else {
      const thumbnail = metaOf(part, '_thumbnail_id');
      if (thumbnail !== undefined) wanted.add(ownCopy(thumbnail));
    }
  }
  for (const id of pictures.keys()) if (!wanted.has(id)) pictures.delete(id);
  return { pictures, authors };
}

/** V8 keeps the whole chunk of the file that a short string was cut out of; what is kept for long is copied. */
const ownCopy = (text: string): string => Buffer.from(text).toString();

/** A post with a password is `publish`, too, and is not for everyone. */
function reasonToSkip(item: Element): string | undefined {
  const status = valueIn(item, 'wp:status') ?? 'publish';
  if (status !== 'publish') return status;
  return valueIn(item, 'wp:post_password') === undefined ? undefined : 'with a password';
}

function toFound(item: Element, { pictures, authors }: Index, likelyLanguage: string | undefined): Found {
  const [section, ...categories] = termsOf(item, 'category');
  const creator = valueIn(item, 'dc:creator');
  const image = pictures.get(metaOf(item, '_thumbnail_id') ?? '');
  const publishedAt = utcOf(valueIn(item, 'wp:post_date_gmt'));
  return {
    // The id that WordPress itself gives in webhooks and REST: a later update meets the same article.
    id: valueIn(item, 'wp:post_id') ?? valueIn(item, 'guid') ?? '',
    url: valueIn(item, 'link'),
    likelyLanguage,
    headline: valueIn(item, 'title'),
    summary: valueIn(item, 'excerpt:encoded'),
    section,
    tags: [...categories, ...termsOf(item, 'post_tag')],
    authors: creator === undefined ? [] : [{ name: authors.get(creator) ?? creator }],
    ...(image && { image }),
    body: { format: 'html', content: withParagraphs(textOf(childOf(item, 'content:encoded')) ?? '') },
    publishedAt,
    updatedAt: utcOf(valueIn(item, 'wp:post_modified_gmt')),
  };
}

const valueIn = (item: Element, name: string): string | undefined => textOf(childOf(item, name))?.trim();

const termsOf = (item: Element, domain: string): string[] =>
  childrenOf(item, 'category').flatMap((term) =>
    term.attributes.domain === domain ? (textOf(term) ?? []) : [],
  );

function metaOf(item: Element, key: string): string | undefined {
  const meta = childrenOf(item, 'wp:postmeta').find((entry) => valueIn(entry, 'wp:meta_key') === key);
  return meta && valueIn(meta, 'wp:meta_value');
}

const BLOCK =
  /^<\/?(?:address|article|aside|blockquote|details|div|dl|fieldset|figure|footer|form|h[1-6]|header|hr|iframe|main|nav|ol|p|pre|script|section|style|table|ul|video|audio)\b/i;
const KEPT = /(<(pre|script|style|table|ul|ol|dl)\b[\s\S]*?<\/\2>)/i;

/**
 * What the classic editor stored, with the paragraphs that WordPress makes when it shows a post: blank lines part
 * them, a line's end is a break. What the block editor stored has its own.
 */
function withParagraphs(content: string): string {
  if (/<!--\s*wp:|<p[\s>]/i.test(content)) return content;
  const pieces = content.replaceAll('\r\n', '\n').split(KEPT);
  // `split` gives the text, then both groups: the element and its name.
  return pieces
    .map((piece, index) => (index % 3 === 0 ? paragraphsIn(piece) : index % 3 === 1 ? piece : ''))
    .join('');
}

const paragraphsIn = (text: string): string =>
  text
    .split(/\n\s*\n/)
    .map((piece) => piece.trim())
    .filter(Boolean)
    .map((piece) => (BLOCK.test(piece) ? piece : `<p>${piece.replaceAll('\n', '<br>')}</p>`))
    .join('\n');
