import type { Block, Inline } from '../../../domain/blocks.ts';
import type { Attributes } from '../../../markup/html-parser.ts';
import type { Flow, LineFlow } from '../flow.ts';
import { mark, type Wrapper } from '../inline.ts';
import type { Reader } from '../reader.ts';

/** What to do when an element closes; `skip` when nothing it holds is wanted. */
export type End = (() => void) | 'skip';

/** Starts an element; gives what to do at its end. */
export type Begin = (reader: Reader, attributes: Attributes, name: string) => End;

export const nothing = (): void => {};

export const block: Begin = (reader) => {
  reader.flow.boundary();
  return () => reader.flow.boundary();
};

/** Puts a wrapper around the words of an element. */
export function wrap(reader: Reader, wrapper: Wrapper): () => void {
  const outer = reader.mark;
  reader.mark = mark(outer, wrapper);
  return () => {
    reader.mark = outer;
  };
}

export const style =
  (type: Exclude<Wrapper['type'], 'link' | 'abbreviation' | 'span'>): Begin =>
  (reader) =>
    wrap(reader, { type });

/** A line of another kind than the flow's paragraphs. */
export const lineAs =
  (as: Flow['as']): Begin =>
  ({ flow }) => {
    flow.boundary();
    const outer = flow.as;
    flow.as = as;
    return () => {
      flow.boundary();
      flow.as = outer;
    };
  };

/** One line within the flow: `done` gets its words, and the pictures met in it. */
export function beginLine(
  reader: Reader,
  flow: LineFlow,
  done: (content: Inline[], pictures: Block[]) => void,
): End {
  reader.enter(flow);
  return () => {
    reader.leave();
    done(flow.line.finish(), flow.blocks);
  };
}
