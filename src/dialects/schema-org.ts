import { describeArticle } from '../markup/json-ld.ts';
import { asInstant } from '../markup/values.ts';
import {
  articleItem,
  type Dialect,
  type Item,
  ignoredItem,
  tooManyItems,
  withdrawalItem,
} from './dialect.ts';
import { isRecord, plainLine } from './lenient.ts';

const ARTICLE =
  /^(?:(?:https?:\/\/)?schema\.org\/|schema:)?(?:\w*NewsArticle|Article|BlogPosting|LiveBlogPosting|Report)$/;

/** schema.org's NewsArticle and related types as JSON-LD: one, a list, or nodes of a `@graph`. */
export const schemaOrg: Dialect = {
  name: 'schema-org',
  kinds: ['json'],

  recognizes: (payload) => payload.kind === 'json' && articlesIn(payload.value).length > 0,

  read(payload, options = {}) {
    const value = payload.kind === 'json' ? payload.value : undefined;
    const articles = articlesIn(value);
    if (articles.length === 0) return [ignoredItem('', 'contains no schema.org article')];
    return (
      tooManyItems(articles.length, options) ??
      articles.map(({ path, node }) => ({ ...readArticle(path, node), source: { part: node } }))
    );
  },
};

type Node = Record<string, unknown>;

function articlesIn(value: unknown): { path: string; node: Node }[] {
  const [prefix, nodes] = Array.isArray(value)
    ? ['', value]
    : isRecord(value) && Array.isArray(value['@graph'])
      ? ['@graph.', value['@graph']]
      : [undefined, [value]];
  return nodes.flatMap((node: unknown, index) =>
    isRecord(node) && isArticle(node)
      ? [{ path: prefix === undefined ? '' : `${prefix}${index}`, node }]
      : [],
  );
}

const isArticle = (node: Node): boolean =>
  [node['@type']].flat().some((type) => typeof type === 'string' && ARTICLE.test(type));

function readArticle(path: string, node: Node): Item {
  const id = [node['@id'], node.identifier, node.url].map(identifier).find(Boolean);
  // schema.org's creativeWorkStatus: "the status of a creative work in terms of its stage in a lifecycle".
  const status = typeof node.creativeWorkStatus === 'string' ? node.creativeWorkStatus : '';
  if (/^(?:withdrawn|retracted|deleted)$/i.test(status)) return withdrawalItem(path, id, node.dateModified);
  if (/^draft$/i.test(status)) return withdrawalItem(path, id, node.dateModified, true);
  const { articleBody, canonicalUrl, ...found } = describeArticle(node, undefined);
  return articleItem(path, 'published', {
    ...found,
    id,
    url: canonicalUrl ?? id,
    headline: plainLine(node.headline ?? node.name),
    body: bodyOf(node.articleBody ?? node.text, articleBody),
    dateline: plainLine(node.dateline),
    rights: {
      copyright: plainLine(node.copyrightNotice),
      licence: text(node.license),
      usageTerms: text(node.usageInfo),
    },
    expiresAt: asInstant(node.expires),
  });
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A URL, a bare identifier, or a PropertyValue with one. */
function identifier(value: unknown): string | undefined {
  const bare = isRecord(value) ? value.value : value;
  if (typeof bare === 'number') return String(bare);
  return typeof bare === 'string' ? bare.trim() : undefined;
}

/** schema.org defines `articleBody` as plain text, but markup in it is read as HTML. */
function bodyOf(written: unknown, plain: string | undefined) {
  if (typeof written !== 'string') return undefined;
  if (/<(?:p|div|h[1-6]|ul|ol|figure|br)[\s/>]/i.test(written)) return { format: 'html', content: written };
  return { format: 'text', content: plain ?? written };
}
