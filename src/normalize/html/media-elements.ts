/** Elements that show something: figures, pictures, players, frames, and the embed codes of other sites. */
import { type Block, blockText, type Inline, inlineText } from '../../domain/blocks.ts';
import type { Attributes } from '../../markup/html-parser.ts';
import { resolveWebUrl } from '../../markup/url.ts';
import { oneLine } from '../../text/text.ts';
import { MAX_BLOCK_DEPTH, quoteBlocks } from './block-elements.ts';
import { AMP_EMBEDS, embedFrom, fileEmbed, frameFrom, POST_CLASSES, scriptEmbed } from './embeds.ts';
import { append, CaptionFlow, FigureFlow, Flow, LineFlow, QuoteFlow } from './flow.ts';
import { isSamePicture, type Picture, pictureFrom } from './pictures.ts';
import { type Begin, beginLine, block, nothing, type Reader } from './reader.ts';

const figure: Begin = (reader, attributes, name) => {
  const outer = reader.flow;
  if (outer instanceof LineFlow) return block(reader, attributes, name);
  outer.boundary();
  const flow = reader.enter(new FigureFlow());
  return () => {
    reader.leave();
    outer.add(figureBlocks(flow.finish(), flow.caption, flow.credit));
  };
};

const figureCaption: Begin = (reader, attributes, name) => {
  const { flow } = reader;
  if (!(flow instanceof FigureFlow)) return block(reader, attributes, name);
  flow.boundary();
  return beginLine(reader, new CaptionFlow(flow), (content, pictures) => {
    if (content.length > 0 && flow.caption.length > 0) flow.caption.push({ type: 'break' });
    append(flow.caption, content);
    flow.add(pictures);
  });
};

/** Small print in a caption is the credit. */
const smallPrint: Begin = (reader) => {
  const { flow } = reader;
  if (!(flow instanceof CaptionFlow)) return nothing;
  return beginLine(reader, new LineFlow(), (content, pictures) => {
    const { credit } = flow.figure;
    if (content.length > 0 && credit.length > 0) credit.push({ type: 'break' });
    append(credit, content);
    flow.figure.add(pictures);
    // Keeps the words on either side apart.
    flow.line.text(' ', undefined);
  });
};

