/** Elements that make blocks: lists, definitions, quotes, asides, tables, preformatted text, headings, dividers. */
import { type Block, blockText } from '../../domain/blocks.ts';
import type { Attributes } from '../../markup/html-parser.ts';
import { cleanText } from '../../text/text.ts';
import { frameFrom } from './embeds.ts';
import { append, DefinitionFlow, Flow, LineFlow, ListFlow, QuoteFlow, TableFlow } from './flow.ts';
import { VISIBLE } from './inline.ts';
import { type Begin, beginLine, block, type End, lineAs, nothing, type Reader, style } from './reader.ts';

/** Lists, quotes and asides nested deeper than this continue the one around them. */
export const MAX_BLOCK_DEPTH = 8;

const list: Begin = (reader, attributes, name) => {
  const outer = reader.flow;
  if (outer instanceof LineFlow || reader.depth >= MAX_BLOCK_DEPTH) return block(reader, attributes, name);
  outer.boundary();
  reader.depth += 1;
  const flow = reader.enter(new ListFlow());
  // AMP allows only digits in the `start` of an `ol`.
  const start = /^\s*(\d{1,9})\s*$/.exec(attributes.start ?? '')?.[1];
  return () => {
    reader.leave();
    reader.depth -= 1;
    const items = flow.items();
    if (items.length === 0) return;
    const numbered = name === 'ol' && start !== undefined && Number(start) !== 1;
    outer.add([
      { type: 'list', ordered: name === 'ol', ...(numbered ? { start: Number(start) } : {}), items },
    ]);
  };
};

/** A fact box, or anything else beside the text. */
const aside: Begin = (reader, attributes, name) => {
  const outer = reader.flow;
  if (outer instanceof LineFlow || reader.depth >= MAX_BLOCK_DEPTH) return block(reader, attributes, name);
  outer.boundary();
  reader.depth += 1;
  const flow = reader.enter(new Flow());
  return () => {
    reader.leave();
    reader.depth -= 1;
    const blocks = flow.finish();
    if (blocks.length > 0) outer.add([{ type: 'aside', blocks }]);
  };
};

const item: Begin = (reader, attributes, name) => {
  const outer = reader.flow;
  if (!(outer instanceof ListFlow)) return block(reader, attributes, name);
  const flow = reader.enter(new Flow());
  return () => {
    reader.leave();
    outer.item(flow.finish());
  };
};

const quote: Begin = (reader, attributes, name) => {
  const outer = reader.flow;
  if (outer instanceof LineFlow || reader.depth >= MAX_BLOCK_DEPTH) return block(reader, attributes, name);
  outer.boundary();
  reader.depth += 1;
  const flow = reader.enter(new QuoteFlow());
  return () => {
    reader.leave();
    reader.depth -= 1;
    outer.add(quoteBlocks(flow, attributes));
  };
};

export function quoteBlocks(flow: QuoteFlow, { class: classes = '' }: Attributes): Block[] {
  const blocks = flow.finish();
  const { citation } = flow;
  const [only] = blocks;
  if (only === undefined) return citation === undefined ? [] : [{ type: 'paragraph', content: citation }];
  if (blocks.length === 1 && citation === undefined) {
    if (only.type === 'embed') return blocks;
    // Feeds show an embed as a quote of nothing but its address.
    const framed = /(?:^|\s)embed(?:\s|$)/.test(classes) ? frameFrom(blockText(only), undefined) : undefined;
    if (framed !== undefined) return [framed];
  }
  return [{ type: 'quote', blocks, ...(citation ? { citation } : {}) }];
}

/** The source of a quote: its footer, or a `cite` on a line of its own. */
const citation: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (flow instanceof QuoteFlow && flow.as !== 'citation') {
    if (name === 'footer' || (flow.blocks.length > 0 && flow.line.isEmpty)) {
      return lineAs('citation')(reader, attributes, name);
    }
  }
  if (name === 'footer') return block(reader, attributes, name);
  return flow.as === 'citation' ? nothing : style('em')(reader, attributes, name);
};

