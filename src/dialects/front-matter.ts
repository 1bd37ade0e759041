import { marked } from 'marked';
import { parseDocument } from 'yaml';
import { Refusal } from '../domain/refusal.ts';
import { articleItem, type Dialect } from './dialect.ts';
import { isRecord, names, plainLine } from './lenient.ts';
import { isWholePage } from './page.ts';

/**
 * A file of a site generator: Markdown (CommonMark with GitHub's extensions), HTML or plain text, with front matter, YAML
 * between two lines of `---`. Only the command line reads it.
 */
export const frontMatter: Dialect<'front-matter'> = {
  name: 'front-matter',
  kinds: ['markdown', 'html', 'text'],

  recognizes: (payload) =>
    payload.kind === 'markdown' ||
    ((payload.kind === 'html' || payload.kind === 'text') && FRONT_MATTER.test(payload.text)),

  read(payload, { headline } = {}) {
    if (payload.kind !== 'markdown' && payload.kind !== 'html' && payload.kind !== 'text') return [];
    const parted = readFrontMatter(payload.text);
    if (parted instanceof Refusal) return parted;
    const { fields, content } = parted;
    const { title, body } = BODIES[payload.kind](content);
    return [
      articleItem('', 'published', {
        id: one(fields.id) ?? payload.location,
        url: one(fields.url ?? fields.canonical),
        language: one(fields.language ?? fields.lang),
        headline: headline ?? plainLine(one(fields.title ?? fields.headline) ?? title),
        summary: plainLine(one(fields.summary ?? fields.description)),
        section: names([one(fields.section ?? fields.category) ?? one(fields.categories)])[0],
        tags: names(many(fields.tags).map(nameOf)),
        authors: many(fields.authors ?? fields.author).flatMap((author) =>
          names([nameOf(author)]).map((name) => ({
            name,
            url: isRecord(author) ? one(author.url) : undefined,
          })),
        ),
        image: imageOf(fields.image),
        body,
        publishedAt: dateOf(one(fields.date)),
        updatedAt: dateOf(one(fields.updated ?? fields.lastmod)),
      }),
    ];
  },
};

type Fields = Readonly<Record<string, unknown>>;

const FRONT_MATTER = /^\uFEFF?---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/;

/** A file's fields, by lower-case name, and its content. */
function readFrontMatter(text: string): { fields: Fields; content: string } | Refusal {
  const match = FRONT_MATTER.exec(text);
  if (match === null) return { fields: {}, content: text };
  // The failsafe schema keeps every value as written text: `1.10`, `2026-11-21`, `no`.
  const document = parseDocument(match[1] ?? '', { schema: 'failsafe', logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    // The first line is the `---`.
    return notYaml(`line ${(error.linePos?.[0].line ?? 0) + 1}: ${error.message.split('\n', 1)[0]}`);
  }
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    return notYaml((error as Error).message);
  }
  // Two lines of `---` around anything else are horizontal rules.
  if (!isRecord(value)) return { fields: {}, content: value ? text : text.slice(match[0].length) };
  const fields = Object.fromEntries(Object.entries(value).map(([name, each]) => [name.toLowerCase(), each]));
  return { fields, content: text.slice(match[0].length) };
}

const notYaml = (why: string) =>
  new Refusal('malformed', { detail: `The front matter is not valid YAML: ${why.replace(/:$/, '')}` });

interface Read {
  /** As HTML; undefined when the content does not start with a first-level heading. */
  title?: string | undefined;
  body: { format: 'html' | 'text' | 'page'; content: string } | undefined;
}

const BODIES: Readonly<Record<'markdown' | 'html' | 'text', (content: string) => Read>> = {
  markdown(content) {
    const tokens = marked.lexer(content);
    const first = tokens.findIndex((token) => token.type !== 'space');
    const heading = tokens[first];
    const isTitle = heading?.type === 'heading' && heading.depth === 1;
    if (isTitle) tokens.splice(first, 1);
    const html = marked.parser(tokens);
    return {
      title: isTitle ? marked.parser([{ ...heading, depth: 1 }]) : undefined,
      body: html === '' ? undefined : { format: 'html', content: html },
    };
  },
  html: (content) => ({ body: { format: isWholePage(content) ? 'page' : 'html', content } }),
  text: (content) => ({ body: { format: 'text', content } }),
};

const many = (value: unknown): unknown[] =>
  (Array.isArray(value) ? value : [value]).filter((each) => each !== undefined && each !== '');

/** The first text of a value or a list; undefined when there is none. */
const one = (value: unknown): string | undefined =>
  many(value).find((each): each is string => typeof each === 'string');

const nameOf = (value: unknown): unknown => (isRecord(value) ? value.name : value);

function imageOf(value: unknown): object | undefined {
  const [image] = many(value);
  if (!isRecord(image)) return typeof image === 'string' ? { url: image } : undefined;
  const { url, src, alt, caption } = image;
  return { url: one(url ?? src), alt: plainLine(alt), caption: plainLine(caption) };
}

/** A date without a time or zone is in UTC, as in site generators. */
function dateOf(text: string | undefined): string | undefined {
  const [, day, time = '00:00:00', zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(
      text?.trim() ?? '',
    ) ?? [];
  return day === undefined ? undefined : `${day}T${time}${zone}`;
}