const picture: Begin = (reader, attributes) => {
  // WordPress shows emoji as pictures whose `alt` is the character.
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

/** Adds a picture unless the last one is the same, be it in another size or as a fallback. */
function addPicture(reader: Reader, image: Block & { type: 'image' }): void {
  const last = reader.flow.lastAside;
  if (last?.type !== 'image' || !isSamePicture(last.url, image.url)) reader.flow.aside(image);
}

/** A lazy loader's fallback for browsers without scripts: pictures and embeds are kept, words dropped with a warning. */
const noscript: Begin = (reader) => {
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

const pictureSources: Begin = (reader) => {
  reader.sources = [];
  return () => {
    reader.sources = [];
  };
};

/** A candidate of the open `picture`, or a file of the open player. */
const source: Begin = ({ sources, files }, attributes) => {
  const address = attributes.src ?? attributes['data-src'];
  if (files !== undefined && address) files.push({ address, type: attributes.type ?? '' });
  const srcset = attributes.srcset ?? attributes['data-srcset'];
  if (srcset !== undefined) sources.push(srcset);
  return nothing;
};

/** A figure's blocks. The caption goes to the picture, table or quote in it, else becomes a paragraph. */
function figureBlocks(held: Block[], caption: Inline[], credit: Inline[]): Block[] {
  const pictures: Picture[] = held.filter((block) => block.type === 'image').map(withoutType);
  const words = { caption: oneLine(inlineText(caption)), credit: oneLine(inlineText(credit)) };
  const last = pictures.at(-1);
  if (last !== undefined) {
    if (words.caption !== '' && last.caption === undefined) last.caption = words.caption;
    else if (words.caption !== '') last.caption = `${last.caption} ${words.caption}`;
    if (words.credit !== '') last.credit ??= words.credit;
    const others = held.filter((block) => block.type !== 'image');
    const [only] = pictures;
    if (only !== undefined && pictures.length === 1) return [{ type: 'image', ...only }, ...others];
    return [{ type: 'gallery', images: pictures }, ...others];
  }
  const line: Inline[] = [...caption, ...(caption.length > 0 && credit.length > 0 ? [SPACE] : []), ...credit];
  if (line.length === 0) return held;
  const [only] = held;
  if (held.length === 1 && only?.type === 'table' && only.caption === undefined)
    return [{ ...only, caption: line }];
  if (held.length === 1 && only?.type === 'quote' && only.citation === undefined)
    return [{ ...only, citation: line }];
  return [...held, { type: 'paragraph', content: line }];
}

const SPACE: Inline = { type: 'text', text: ' ' };

function withoutType({ type: _type, ...picture }: Block & { type: 'image' }): Picture {
  return picture;
}

const frame: Begin = (reader, attributes, name) => {
  const address =
    attributes['data-src'] ??
    attributes['data-lazy-src'] ??
    attributes['data-litespeed-src'] ??
    attributes.src ??
    attributes.data;
  const embed =
    name === 'iframe' || name === 'amp-iframe' ? seen(reader, attributes, address) : embedFrom(address);
  if (embed !== undefined) reader.flow.aside(embed);
  else if (name === 'object') return nothing;
  else reader.warnings.add('element-dropped', `${name} ${address ?? ''}`);
  return 'skip';
};

/** What a frame shows; undefined for one pixel, which only counts readers. */
function seen(reader: Reader, { width, height }: Attributes, address: string | undefined) {
  return [width, height].some((size) => /^\s*[01](?:px)?\s*$/.test(size ?? ''))
    ? undefined
    : frameFrom(address, reader.base);
}

const ampEmbed: Begin = (reader, attributes, name) => {
  const embed = AMP_EMBEDS.get(name)?.(attributes);
  if (embed !== undefined) reader.flow.aside(embed);
  else reader.warnings.add('element-dropped', name);
  return 'skip';
};

const script: Begin = ({ flow }, attributes) => {
  const embed = scriptEmbed(attributes);
  if (embed !== undefined) flow.aside(embed);
  return 'skip';
};

// Attributes in which embed codes keep the address of what they show.
const ADDRESSES = [
  'data-instgrm-permalink',
  'data-text-post-permalink',
  'data-koo-permalink',
  'data-href',
  'data-url',
  'cite',
];

/**
 * A provider's embed code: some words of a post, which the provider's script replaces with the post that an attribute
 * or the last link names.
 */
const post: Begin = (reader, attributes, name) => {
  const outer = reader.flow;
  if (outer instanceof LineFlow || reader.depth >= MAX_BLOCK_DEPTH) return block(reader, attributes, name);
  outer.boundary();
  reader.depth += 1;
  const outerLinks = reader.embedLinks;
  const links: string[] = [];
  reader.embedLinks = links;
  const flow = reader.enter(name === 'blockquote' ? new QuoteFlow() : new Flow());
  return () => {
    reader.leave();
    reader.depth -= 1;
    reader.embedLinks = outerLinks;
    const embed = postFrom(attributes, links);
    const blocks =
      flow instanceof QuoteFlow && embed === undefined ? quoteBlocks(flow, attributes) : flow.finish();
    if (embed === undefined) outer.add(blocks);
    else {
      outer.add([embed]);
      const cited = flow instanceof QuoteFlow ? (flow.citation ?? []) : [];
      const words = `${blocks.map(blockText).join(' ')} ${inlineText(cited)}`.trim();
      if (words !== '') reader.warnings.add('embed-replaced', words);
    }
  };
};

function postFrom(attributes: Attributes, links: readonly string[]) {
  const classes = (attributes.class ?? '').split(/\s+/, 20);
  const provider = classes.map((each) => POST_CLASSES.get(each)).find((each) => each !== undefined);
  const addresses = [
    ...links,
    ...ADDRESSES.map((name) => attributes[name]).filter((each) => each !== undefined),
  ];
  return addresses.map(embedFrom).findLast((each) => each?.provider === provider);
}

/** A video or audio player: its best file. Its content is for browsers that cannot play it. */
const player: Begin = (reader, attributes, name) => {
  const provider = name.endsWith('audio') ? 'audio' : 'video';
  const outer = reader.flow;
  const outerFiles = reader.files;
  const files: { address: string; type: string }[] = [];
  for (const address of [attributes.src, attributes['data-src']]) {
    if (address) files.push({ address, type: attributes.type ?? '' });
  }
  reader.files = files;
  const inside = reader.enter(new Flow());
  return () => {
    reader.leave();
    reader.files = outerFiles;
    const embed = bestFile(files, provider, reader.base);
    const poster =
      provider === 'video'
        ? resolveWebUrl(attributes.poster ?? attributes['data-poster'], reader.base)
        : undefined;
    if (embed !== undefined) {
      outer.aside({ ...embed, ...(poster ? { poster: poster.replace(/^http:/, 'https:') } : {}) });
    }
    const words = inside.finish().map(blockText).join(' ').trim();
    if (embed === undefined || words !== '') reader.warnings.add('element-dropped', `${name} ${words}`);
  };
};

// File types that nearly every browser plays, before those that some play.
const PLAYABLE = [/mp4|m4v|mpeg|mp3|m4a|aac/i, /webm|ogg|ogv|opus|wav/i];

function bestFile(
  files: readonly { address: string; type: string }[],
  provider: string,
  base: string | undefined,
) {
  const usable = files.flatMap(({ address, type }) => {
    const url = resolveWebUrl(address, base);
    return url === undefined ? [] : [{ url, name: `${type} ${new URL(url).pathname}` }];
  });
  const best =
    PLAYABLE.map((kind) => usable.find(({ name }) => kind.test(name))).find((each) => each !== undefined) ??
    usable[0];
  return best === undefined ? undefined : fileEmbed(provider, best.url);
}

export const MEDIA_ELEMENTS: Readonly<Record<string, Begin>> = {
  figure,
  figcaption: figureCaption,
  'amp-carousel': figure,
  'amp-base-carousel': figure,
  small: smallPrint,
  img: picture,
  'amp-img': picture,
  'amp-anim': picture,
  picture: pictureSources,
  source,
  noscript,
  video: player,
  audio: player,
  'amp-video': player,
  'amp-audio': player,
  iframe: frame,
  'amp-iframe': frame,
  embed: frame,
  object: frame,
  script,
  // Not an element's name, but the role of those whose class is a provider's.
  post,
  ...Object.fromEntries([...AMP_EMBEDS.keys()].map((name) => [name, ampEmbed])),
};
