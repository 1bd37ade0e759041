import type { Author } from '../domain/article.ts';
import type { Image } from '../domain/blocks.ts';
import { LIMITS, MAX_READ_ENTRIES } from '../domain/draft.ts';
import type { Findings } from './findings.ts';
import { plainText } from './html-parser.ts';
import { resolveWebUrl } from './url.ts';
import { asInstant, asName, asText, defined } from './values.ts';

type Json = Record<string, unknown>;

// schema.org's Article and its subtypes for news.
const ARTICLE =
  /^(?:https?:\/\/schema\.org\/)?(?:\w*NewsArticle|Article|BlogPosting|LiveBlogPosting|Report|ReviewNewsArticle|SocialMediaPosting)$/;

/** The most values of a document that are searched for an article. */
const MAX_NODES = 2_000;

/** An article's fields in JSON-LD; `articleBody` is its text, which many sites omit and some truncate. */
type Described = Omit<Findings, 'related'> & { articleBody?: string };

/** The fields of the first article in a page's JSON-LD scripts. `base` is the page's URL. */
export function readJsonLd(scripts: readonly string[], base: string | undefined): Described {
  for (const script of scripts) {
    const article = findArticle(parseLeniently(script));
    if (article !== undefined) return describeArticle(article, base);
  }
  return {};
}

const BEFORE = /^(?:<!--|\/\/\s*<!\[CDATA\[|\/\*\s*<!\[CDATA\[\s*\*\/|<!\[CDATA\[)/;
const BEHIND = ['-->', '*/', ']]>', '//', '/*', ';'];

/** Parses JSON as CMSs write it: with line ends in strings, comments around it, superfluous commas. */
function parseLeniently(script: string): unknown {
  let text = script.trim().replace(BEFORE, '');
  // Compares ends rather than using a pattern, which would search after every space.
  for (const mark of BEHIND) if (text.endsWith(mark)) text = text.slice(0, -mark.length).trimEnd();
  const repairs = [
    (json: string) => json,
    (json: string) => json.replace(/[\u0000-\u001F]+/g, ' '),
    (json: string) => json.replace(/[\u0000-\u001F]+/g, ' ').replace(/,(?=\s*[}\]])/g, ''),
  ];
  let tried: string | undefined;
  for (const repair of repairs) {
    const json = repair(text);
    if (json === tried) continue;
    tried = json;
    try {
      return JSON.parse(json);
    } catch {
      // The next repair may work; a script that none repairs is ignored.
    }
  }
  return undefined;
}

/** The first node of an article type, nearest the root, in any graph or array. */
function findArticle(root: unknown): Json | undefined {
  const queue: unknown[] = [root];
  for (let at = 0; at < queue.length && at < MAX_NODES; at += 1) {
    const node = queue[at];
    if (typeof node !== 'object' || node === null) continue;
    if (!Array.isArray(node) && isArticle(node as Json)) return node as Json;
    for (const value of Object.values(node)) {
      if (queue.length >= MAX_NODES) break;
      if (typeof value === 'object') queue.push(value);
    }
  }
  return undefined;
}

const isArticle = (node: Json): boolean =>
  list(node['@type']).some((type) => typeof type === 'string' && ARTICLE.test(type));

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value == null ? [] : [value]);

/** The fields of an article in JSON-LD, which may be of any type. `base` is the page's URL. */
export function describeArticle(node: Json, base: string | undefined): Described {
  const authors = list(node.author)
    .slice(0, MAX_READ_ENTRIES)
    .flatMap((value) => author(value, base))
    .slice(0, MAX_READ_ENTRIES);
  const image = picture(list(node.image)[0], base);
  const keywords = list(node.keywords).flatMap((value) =>
    typeof value === 'string' ? value.split(',') : [],
  );
  const tags = [...new Set(keywords.slice(0, MAX_READ_ENTRIES).flatMap((word) => asName(word) ?? []))];
  const page = node.mainEntityOfPage;
  const found = {
    headline: asText(node.headline ?? node.name),
    summary: asText(node.description, LIMITS.paragraph),
    section: asName(list(node.articleSection)[0]),
    language: typeof node.inLanguage === 'string' ? node.inLanguage : undefined,
    publishedAt: asInstant(node.datePublished),
    updatedAt: asInstant(node.dateModified),
    canonicalUrl: resolveWebUrl(
      string(page) ?? string((page as Json | undefined)?.['@id']) ?? string(node.url),
      base,
    ),
    authors: authors.length > 0 ? authors : undefined,
    tags: tags.length > 0 ? tags : undefined,
    image,
    articleBody: typeof node.articleBody === 'string' ? bodyText(node.articleBody) : undefined,
  };
  return defined(found);
}

/** Some sites put markup or entities into `articleBody`. Keeps line ends. */
const bodyText = (text: string): string =>
  text
    .split('\n')
    .map((line) => plainText(line))
    .join('\n');

const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function author(value: unknown, base: string | undefined): Author[] {
  const node: Json = typeof value === 'object' && value !== null ? (value as Json) : { name: value };
  return list(node.name)
    .slice(0, MAX_READ_ENTRIES)
    .flatMap((each) => {
      const name = asName(each);
      if (name === undefined || /^https?:/.test(name)) return [];
      const url = resolveWebUrl(string(node.url), base);
      return [url === undefined ? { name } : { name, url }];
    });
}

function picture(value: unknown, base: string | undefined): Image | undefined {
  const node: Json = typeof value === 'object' && value !== null ? (value as Json) : { url: value };
  const url = resolveWebUrl(string(node.url) ?? string(node.contentUrl), base);
  if (url === undefined) return undefined;
  const [width, height] = [pixels(node.width), pixels(node.height)];
  return {
    url,
    ...(width && height ? { width, height } : {}),
    ...defined({ caption: asText(node.caption, LIMITS.paragraph) }),
  };
}

function pixels(value: unknown): number | undefined {
  const size = (value as Json | null)?.value ?? value;
  // Not of an object: writing a deeply nested one overflows the stack.
  const number = typeof size === 'object' ? Number.NaN : Number.parseInt(String(size), 10);
  return number > 0 && number <= 100_000 ? number : undefined;
}
