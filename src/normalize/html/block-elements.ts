import { type Block, blockText } from '../../domain/blocks.ts';
import type { Attributes } from '../../markup/html-parser.ts';
import { cleanText } from '../../text/text.ts';
import { frameFrom } from './embeds.ts';
import { append, DefinitionFlow, Flow, LineFlow, ListFlow, QuoteFlow, TableFlow } from './flow.ts';
import { VISIBLE } from './inline.ts';
import { type Begin, beginLine, block, type End, lineAs, nothing, type Reader, style } from './reader.ts';

/** Lists, quotes and asides nested deeper than this continue in the one around them. */
export const MAX_BLOCK_DEPTH = 8;

export const list: Begin = (reader, attributes, name) => {
  const outer = reader.flow;
  if (outer instanceof LineFlow || reader.depth >= MAX_BLOCK_DEPTH) return block(reader, attributes, name);
  outer.boundary();
  reader.depth += 1;
  const flow = reader.enter(new ListFlow());
  // AMP's `ol` takes digits only.
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

/** A fact box, or what else stands beside the text. */
export const aside: Begin = (reader, attributes, name) => {
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

export const item: Begin = (reader, attributes, name) => {
  const outer = reader.flow;
  if (!(outer instanceof ListFlow)) return block(reader, attributes, name);
  const flow = reader.enter(new Flow());
  return () => {
    reader.leave();
    outer.item(flow.finish());
  };
};

export const quote: Begin = (reader, attributes, name) => {
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
    // As feeds show an embed: a quote of nothing but its address.
    const framed = /(?:^|\s)embed(?:\s|$)/.test(classes) ? frameFrom(blockText(only), undefined) : undefined;
    if (framed !== undefined) return [framed];
  }
  return [{ type: 'quote', blocks, ...(citation ? { citation } : {}) }];
}

/** Who a quote is by: its footer, or a `cite` on a line of its own. */
export const citation: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (flow instanceof QuoteFlow && flow.as !== 'citation') {
    if (name === 'footer' || (flow.blocks.length > 0 && flow.line.isEmpty)) {
      return lineAs('citation')(reader, attributes, name);
    }
  }
  if (name === 'footer') return block(reader, attributes, name);
  return flow.as === 'citation' ? nothing : style('em')(reader, attributes, name);
};

export const preformatted: Begin = (reader, attributes, name) => {
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

/** Starts an element inside preformatted text, where only line breaks and the name of the language count. */
export function beginInCode({ code }: Reader, attributes: Attributes, name: string): End {
  if (code !== undefined && name === 'br') code.text += '\n';
  if (code !== undefined && name === 'code') code.language ??= codeLanguage(attributes);
  return nothing;
}

/** The language that a `language-…` class names (HTML section 4.5.15). */
function codeLanguage(attributes: Attributes): string | undefined {
  return /(?:^|\s)lang(?:uage)?-([\w+#-]{1,30})/.exec(attributes.class ?? '')?.[1];
}

export const divider: Begin = ({ flow }) => {
  if (flow instanceof LineFlow) flow.boundary();
  else flow.add([{ type: 'divider' }]);
  return nothing;
};

export const definitions: Begin = (reader, attributes, name) => {
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

export const term: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (!(flow instanceof DefinitionFlow)) return block(reader, attributes, name);
  return beginLine(reader, new LineFlow(), (content, pictures) => flow.term(content, pictures));
};

export const description: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (!(flow instanceof DefinitionFlow)) return block(reader, attributes, name);
  const inner = reader.enter(new Flow());
  return () => {
    reader.leave();
    flow.description(inner.finish());
  };
};

export const table: Begin = (reader, attributes, name) => {
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

export const row: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (!(flow instanceof TableFlow)) return block(reader, attributes, name);
  // What stood between two cells were two words, or more.
  flow.boundary();
  flow.row();
  return nothing;
};

export const cell: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (!(flow instanceof TableFlow)) return block(reader, attributes, name);
  flow.boundary();
  return beginLine(reader, new LineFlow(), (content, pictures) => {
    flow.cell(content, name === 'th', attributes);
    append(flow.pictures, pictures);
  });
};

export const tableCaption: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (!(flow instanceof TableFlow)) return block(reader, attributes, name);
  flow.boundary();
  return beginLine(reader, new LineFlow(), (content, pictures) => {
    flow.caption(content);
    append(flow.pictures, pictures);
  });
};
