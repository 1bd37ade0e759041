import { expect, test } from 'vitest';
import type { Block, Inline } from '../../src/domain/blocks.ts';
import { articlePage } from '../../src/formats/amp/article-page.ts';
import { FEED_FORMATS } from '../../src/formats/registry.ts';
import { hindi } from './articles.ts';
import { feedOf, render } from './feeds.ts';
import { furnishedSite } from './sites.ts';

/** More than a stack holds. No release of this normalizer stores such a body; KV may still hold anything. */
const DEEP = 20_000;

const text = (words: string): Inline[] => [{ type: 'text', text: words }];
const paragraph = (words: string): Block => ({ type: 'paragraph', content: text(words) });

function nested<Node>(innermost: Node, wrap: (node: Node) => Node): Node {
  let node = innermost;
  for (let depth = 0; depth < DEEP; depth += 1) node = wrap(node);
  return node;
}

const bodies: Record<string, Block> = {
  asides: nested(paragraph('inside'), (block) => ({ type: 'aside', blocks: [block] })),
  quotes: nested(paragraph('inside'), (block) => ({ type: 'quote', blocks: [block] })),
  lists: nested(paragraph('inside'), (block) => ({ type: 'list', ordered: false, items: [[block]] })),
  definitions: nested(paragraph('inside'), (block) => ({
    type: 'definitions',
    items: [{ terms: [text('term')], descriptions: [[block]] }],
  })),
  emphasis: {
    type: 'paragraph',
    content: nested(text('inside'), (content) => [{ type: 'em', content }]),
  },
  'quoted words': {
    type: 'paragraph',
    content: nested(text('inside'), (content) => [{ type: 'quote', content }]),
  },
};

test.each(Object.entries(bodies))('a body of %s nested 20,000 deep is rendered in every form', (_, deep) => {
  const article = { ...hindi, body: [paragraph('before'), deep, paragraph('after')] };
  const forms = [
    articlePage({ article, site: furnishedSite }),
    ...FEED_FORMATS.map((format) => render(format, feedOf([article]))),
  ];
  for (const form of forms) expect(form).toContain('after');
});