const preformatted: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (flow instanceof LineFlow) return block(reader, attributes, name);
  const code = { text: '', language: codeLanguage(attributes) };
  reader.code = code;
  return () => {
    reader.code = undefined;
    const text = cleanText(code.text)
      .replace(/\r\n?|[\u2028\u2029]/g, '\n')
      .replace(/^(?:[^\S\n]*\n)+/, '')
      .trimEnd();
    if (!VISIBLE.test(text)) return;
    flow.add([{ type: 'code', text, ...(code.language ? { language: code.language } : {}) }]);
  };
};

/** Begins an element inside preformatted text, where only line breaks and the name of the language count. */
export function beginInCode({ code }: Reader, attributes: Attributes, name: string): End {
  if (code !== undefined && name === 'br') code.text += '\n';
  if (code !== undefined && name === 'code') code.language ??= codeLanguage(attributes);
  return nothing;
}

/** The programming language that a `language-…` class names (HTML section 4.5.15). */
function codeLanguage(attributes: Attributes): string | undefined {
  return /(?:^|\s)lang(?:uage)?-([\w+#-]{1,30})/.exec(attributes.class ?? '')?.[1];
}

const divider: Begin = ({ flow }) => {
  if (flow instanceof LineFlow) flow.boundary();
  else flow.add([{ type: 'divider' }]);
  return nothing;
};

const definitions: Begin = (reader, attributes, name) => {
  const outer = reader.flow;
  if (outer instanceof LineFlow || reader.depth >= MAX_BLOCK_DEPTH) return block(reader, attributes, name);
  outer.boundary();
  reader.depth += 1;
  const flow = reader.enter(new DefinitionFlow());
  return () => {
    reader.leave();
    reader.depth -= 1;
    const items = flow.items();
    if (items.length > 0) outer.add([{ type: 'definitions', items }]);
  };
};

const term: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (!(flow instanceof DefinitionFlow)) return block(reader, attributes, name);
  return beginLine(reader, new LineFlow(), (content, pictures) => flow.term(content, pictures));
};

const description: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (!(flow instanceof DefinitionFlow)) return block(reader, attributes, name);
  const inner = reader.enter(new Flow());
  return () => {
    reader.leave();
    flow.description(inner.finish());
  };
};

const table: Begin = (reader, attributes, name) => {
  const outer = reader.flow;
  if (outer instanceof LineFlow) return block(reader, attributes, name);
  outer.boundary();
  const flow = reader.enter(new TableFlow());
  return () => {
    reader.leave();
    outer.add(flow.finish());
    outer.add(flow.table());
    outer.add(flow.pictures);
  };
};

const row: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (!(flow instanceof TableFlow)) return block(reader, attributes, name);
  // Text outside the cells must not join the words on either side.
  flow.boundary();
  flow.row();
  return nothing;
};

const cell: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (!(flow instanceof TableFlow)) return block(reader, attributes, name);
  flow.boundary();
  return beginLine(reader, new LineFlow(), (content, pictures) => {
    flow.cell(content, name === 'th', attributes);
    append(flow.pictures, pictures);
  });
};

const tableCaption: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (!(flow instanceof TableFlow)) return block(reader, attributes, name);
  flow.boundary();
  return beginLine(reader, new LineFlow(), (content, pictures) => {
    flow.caption(content);
    append(flow.pictures, pictures);
  });
};

const CONTAINERS =
  'address article body center details dialog dir div fieldset form header hgroup html legend main menu nav p search ' +
  'section summary tbody tfoot thead';

export const BLOCK_ELEMENTS: Readonly<Record<string, Begin>> = {
  ...Object.fromEntries(CONTAINERS.split(' ').map((name) => [name, block])),
  // The headline is the article's only heading of the first level.
  h1: lineAs(2),
  h2: lineAs(2),
  h3: lineAs(3),
  h4: lineAs(4),
  h5: lineAs(5),
  h6: lineAs(6),
  ul: list,
  ol: list,
  li: item,
  dl: definitions,
  dt: term,
  dd: description,
  aside,
  blockquote: quote,
  cite: citation,
  footer: citation,
  pre: preformatted,
  listing: preformatted,
  plaintext: preformatted,
  xmp: preformatted,
  table,
  caption: tableCaption,
  tr: row,
  td: cell,
  th: cell,
  hr: divider,
};
