import type { Warning } from '../domain/draft.ts';
import { type Attributes, parseHtml } from '../markup/html-parser.ts';
import { articleItem, type Dialect, type Item, refusedItem } from './dialect.ts';
import { absolute } from './lenient.ts';

/**
 * A whole page, HTML or text. Its canonical URL, or else its location, identifies the article. Reads the headers
 * `Content-Language` and `Last-Modified`, unless headers say nothing of the page.
 */
export const page: Dialect = {
  name: 'page',
  kinds: ['html', 'text'],

  recognizes: (payload) => payload.kind === 'html' || payload.kind === 'text',

  read({ headers, location, ignoresHeaders = false, ...payload }, { headline } = {}) {
    const content = payload.kind === 'html' || payload.kind === 'text' ? payload.text : '';
    // The media type is a header, too: JSON or a feed must not be read as a page.
    if (ignoresHeaders && !(payload.kind === 'html' && beginsAsPage(content))) {
      return [refusedItem('', `must be HTML that begins with <!doctype html> or <html>: ${NOT_SIGNED}`)];
    }
    // The body is signed; headers are not.
    const url = (payload.kind === 'html' ? canonicalIn(content, location) : undefined) ?? location;
    if (url === undefined) {
      const message = ignoresHeaders
        ? `is required: send the page’s absolute URL in a link rel=canonical. ${NOT_SIGNED}`
        : 'is required: send the article’s URL or id in the Content-Location header, or a link rel=canonical in the page';
      return [refusedItem('', message, 'id')];
    }
    const stated = ignoresHeaders ? new Headers() : headers;
    const modified = Date.parse(stated.get('Last-Modified') ?? '');
    const item = articleItem('', 'published', {
      id: url,
      url: URL.canParse(url) ? url : undefined,
      language: stated.get('Content-Language')?.split(',', 1)[0]?.trim(),
      headline,
      body: { format: formatOf(content, headline), content },
      updatedAt: Number.isNaN(modified) ? undefined : new Date(modified).toISOString(),
    });
    return [ignoresHeaders ? withIgnored(item, headers) : item];
  },
};

const NOT_SIGNED =
  'This signature covers the body alone, so headers say nothing of the page; the schemes standard-webhooks and token accept them';

/** Names the headers that would say something of the page in the article’s warnings. */
function withIgnored({ event, ...item }: Item, headers: Headers): Item {
  const ignored = ['Content-Language', 'Last-Modified'].filter((name) => headers.has(name));
  if (!('draft' in event) || ignored.length === 0) return { event, ...item };
  const dropped = ignored.map((name): Warning => ({ code: 'field-dropped', excerpt: name }));
  return { ...item, event: { ...event, warnings: [...(event.warnings ?? []), ...dropped] } };
}

/** Whether a document's first tag is that of a page, after declarations and comments. */
function beginsAsPage(content: string): boolean {
  let at = 0;
  for (;;) {
    while (/\s/.test(content.charAt(at))) at += 1;
    const end = content.startsWith('<?', at) ? '>' : content.startsWith('<!--', at) ? '-->' : undefined;
    if (end === undefined) break;
    const found = content.indexOf(end, at);
    if (found < 0) return false;
    at = found + end.length;
  }
  return /^<(?:!doctype\s+html|html)[\s>]/i.test(content.slice(at, at + 40));
}

/** A whole page contains its headline; a part of a page with a given headline is the article's body. */
function formatOf(content: string, headline: string | undefined): 'page' | 'html' | 'text' {
  if (headline === undefined || isWholePage(content)) return 'page';
  return /<\w/.test(content) ? 'html' : 'text';
}

export const isWholePage = (html: string): boolean => /<html|<!doctype/i.test(html);

/** The URL in `<link rel=canonical>`, else in `og:url`. */
function canonicalIn(html: string, base: string | undefined): string | undefined {
  let canonical: string | undefined;
  let shared: string | undefined;
  parseHtml(html, {
    open(name, attributes) {
      if (name === 'link' && isCanonical(attributes)) canonical ??= attributes.href;
      if (name === 'meta' && attributes.property === 'og:url') shared ??= attributes.content;
    },
    close() {},
    text() {},
  });
  return [canonical, shared]
    .map((url) => absolute(url?.trim(), base))
    .find((url) => url !== undefined && URL.canParse(url));
}

const isCanonical = ({ rel = '' }: Attributes): boolean =>
  rel.toLowerCase().split(/\s+/).includes('canonical');
