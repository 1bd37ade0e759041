import type { Found } from '../article.ts';
import { Failure } from '../failure.ts';
import type { Entry } from './entry.ts';

type Json = Record<string, unknown>;

/** A JSON document: a JSON Feed (1.0, 1.1), or one native webhook. */
export function* readJson(text: string, label: string): Generator<Entry> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new Failure(`is not JSON: ${(error as SyntaxError).message}`);
  }
  const { version, items, type, data, ...feed } = asObject(document);
  if (typeof type === 'string' && typeof data === 'object') {
    yield { payload: text, label };
    return;
  }
  if (!String(version).startsWith('https://jsonfeed.org/version/') || !Array.isArray(items)) {
    throw new Failure(
      'is JSON, but neither a webhook ({type, timestamp, data}: docs/api.md) nor a JSON Feed',
    );
  }
  for (const item of items) yield { found: feedItem(asObject(item), feed) };
}

function feedItem(item: Json, feed: Json): Found {
  const text = (name: string) => asString(item[name]);
  const html = text('content_html');
  const plain = text('content_text');
  const authors = [item.authors, item.author, feed.authors, feed.author].find((value) => value !== undefined);
  return {
    // Version 1 lets an id be a number.
    id: String(item.id ?? text('url') ?? ''),
    url: text('url') ?? text('external_url'),
    likelyLanguage: asString(feed.language),
    language: text('language'),
    headline: escaped(text('title')),
    summary: escaped(text('summary')),
    tags: listOf(item.tags).flatMap((tag) => asString(tag) ?? []),
    authors: listOf(authors).flatMap((author) => {
      const name = asString(asObject(author).name);
      return name === undefined ? [] : [{ name, url: asString(asObject(author).url) }];
    }),
    image: { url: text('image') ?? text('banner_image'), alt: undefined, caption: undefined },
    body:
      html === undefined && plain !== undefined
        ? { format: 'text', content: plain }
        : { format: 'html', content: html ?? '' },
    publishedAt: text('date_published'),
    updatedAt: text('date_modified'),
  };
}

/** JSON Feed's titles are plain text; what is found in files is read as markup. */
const escaped = (text: string | undefined): string | undefined =>
  text?.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const asString = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : {};

const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
