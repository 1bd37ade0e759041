import { type Block, blockText } from '../../../domain/blocks.ts';
import { append } from '../append.ts';
import { figureBlocks } from '../figure.ts';
import { CaptionFlow, FigureFlow, Flow, LineFlow } from '../flow.ts';
import { isSamePicture, pictureFrom } from '../pictures.ts';
import type { Reader } from '../reader.ts';
import { type Begin, beginLine, block, nothing } from './begin.ts';

export const figure: Begin = (reader, attributes, name) => {
  const outer = reader.flow;
  if (outer instanceof LineFlow) return block(reader, attributes, name);
  outer.boundary();
  const flow = reader.enter(new FigureFlow());
  return () => {
    reader.leave();
    outer.add(figureBlocks(flow.finish(), flow.caption, flow.credit));
  };
};

export const figureCaption: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (!(flow instanceof FigureFlow)) return block(reader, attributes, name);
  flow.boundary();
  return beginLine(reader, new CaptionFlow(flow), (content, pictures) => {
    if (content.length > 0 && flow.caption.length > 0) flow.caption.push({ type: 'break' });
    append(flow.caption, content);
    flow.add(pictures);
  });
};

/** Small print under a picture says whose it is. */
export const smallPrint: Begin = (reader) => {
  const { flow } = reader;
  if (!(flow instanceof CaptionFlow)) return nothing;
  return beginLine(reader, new LineFlow(), (content, pictures) => {
    const { credit } = flow.figure;
    if (content.length > 0 && credit.length > 0) credit.push({ type: 'break' });
    append(credit, content);
    flow.figure.add(pictures);
    // What it stood between were two words.
    flow.line.text(' ', undefined);
  });
};

export const picture: Begin = (reader, attributes) => {
  // WordPress shows emoji as pictures, which stand for the character they are described by.
  const classes = attributes.class ?? '';
  if (/(?:^|\s)(?:emoji|wp-smiley)(?:\s|$)/.test(classes) && attributes.alt) {
    reader.flow.line.text(attributes.alt, reader.textMark());
    return nothing;
  }
  const found = pictureFrom(attributes, reader.base, reader.sources);
  if (found === undefined) reader.warnings.add('element-dropped', `img ${attributes.src ?? ''}`);
  else addPicture(reader, { type: 'image', ...found });
  return nothing;
};

/** Adds a picture unless it is the one just added: its fallback, or the same in another size. */
function addPicture(reader: Reader, image: Block & { type: 'image' }): void {
  const last = reader.flow.lastAside;
  if (last?.type !== 'image' || !isSamePicture(last.url, image.url)) reader.flow.aside(image);
}

/** What a lazy loader leaves for browsers without scripts: its pictures and embeds. Words are for those alone. */
export const noscript: Begin = (reader) => {
  const inside = reader.enter(new Flow());
  return () => {
    reader.leave();
    const words: string[] = [];
    for (const each of inside.finish()) {
      if (each.type === 'image') addPicture(reader, each);
      else if (each.type !== 'embed') words.push(blockText(each));
      else {
        const last = reader.flow.lastAside;
        if (last?.type !== 'embed' || last.url !== each.url) reader.flow.aside(each);
      }
    }
    if (words.length > 0) reader.warnings.add('element-dropped', `noscript ${words.join(' ')}`);
  };
};

export const pictureSources: Begin = (reader) => {
  reader.sources = [];
  return () => {
    reader.sources = [];
  };
};

/** A candidate of the picture, or a file of the player, that is open. */
export const source: Begin = ({ sources, files }, attributes) => {
  const address = attributes.src ?? attributes['data-src'];
  if (files !== undefined && address) files.push({ address, type: attributes.type ?? '' });
  const srcset = attributes.srcset ?? attributes['data-srcset'];
  if (srcset !== undefined) sources.push(srcset);
  return nothing;
};
