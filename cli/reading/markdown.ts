import { marked } from 'marked';
import type { Found } from '../article.ts';
import { dateInFrontMatter } from './dates.ts';
import { readFrontMatter } from './front-matter.ts';

/** An article in CommonMark with GitHub's additions. Its first heading of the first level is the headline. */
export function readMarkdown(text: string, id: string): Found {
  const { fields, content } = readFrontMatter(text);
  const tokens = marked.lexer(content);
  const title = fields.title ?? fields.headline;
  const first = tokens.findIndex((token) => token.type !== 'space');
  const heading = tokens[first];
  const isTitle = heading?.type === 'heading' && heading.depth === 1;
  if (isTitle) tokens.splice(first, 1);
  return {
    id: one(fields.id) ?? id,
    url: one(fields.url ?? fields.canonical),
    language: one(fields.language ?? fields.lang),
    headline: one(title) ?? (isTitle ? marked.parser([{ ...heading, depth: 1 }]) : undefined),
    summary: one(fields.summary ?? fields.description),
    section: one(fields.section ?? fields.category) ?? many(fields.categories)[0],
    tags: many(fields.tags),
    authors: many(fields.authors ?? fields.author).map((name) => ({ name })),
    image: { url: one(fields.image), alt: undefined, caption: undefined },
    body: { format: 'html', content: marked.parser(tokens) },
    publishedAt: dateInFrontMatter(one(fields.date)),
    updatedAt: dateInFrontMatter(one(fields.updated ?? fields.lastmod)),
  };
}

const many = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

const one = (value: string | string[] | undefined): string | undefined => many(value)[0];
