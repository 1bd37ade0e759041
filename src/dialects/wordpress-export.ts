/** Reads WordPress's export (WXR): RSS whose items are rows of the database, such as posts, pages and attachments. */
import { childrenOf, contentOf, valueIn, valuesIn, type XmlElement } from '../markup/xml.ts';
import { articleItem, type Item, ignoredItem, type ReadOptions } from './dialect.ts';
import { inheritedLanguage, names, plainLine } from './lenient.ts';
import { gmt, paragraphs, postFields, writtenExcerpt } from './wordpress.ts';

/** The namespace contains the version: `http://wordpress.org/export/1.2/`, `…/1.2/excerpt/`. */
export const WXR_NAMESPACE = /^http:\/\/wordpress\.org\/export\/[\d.]+\/((?:excerpt\/)?)$/;

/** Whether an RSS item comes from an export: only there it has a post id, type or status. */
export const isExported = (item: XmlElement): boolean =>
  valueIn(item, 'wp:post_id', 'wp:post_type', 'wp:status') !== undefined;

interface Picture {
  url: string;
  alt: string | undefined;
  caption: string | undefined;
}

/** Authors and pictures that posts refer to; they may be anywhere in the export. */
export class ExportIndex {
  /** Attachment's post id → picture. */
  readonly #pictures = new Map<string, Picture>();
  /** Login → the name readers see. */
  readonly #authors = new Map<string, string>();

  survey(part: XmlElement): void {
    if (part.name === 'wp:author') {
      const [login, name] = [valueIn(part, 'wp:author_login'), valueIn(part, 'wp:author_display_name')];
      if (login !== undefined && name !== undefined) this.#authors.set(ownCopy(login), ownCopy(name));
    }
    if (part.name !== 'item' || valueIn(part, 'wp:post_type') !== 'attachment') return;
    const [id, url] = [valueIn(part, 'wp:post_id'), valueIn(part, 'wp:attachment_url')];
    if (id === undefined || url === undefined) return;
    const [alt, caption] = [metaOf(part, '_wp_attachment_image_alt'), valueIn(part, 'excerpt:encoded')];
    this.#pictures.set(ownCopy(id), {
      url: ownCopy(url),
      alt: alt && ownCopy(alt),
      caption: caption && ownCopy(caption),
    });
  }

  authorOf(login: string): string {
    return this.#authors.get(login) ?? login;
  }

  pictureOf(post: XmlElement): Picture | undefined {
    return this.#pictures.get(metaOf(post, '_thumbnail_id') ?? '');
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Copies a string: V8 would otherwise keep the whole chunk of the document that it was cut from. */
const ownCopy = (text: string): string => decoder.decode(encoder.encode(text));

/** Reads a post. An export describes a state, not a change: an unpublished post is ignored, never withdrawn. */
export function readExported(
  path: string,
  item: XmlElement,
  index: ExportIndex,
  declaredLanguage: string | undefined,
  { pages = false }: ReadOptions,
): Item {
  const type = valueIn(item, 'wp:post_type') ?? 'post';
  if (type !== 'post' && !(pages && type === 'page')) {
    return ignoredItem(path, `is a ${type.slice(0, 50)}; only posts are articles`, type);
  }
  const status = valueIn(item, 'wp:status') ?? 'publish';
  if (status !== 'publish')
    return ignoredItem(path, `is not published: its status is ${status.slice(0, 50)}`, status);
  // A post with a password is not public, although its status is `publish`.
  if (valueIn(item, 'wp:post_password') !== undefined) {
    return ignoredItem(path, 'is password-protected', 'with a password');
  }
  const [section, ...categories] = termsOf(item, 'category');
  const creator = valueIn(item, 'dc:creator');
  const picture = index.pictureOf(item);
  const headline = plainLine(valueIn(item, 'title'));
  const content = paragraphs(valueIn(item, 'content:encoded'));
  return articleItem(
    path,
    'published',
    postFields({
      // REST and webhooks use the same id, so later updates reach the same article.
      id: valueIn(item, 'wp:post_id') ?? valueIn(item, 'guid'),
      url: valueIn(item, 'link'),
      language: inheritedLanguage(declaredLanguage, headline, content),
      headline,
      summary: writtenExcerpt(valueIn(item, 'excerpt:encoded')),
      section,
      tags: [...categories, ...termsOf(item, 'post_tag')],
      authors: creator === undefined ? [] : [{ name: plainLine(index.authorOf(creator)) }],
      image: picture && {
        url: picture.url,
        alt: plainLine(picture.alt),
        caption: plainLine(picture.caption),
      },
      content,
      publishedAt: gmt(valueIn(item, 'wp:post_date_gmt')),
      updatedAt: gmt(valueIn(item, 'wp:post_modified_gmt')),
    }),
  );
}

const termsOf = (item: XmlElement, domain: string): string[] =>
  names(
    childrenOf(item, 'category')
      .filter(({ attributes }) => attributes.domain === domain)
      .map(contentOf),
  );

function metaOf(item: XmlElement, key: string): string | undefined {
  const meta = childrenOf(item, 'wp:postmeta').find((entry) => valuesIn(entry, 'wp:meta_key')[0] === key);
  return valueIn(meta, 'wp:meta_value');
}
