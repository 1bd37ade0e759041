import { type Attributes, parseHtml } from '../markup/html-parser.ts';
import { articleItem, type Dialect, refusedItem } from './dialect.ts';
import { absolute } from './lenient.ts';

/**
 * A whole page, HTML or text. Its canonical URL, or else its location, identifies the article. Reads the headers
 * `Content-Language` and `Last-Modified`.
 */
export const page: Dialect = {
  name: 'page',
  kinds: ['html', 'text'],

  recognizes: (payload) => payload.kind === 'html' || payload.kind === 'text',

  read({ headers, location, ...payload }, { headline } = {}) {
    const content = payload.kind === 'html' || payload.kind === 'text' ? payload.text : '';
    // The body is signed; headers are not.
    const url = (payload.kind === 'html' ? canonicalIn(content, location) : undefined) ?? location;
    if (url === undefined) {
      const message =
        'is required: send the article’s URL or id in the Content-Location header, or a link rel=canonical in the page';
      return [refusedItem('', message, 'id')];
    }
    const modified = Date.parse(headers.get('Last-Modified') ?? '');
    return [
      articleItem('', 'published', {
        id: url,
        url: URL.canParse(url) ? url : undefined,
        language: headers.get('Content-Language')?.split(',', 1)[0]?.trim(),
        headline,
        body: { format: formatOf(content, headline), content },
        updatedAt: Number.isNaN(modified) ? undefined : new Date(modified).toISOString(),
      }),
    ];
  },
};

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
