import * as v from 'valibot';
import { id, lenient, listOf, names, number, text, words } from './fields.ts';

/** What is taken of a WordPress post, whichever way it is written. */
export interface Post {
  id?: string | number | undefined;
  type: string;
  status?: string | undefined;
  isProtected: boolean;
  url?: string | undefined;
  language?: string | undefined;
  headline?: string | undefined;
  summary?: string | undefined;
  section?: string | undefined;
  tags: string[];
  authors: { name: string | undefined; url?: string | undefined }[];
  image?: object | undefined;
  content?: string | undefined;
  publishedAt?: string | undefined;
  updatedAt?: string | undefined;
}

/** A text with its filters applied (`rendered`), as stored (`raw`, to editors alone), or plugins' bare string. */
const rendered = v.union([
  v.pipe(
    v.string(),
    v.transform((value) => ({ rendered: value, raw: undefined, protected: undefined })),
  ),
  v.object({ rendered: text, raw: text, protected: lenient(v.boolean()) }),
]);

const media = v.object({
  source_url: text,
  alt_text: text,
  caption: lenient(rendered),
  media_details: lenient(v.object({ width: number, height: number })),
});

/** Present when the post was asked for with `_embed`; author, categories and tags are bare ids otherwise. */
const embedded = v.object({
  author: listOf(v.object({ name: v.string(), link: text })),
  'wp:featuredmedia': listOf(media, 1),
  'wp:term': listOf(listOf(v.object({ taxonomy: v.string(), name: v.string() })), 20),
});

const restPost = v.object({
  id,
  type: text,
  status: text,
  link: text,
  lang: text,
  date_gmt: text,
  modified_gmt: text,
  title: lenient(rendered),
  content: lenient(rendered),
  excerpt: lenient(rendered),
  _embedded: lenient(embedded),
});

/** A post of the REST API. Only its `*_gmt` times are instants: the others are the site's local time, unmarked. */
export function fromRest(value: object): Post {
  const post = v.parse(restPost, value);
  const terms = post._embedded?.['wp:term'].flat() ?? [];
  const named = (taxonomy: string) =>
    names(terms.filter((term) => term.taxonomy === taxonomy).map(({ name }) => name));
  const [picture] = post._embedded?.['wp:featuredmedia'] ?? [];
  return {
    id: post.id,
    // A list of posts may be asked for without their type.
    type: post.type ?? 'post',
    status: post.status ?? 'publish',
    isProtected: post.content?.protected === true,
    url: post.link,
    language: post.lang,
    headline: words(post.title?.rendered ?? post.title?.raw),
    summary: excerpt(post.excerpt?.rendered ?? post.excerpt?.raw),
    section: named('category')[0],
    tags: named('post_tag'),
    authors: (post._embedded?.author ?? []).map(({ name, link }) => ({ name: words(name), url: link })),
    image: picture?.source_url ? pictureOf(picture) : undefined,
    content: post.content?.rendered ?? paragraphs(post.content?.raw),
    publishedAt: gmt(post.date_gmt),
    updatedAt: gmt(post.modified_gmt),
  };
}

function pictureOf({ source_url: url, alt_text, caption, media_details }: v.InferOutput<typeof media>) {
  const { width, height } = media_details ?? {};
  const size = Number(width) >= 1 && Number(height) >= 1 ? { width, height } : {};
  return { url, ...size, alt: words(alt_text), caption: words(caption?.rendered ?? caption?.raw) };
}

const row = v.object({
  ID: id,
  post_type: text,
  post_status: text,
  post_password: text,
  post_url: text,
  post_permalink: text,
  post_thumbnail: text,
  post_title: text,
  post_content: text,
  post_excerpt: text,
  post_date_gmt: text,
  post_modified_gmt: text,
});

/** A post as its row in the database has it. The author is an id there, and terms are elsewhere. */
export function fromFields(value: object): Post {
  const post = v.parse(row, value);
  return {
    id: post.ID,
    type: post.post_type ?? 'post',
    status: post.post_status,
    isProtected: (post.post_password ?? '') !== '',
    url: post.post_permalink ?? post.post_url,
    headline: words(post.post_title),
    summary: excerpt(post.post_excerpt),
    tags: [],
    authors: [],
    image: post.post_thumbnail ? { url: post.post_thumbnail } : undefined,
    content: paragraphs(post.post_content),
    publishedAt: gmt(post.post_date_gmt),
    updatedAt: gmt(post.post_modified_gmt),
  };
}

/** `2026-11-22T10:00:00` or `2026-11-22 10:00:00`, in UTC without saying so; drafts have none, or all zeros. */
function gmt(time: string | undefined): string | undefined {
  return time !== undefined && /^[1-9]\d{3}-\d\d-\d\d[T ]\d\d:\d\d:\d\d$/.test(time) ? `${time}Z` : undefined;
}

/** An excerpt that WordPress cut off the body ends in `[…]`; only a written one is a standfirst. */
function excerpt(value: string | undefined): string | undefined {
  const plain = words(value);
  return plain !== undefined && /\[(?:…|\.\.\.)\]$/.test(plain) ? undefined : plain;
}

const BLOCK = /^\s*<\/?(?:p|div|h[1-6]|ul|ol|li|blockquote|figure|pre|table|section|hr|iframe|!--)/i;

/** What the classic editor stores has blank lines between its paragraphs; WordPress puts the tags in on display. */
function paragraphs(content: string | undefined): string | undefined {
  if (content === undefined || /<p[\s>]|<!-- wp:/.test(content)) return content;
  return content
    .split(/\r?\n[ \t]*\r?\n/)
    .map((part) =>
      BLOCK.test(part) || part.trim() === '' ? part : `<p>${part.trim().replace(/\r?\n/g, '<br>')}</p>`,
    )
    .join('\n');
}
