import * as v from 'valibot';
import { articleItem, type Dialect, type Item, refusedItem, tooManyItems } from './dialect.ts';
import {
  absolute,
  id,
  inheritedLanguage,
  isRecord,
  lenient,
  listOf,
  names,
  plainLine,
  text,
} from './lenient.ts';

const author = v.object({ name: text, url: text });

const item = v.object({
  id,
  url: text,
  title: text,
  content_html: text,
  content_text: text,
  summary: text,
  image: text,
  banner_image: text,
  date_published: text,
  date_modified: text,
  language: text,
  tags: listOf(v.string()),
  authors: listOf(author),
  // JSON Feed 1.0.
  author: lenient(author),
});

const feed = v.object({
  language: text,
  home_page_url: text,
  authors: listOf(author),
  author: lenient(author),
  items: v.array(v.unknown()),
});

/** JSON Feed 1.0 and 1.1 (jsonfeed.org): a feed, whose items are the articles, or one item. */
export const jsonFeed: Dialect = {
  name: 'json-feed',
  kinds: ['json'],

  recognizes(payload) {
    if (payload.kind !== 'json' || !isRecord(payload.value)) return false;
    const { version, content_html, content_text } = payload.value;
    return (
      (typeof version === 'string' && /^https?:\/\/jsonfeed\.org\/version\//.test(version)) ||
      typeof content_html === 'string' ||
      typeof content_text === 'string'
    );
  },

  read(payload, options = {}) {
    const value = payload.kind === 'json' ? payload.value : undefined;
    const parsed = v.safeParse(feed, value);
    if (!parsed.success) return [readItem('', value)];
    const { items, ...around } = parsed.output;
    return (
      tooManyItems(items.length, options) ??
      items.map((each, index) => ({
        ...readItem(`items.${index}`, each, around),
        source: { part: each, around },
      }))
    );
  },
};

/** An item without a language or authors inherits the feed's (JSON Feed 1.1, "Top-level"). */
function readItem(path: string, value: unknown, around?: Omit<v.InferOutput<typeof feed>, 'items'>): Item {
  if (!isRecord(value)) return refusedItem(path, 'must be a JSON Feed item');
  const found = v.parse(item, value);
  const authors = [authorsOf(found), authorsOf(around)].find((list) => list.length > 0) ?? [];
  const image = found.image ?? found.banner_image;
  const body = bodyOf(found);
  const language = inheritedLanguage(around?.language, found.title, found.content_html ?? found.content_text);
  return articleItem(path, 'published', {
    id: found.id,
    url: absolute(found.url, around?.home_page_url),
    language: found.language ?? language,
    headline: plainLine(found.title),
    summary: plainLine(found.summary),
    tags: names(found.tags),
    authors: authors.map(({ name, url }) => ({ name: plainLine(name), url })),
    image: image === undefined ? undefined : { url: absolute(image, found.url) },
    body,
    publishedAt: found.date_published,
    updatedAt: found.date_modified,
  });
}

const authorsOf = (from: Pick<v.InferOutput<typeof item>, 'authors' | 'author'> | undefined) =>
  (from?.authors.length ? from.authors : [from?.author ?? {}]).filter(({ name }) => name !== undefined);

const bodyOf = ({ content_html: html, content_text: plain }: v.InferOutput<typeof item>) =>
  html ? { format: 'html', content: html } : plain && { format: 'text', content: plain };
