import { Readability } from '@mozilla/readability';
import Defuddle from 'defuddle';
import { parseHTML } from 'linkedom';
import rehypeParse from 'rehype-parse';
import rehypeSanitize from 'rehype-sanitize';
import rehypeStringify from 'rehype-stringify';
import sanitizeHtml from 'sanitize-html';
import { unified } from 'unified';
import type { Article } from '../../src/domain/article.ts';
import { articleHtml } from '../../src/formats/html.ts';
import { htmlToBlocks } from '../../src/normalize/html/html.ts';
import { normalize } from '../../src/normalize/normalize.ts';
import { Warnings } from '../../src/normalize/warnings.ts';

/** Cleans an article's HTML. @returns the size of the result, in UTF-16 code units or blocks: never 0 */
type Contestant = (html: string) => number | Promise<number>;

const URL = 'https://publisher.example/news/1';

async function normalized(html: string) {
  const draft = {
    id: '1',
    url: URL,
    headline: 'A headline',
    body: { format: 'html' as const, content: html },
  };
  const result = await normalize(draft, { id: 'publisher', name: 'Publisher' });
  if ('issues' in result) throw new Error(JSON.stringify(result.issues));
  return result.content;
}

const ALLOWED = { allowedTags: [...sanitizeHtml.defaults.allowedTags, 'img'] };
const hast = unified().use(rehypeParse, { fragment: true }).use(rehypeSanitize).use(rehypeStringify).freeze();

/** A document that contains only the article, because extractors work on documents. */
function documentOf(html: string) {
  const { document } = parseHTML(
    `<!doctype html><html><head><title>A headline</title></head><body>${html}</body></html>`,
  );
  return document;
}

/** By display name. */
export const CONTESTANTS = {
  /** HTML to an article: typed blocks, language, boilerplate, embeds, words counted. */
  dateline: async (html) => (await normalized(html)).body.length,
  /** HTML to an article, and the article to HTML. */
  'dateline, rendered': async (html) => {
    const article = { ...(await normalized(html)), id: '1', version: 1, status: 'published' } as Article;
    return articleHtml(article).length;
  },
  /** HTML to blocks, and these to safe HTML: what the sanitizers do. */
  'dateline, safe HTML': (html) => {
    const body = htmlToBlocks(html, URL, new Warnings());
    return articleHtml({ body, direction: 'ltr' } as unknown as Article).length;
  },
  'sanitize-html': (html) => sanitizeHtml(html, ALLOWED).length,
  'rehype-sanitize': (html) => String(hast.processSync(html)).length,
  readability: (html) => new Readability(documentOf(html)).parse()?.content?.length ?? 0,
  defuddle: (html) => {
    const document = documentOf(html);
    return new Defuddle(document, { url: URL }).parse().content.length;
  },
} satisfies Record<string, Contestant>;

export type ContestantName = keyof typeof CONTESTANTS;
