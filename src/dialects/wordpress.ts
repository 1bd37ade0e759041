import * as v from 'valibot';
import {
  articleItem,
  type Dialect,
  type Item,
  ignoredItem,
  type ReadOptions,
  refusedItem,
  tooManyItems,
  withdrawalItem,
} from './dialect.ts';
import { id, isRecord, lenient, listOf, names, number, plainLine, text } from './lenient.ts';

/** WordPress.com's hooks for posts; others, such as `publish_page` and `comment_post`, have no article. */
const POST_HOOKS = ['publish_post', 'save_post', 'post_updated', 'transition_post_status', 'trashed_post'];

/** The members in which webhook plugins wrap a post, next to fields of their own. */
const WRAPPERS = ['post', 'data', 'payload'] as const;

/**
 * WordPress: the post object of its REST API (developer.wordpress.org/rest-api/reference/posts), alone, in a list or
 * in a plugin's wrapper; a row of its database (`post_title` …), as other plugins send it; and WordPress.com's
 * form-encoded hook of such fields. The post's status says what happened.
 */
export const wordpress: Dialect = {
  name: 'wordpress',
  kinds: ['json', 'form'],

  recognizes(payload) {
    if (payload.kind === 'form') return 'hook' in payload.fields || isPost(payload.fields);
    const posts = payload.kind === 'json' ? postsIn(payload.value) : [];
    return posts.length > 0 && posts.every(({ value }) => isPost(value));
  },

  read(payload, options = {}) {
    if (payload.kind === 'form') {
      const { hook } = payload.fields;
      if (hook !== undefined && !POST_HOOKS.includes(hook)) {
        return [ignoredItem('hook', 'is not about a post; only posts are articles')];
      }
      // The site's owner selects the fields that a hook sends. Without a status, the hook's name implies it.
      const implied = hook === 'publish_post' ? { post_status: 'publish' } : {};
      return [readPost('', { ...implied, ...payload.fields }, options)];
    }
    const posts = payload.kind === 'json' ? postsIn(payload.value) : [];
    return (
      tooManyItems(posts.length, options) ??
      posts.map(({ path, value }) => ({ ...readPost(path, value, options), source: { part: value } }))
    );
  },
};

function postsIn(value: unknown): { path: string; value: unknown }[] {
  if (Array.isArray(value)) return value.map((each, index) => ({ path: String(index), value: each }));
  if (isRecord(value) && !isPost(value)) {
    const wrapper = WRAPPERS.find((name) => isRecord(value[name]));
    // The plugin's own fields may complete the post.
    if (wrapper !== undefined)
      return [{ path: wrapper, value: { ...besides(value), ...(value[wrapper] as object) } }];
  }
  return [{ path: '', value }];
}

/** Fields that plugins add and that the database row lacks. */
const besides = ({ post_permalink, post_thumbnail }: Record<string, unknown>) => ({
  post_permalink,
  post_thumbnail,
});

function isPost(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (isRow(value)) return true;
  const isRest = 'date_gmt' in value || 'modified_gmt' in value || 'guid' in value;
  return 'id' in value && isRest && ('title' in value || 'status' in value);
}

const isRow = (value: object): boolean => 'ID' in value || 'post_title' in value || 'post_status' in value;

function readPost(path: string, value: unknown, { pages = false }: ReadOptions): Item {
  if (!isRecord(value)) return refusedItem(path, 'must be a WordPress post');
  const { type, status, isProtected, ...post } = isRow(value) ? fromRow(value) : fromRest(value);
  const prefix = isRow(value) ? 'post_' : '';
  if (type !== 'post' && !(pages && type === 'page')) {
    return ignoredItem(
      path,
      `is a ${plainLine(type)?.slice(0, 50)}; only posts are articles`,
      plainLine(type),
      `${prefix}type`,
    );
  }
  switch (status) {
    case 'publish':
      // A post with a password is not public.
      return isProtected
        ? withdrawalItem(path, post.id, post.updatedAt, true)
        : articleItem(path, 'published', postFields(post));
    case 'trash':
      return withdrawalItem(path, post.id, post.updatedAt);
    case 'draft':
    case 'pending':
    case 'private':
    case 'future':
      return withdrawalItem(path, post.id, post.updatedAt, true);
    default:
      return ignoredItem(path, 'is neither published nor withdrawn', status, `${prefix}status`);
  }
}

