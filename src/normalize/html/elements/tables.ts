import { append } from '../append.ts';
import { LineFlow, TableFlow } from '../flow.ts';
import { TableBuilder } from '../table.ts';
import { type Begin, beginLine, block, nothing } from './begin.ts';

export const table: Begin = (reader, attributes, name) => {
  const outer = reader.flow;
  if (outer instanceof LineFlow) return block(reader, attributes, name);
  outer.boundary();
  const flow = reader.enter(new TableFlow(new TableBuilder()));
  return () => {
    reader.leave();
    outer.add(flow.finish());
    outer.add(flow.table.finish());
    outer.add(flow.pictures);
  };
};

export const row: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (!(flow instanceof TableFlow)) return block(reader, attributes, name);
  // What stood between two cells were two words, or more.
  flow.boundary();
  flow.table.row();
  return nothing;
};

export const cell: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (!(flow instanceof TableFlow)) return block(reader, attributes, name);
  flow.boundary();
  return beginLine(reader, new LineFlow(), (content, pictures) => {
    flow.table.cell(content, name === 'th', attributes);
    append(flow.pictures, pictures);
  });
};

export const tableCaption: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (!(flow instanceof TableFlow)) return block(reader, attributes, name);
  flow.boundary();
  return beginLine(reader, new LineFlow(), (content, pictures) => {
    flow.table.caption(content);
    append(flow.pictures, pictures);
  });
};
