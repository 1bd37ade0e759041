import { DefinitionFlow, Flow, LineFlow } from '../flow.ts';
import { type Begin, beginLine, block } from './begin.ts';
import { MAX_BLOCK_DEPTH } from './structure.ts';

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