/** The fields read from a WordPress post, in any of its formats. */
interface Post {
  id?: string | number | undefined;
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

interface Told extends Post {
  type: string;
  status?: string | undefined;
  isProtected: boolean;
}

/** A post's fields as those of a draft. */
export const postFields = ({ content, ...post }: Post): Record<string, unknown> => ({
  ...post,
  body: content && { format: 'html', content },
});

/** A text with WordPress's filters applied (`rendered`), as stored (`raw`, for editors only), or a plugin's bare string. */
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

/** Present when the post was requested with `_embed`; otherwise author, categories and tags are bare ids. */
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

/** A post of the REST API. Only its `*_gmt` times are instants; the others are local times without a zone. */
function fromRest(value: object): Told {
  const post = v.parse(restPost, value);
  const terms = post._embedded?.['wp:term'].flat() ?? [];
  const named = (taxonomy: string) =>
    names(terms.filter((term) => term.taxonomy === taxonomy).map(({ name }) => name));
  const [section, ...categories] = named('category');
  const [picture] = post._embedded?.['wp:featuredmedia'] ?? [];
  return {
    id: post.id,
    // A request may omit the type from its `_fields`.
    type: post.type ?? 'post',
    status: post.status ?? 'publish',
    isProtected: post.content?.protected === true,
    url: post.link,
    language: post.lang,
    headline: plainLine(post.title?.rendered ?? post.title?.raw),
    summary: writtenExcerpt(post.excerpt?.rendered ?? post.excerpt?.raw),
    section,
    tags: [...categories, ...named('post_tag')],
    authors: (post._embedded?.author ?? []).map(({ name, link }) => ({ name: plainLine(name), url: link })),
    image: picture?.source_url ? pictureOf(picture) : undefined,
    content: post.content?.rendered ?? paragraphs(post.content?.raw),
    publishedAt: gmt(post.date_gmt),
    updatedAt: gmt(post.modified_gmt),
  };
}

function pictureOf({ source_url: url, alt_text, caption, media_details }: v.InferOutput<typeof media>) {
  const { width, height } = media_details ?? {};
  const size = Number(width) >= 1 && Number(height) >= 1 ? { width, height } : {};
  return { url, ...size, alt: plainLine(alt_text), caption: plainLine(caption?.rendered ?? caption?.raw) };
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

/** A post as a row of the database. The author is an id there, and terms are in other tables. */
function fromRow(value: object): Told {
  const post = v.parse(row, value);
  return {
    id: post.ID,
    type: post.post_type ?? 'post',
    status: post.post_status,
    isProtected: (post.post_password ?? '') !== '',
    url: post.post_permalink ?? post.post_url,
    headline: plainLine(post.post_title),
    summary: writtenExcerpt(post.post_excerpt),
    tags: [],
    authors: [],
    image: post.post_thumbnail ? { url: post.post_thumbnail } : undefined,
    content: paragraphs(post.post_content),
    publishedAt: gmt(post.post_date_gmt),
    updatedAt: gmt(post.post_modified_gmt),
  };
}

/** `2026-11-22T10:00:00` or `2026-11-22 10:00:00`, in UTC without a zone; drafts have none, or zeros. */
export function gmt(time: string | undefined): string | undefined {
  return time !== undefined && /^[1-9]\d{3}-\d\d-\d\d[T ]\d\d:\d\d:\d\d$/.test(time) ? `${time}Z` : undefined;
}

/** WordPress ends a generated excerpt with `[…]`; only a written excerpt is a summary. */
export function writtenExcerpt(value: string | undefined): string | undefined {
  const plain = plainLine(value);
  return plain !== undefined && /\[(?:…|\.\.\.)\]$/.test(plain) ? undefined : plain;
}

const BLOCK =
  /^<(?:\/?(?:address|article|aside|blockquote|details|div|dl|fieldset|figure|footer|form|h[1-6]|header|hr|iframe|li|main|nav|ol|p|pre|script|section|style|table|ul|video|audio)\b|!--)/i;
// Elements that are kept as they are.
const START_TAG = /<(pre|script|style|table|ul|ol|dl)\b/gi;
const END_TAG = /<\/(pre|script|style|table|ul|ol|dl)>/gi;

/**
 * Adds the paragraphs that WordPress adds when it displays a post of the classic editor: blank lines separate them, a
 * line end is a break. The block editor stores its paragraphs.
 */
export function paragraphs(content: string | undefined): string | undefined {
  if (content === undefined || /<!--\s*wp:|<p[\s>]/i.test(content)) return content;
  const text = content.replaceAll('\r\n', '\n');
  // Where the elements of each name end, found once: a search from each start tag would take quadratic time.
  const ends = new Map<string, number[]>();
  for (const { 0: tag, 1: name = '', index } of text.matchAll(END_TAG)) {
    const key = name.toLowerCase();
    const found = ends.get(key) ?? [];
    found.push(index + tag.length);
    ends.set(key, found);
  }
  for (const found of ends.values()) found.reverse();
  const pieces: string[] = [];
  let at = 0;
  for (const { 1: name = '', index } of text.matchAll(START_TAG)) {
    const ahead = ends.get(name.toLowerCase());
    while ((ahead?.at(-1) ?? Number.POSITIVE_INFINITY) <= index) ahead?.pop();
    const end = ahead?.at(-1);
    // An element that is never closed is text.
    if (index < at || end === undefined) continue;
    pieces.push(paragraphsIn(text.slice(at, index)), text.slice(index, end));
    at = end;
  }
  return [...pieces, paragraphsIn(text.slice(at))].join('');
}

const paragraphsIn = (text: string): string =>
  text
    .split(/\n\s*\n/)
    .map((piece) => piece.trim())
    .filter(Boolean)
    .map((piece) => (BLOCK.test(piece) ? piece : `<p>${piece.replaceAll('\n', '<br>')}</p>`))
    .join('\n');
