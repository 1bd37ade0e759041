import type { Author } from '../domain/article.ts';
import type { Image } from '../domain/blocks.ts';
import { LIMITS } from '../domain/draft.ts';
import type { Findings } from './findings.ts';
import { plainText } from './html-parser.ts';
import { webUrl } from './url.ts';
import { asInstant, asName, asText, defined } from './values.ts';

type Json = Record<string, unknown>;

// schema.org's Article and what it is refined to for news.
const ARTICLE =
  /^(?:https?:\/\/schema\.org\/)?(?:\w*NewsArticle|Article|BlogPosting|LiveBlogPosting|Report|ReviewNewsArticle|SocialMediaPosting)$/;

/** How many values of a document are looked at for an article. */
const MAX_NODES = 2_000;

/** What JSON-LD says of an article; `articleBody` is its text, which many leave out and some cut short. */
type Described = Omit<Findings, 'related'> & { articleBody?: string };

/** What the first article in a page's JSON-LD scripts says of itself. `base` is the page's address. */
export function readJsonLd(scripts: readonly string[], base: string | undefined): Described {
  for (const script of scripts) {
    const article = findArticle(parseLeniently(script));
    if (article !== undefined) return describe(article, base);
  }
  return {};
}

const BEFORE = /^(?:<!--|\/\/\s*<!\[CDATA\[|\/\*\s*<!\[CDATA\[\s*\*\/|<!\[CDATA\[)/;
const BEHIND = ['-->', '*/', ']]>', '//', '/*', ';'];

/** JSON as CMSs write it: with line ends inside strings, comments around it, commas too many. */
function parseLeniently(script: string): unknown {
  let text = script.trim().replace(BEFORE, '');
  // From the end, not by a pattern that would look for an end behind every space.
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
      // The next repair may do; a script that none mends is left out.
    }
  }
  return undefined;
}

/** The first node of an article's type, nearest the root, wherever in a graph or an array it lies. */
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

function describe(node: Json, base: string | undefined): Described {
  const authors = list(node.author)
    .slice(0, 50)
    .flatMap((value) => author(value, base));
  const image = picture(list(node.image)[0], base);
  const keywords = list(node.keywords).flatMap((value) =>
    typeof value === 'string' ? value.split(',') : [],
  );
  const tags = [...new Set(keywords.slice(0, 100).flatMap((word) => asName(word) ?? []))];
  const page = node.mainEntityOfPage;
  const found = {
    headline: asText(node.headline ?? node.name),
    summary: asText(node.description, LIMITS.paragraph),
    section: asName(list(node.articleSection)[0]),
    language: typeof node.inLanguage === 'string' ? node.inLanguage : undefined,
    publishedAt: asInstant(node.datePublished),
    updatedAt: asInstant(node.dateModified),
    canonicalUrl: webUrl(
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

/** Some put markup into `articleBody`, or the entities of markup. Line ends are kept. */
const bodyText = (text: string): string =>
  text
    .split('\n')
    .map((line) => plainText(line))
    .join('\n');

const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function author(value: unknown, base: string | undefined): Author[] {
  const node: Json = typeof value === 'object' && value !== null ? (value as Json) : { name: value };
  return list(node.name).flatMap((each) => {
    const name = asName(each);
    if (name === undefined || /^https?:/.test(name)) return [];
    const url = webUrl(string(node.url), base);
    return [url === undefined ? { name } : { name, url }];
  });
}

function picture(value: unknown, base: string | undefined): Image | undefined {
  const node: Json = typeof value === 'object' && value !== null ? (value as Json) : { url: value };
  const url = webUrl(string(node.url) ?? string(node.contentUrl), base);
  if (url === undefined) return undefined;
  const [width, height] = [pixels(node.width), pixels(node.height)];
  return {
    url,
    ...(width && height ? { width, height } : {}),
    ...defined({ caption: asText(node.caption, LIMITS.paragraph) }),
  };
}

function pixels(value: unknown): number | undefined {
  const number = Number.parseInt(String((value as Json | null)?.value ?? value), 10);
  return number > 0 && number <= 100_000 ? number : undefined;
}
