import { blockText, inlineText } from '../../../domain/blocks.ts';
import type { Attributes } from '../../../markup/html-parser.ts';
import { webUrl } from '../../../markup/url.ts';
import { AMP_EMBEDS, embedFrom, fileEmbed, frameFrom, POST_CLASSES, scriptEmbed } from '../embeds.ts';
import { Flow, LineFlow, QuoteFlow } from '../flow.ts';
import type { Reader } from '../reader.ts';
import { type Begin, block, nothing } from './begin.ts';
import { MAX_BLOCK_DEPTH, quoteBlocks } from './structure.ts';

export const frame: Begin = (reader, attributes, name) => {
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

/** What a frame shows, unless it is too small to show anything. */
function seen(reader: Reader, { width, height }: Attributes, address: string | undefined) {
  return [width, height].some((size) => /^\s*[01](?:px)?\s*$/.test(size ?? ''))
    ? undefined
    : frameFrom(address, reader.base);
}

export const ampEmbed: Begin = (reader, attributes, name) => {
  const embed = AMP_EMBEDS.get(name)?.(attributes);
  if (embed !== undefined) reader.flow.aside(embed);
  else reader.warnings.add('element-dropped', name);
  return 'skip';
};

export const script: Begin = ({ flow }, attributes) => {
  const embed = scriptEmbed(attributes);
  if (embed !== undefined) flow.aside(embed);
  return 'skip';
};

// Where embed codes keep the address of what they show.
const ADDRESSES = [
  'data-instgrm-permalink',
  'data-text-post-permalink',
  'data-koo-permalink',
  'data-href',
  'data-url',
  'cite',
];

/**
 * A provider's embed code: some of the post's words, which the provider's script replaces by the post that an
 * attribute or the last link names.
 */
export const post: Begin = (reader, attributes, name) => {
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

/** A film or recording that plays by itself: its best file. What is inside is for browsers that cannot play it. */
export const player: Begin = (reader, attributes, name) => {
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
      provider === 'video' ? webUrl(attributes.poster ?? attributes['data-poster'], reader.base) : undefined;
    if (embed !== undefined) {
      outer.aside({ ...embed, ...(poster ? { poster: poster.replace(/^http:/, 'https:') } : {}) });
    }
    const words = inside.finish().map(blockText).join(' ').trim();
    if (embed === undefined || words !== '') reader.warnings.add('element-dropped', `${name} ${words}`);
  };
};

// What plays nearly everywhere goes before what plays here and there.
const PLAYABLE = [/mp4|m4v|mpeg|mp3|m4a|aac/i, /webm|ogg|ogv|opus|wav/i];

function bestFile(
  files: readonly { address: string; type: string }[],
  provider: string,
  base: string | undefined,
) {
  const usable = files.flatMap(({ address, type }) => {
    const url = webUrl(address, base);
    return url === undefined ? [] : [{ url, name: `${type} ${new URL(url).pathname}` }];
  });
  const best =
    PLAYABLE.map((kind) => usable.find(({ name }) => kind.test(name))).find((each) => each !== undefined) ??
    usable[0];
  return best === undefined ? undefined : fileEmbed(provider, best.url);
}
