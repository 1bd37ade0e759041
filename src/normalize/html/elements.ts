import { type Attributes, NO_ATTRIBUTES } from '../../markup/html-parser.ts';
import {
  aside,
  cell,
  citation,
  definitions,
  description,
  divider,
  item,
  list,
  preformatted,
  quote,
  row,
  table,
  tableCaption,
  term,
} from './block-elements.ts';
import { AMP_EMBEDS, POST_CLASSES } from './embeds.ts';
import type { Wrapper } from './inline.ts';
import {
  abbreviation,
  isListMarker,
  isTakenBack,
  isTelling,
  lineBreak,
  link,
  listMarker,
  spanOf,
  stylesOf,
} from './inline-elements.ts';
import {
  ampEmbed,
  figure,
  figureCaption,
  frame,
  noscript,
  picture,
  pictureSources,
  player,
  post,
  script,
  smallPrint,
  source,
} from './media-elements.ts';
import { type Begin, block, type End, lineAs, nothing, type Reader, style, wrap } from './reader.ts';

// Without a word or picture for a reader: nobody misses them, so nobody is told.
const SILENT = new Set(names('datalist rp style template title xml'));

// What needs a script, a server or a player behind it.
const DROPPED = names(
  'amp-ad amp-analytics amp-auto-ads amp-consent amp-embed amp-pixel amp-sidebar amp-social-share amp-sticky-ad ' +
    'applet button canvas map math meter noembed noframes progress select svg textarea',
);

const LEFT_OUT = new Set([...SILENT, ...DROPPED]);

function names(list: string): string[] {
  return list.split(' ');
}

export const isSilent = (name: string): boolean => SILENT.has(name) || name === 'script';

/** Whether an element and all it holds is left out of every article. */
export function isDropped(name: string, attributes: Attributes): boolean {
  if (LEFT_OUT.has(name)) return true;
  if (attributes === NO_ATTRIBUTES) return false;
  if (attributes.hidden !== undefined) return true;
  return attributes.style !== undefined && /display\s*:\s*none/i.test(attributes.style);
}

/** Starts an element as what it is, or as what its class says it is. An unknown one is as if it were not there. */
export function beginElement(reader: Reader, attributes: Attributes, name: string): End {
  const style = attributes.style === undefined ? '' : attributes.style.slice(0, MAX_STYLE_LENGTH);
  const isStyled = style !== '' && isTelling(style);
  if (isStyled && isListMarker(style)) return listMarker(reader, attributes, name);
  const begin =
    isStyled && isTakenBack(name, style)
      ? transparent
      : (ELEMENTS.get(role(attributes) ?? name) ?? transparent);
  const span = spanOf(attributes, name);
  if (!isStyled && span === undefined) return begin(reader, attributes, name);
  const wrappers: Wrapper[] = isStyled ? stylesOf(name, style).map((type) => ({ type })) : [];
  if (span !== undefined) wrappers.unshift(span);
  if (wrappers.length === 0) return begin(reader, attributes, name);
  const outer = reader.mark;
  for (const wrapper of wrappers) wrap(reader, wrapper);
  const end = begin(reader, attributes, name);
  if (end === 'skip') reader.mark = outer;
  return end === 'skip'
    ? end
    : () => {
        end();
        reader.mark = outer;
      };
}

const MAX_STYLE_LENGTH = 1_000;

const transparent: Begin = () => nothing;

const ROLES: ReadonlyMap<string, string> = new Map([
  ['wp-caption-text', 'figcaption'],
  ...[...POST_CLASSES.keys()].map((name) => [name, 'post'] as const),
  ...names(
    'gallery wp-block-gallery wp-caption kg-gallery-card tiled-gallery photo-gallery image-gallery',
  ).map((name) => [name, 'figure'] as const),
  ...names(
    'factbox fact-box infobox info-box callout callout-box kg-callout-card explainer explainer-box',
  ).map((name) => [name, 'aside'] as const),
]);

/** WordPress, and CMSs after it, marked figures so before HTML had an element for them. */
function role(attributes: Attributes): string | undefined {
  const found = attributes.class === undefined ? null : NAMED_ROLE.exec(attributes.class.slice(0, 500));
  return found === null ? undefined : ROLES.get((found[1] ?? '').toLowerCase());
}

const NAMED_ROLE = new RegExp(`(?:^|\\s)(${[...ROLES.keys()].join('|')})(?=\\s|$)`, 'i');

const heading = (level: 2 | 3 | 4 | 5 | 6): Begin => lineAs(level);

const ELEMENTS: ReadonlyMap<string, Begin> = new Map<string, Begin>([
  ...names(
    'address article body center details dialog dir div fieldset form header hgroup html ' +
      'legend main menu nav p search section summary tbody tfoot thead',
  ).map((name) => [name, block] as const),
  ['h1', heading(2)],
  ['h2', heading(2)],
  ['h3', heading(3)],
  ['h4', heading(4)],
  ['h5', heading(5)],
  ['h6', heading(6)],
  ['a', link],
  ['b', style('strong')],
  ['strong', style('strong')],
  ['em', style('em')],
  ['i', style('em')],
  ['dfn', style('em')],
  ['var', style('em')],
  ['code', style('code')],
  ['kbd', style('code')],
  ['samp', style('code')],
  ['tt', style('code')],
  ['sub', style('sub')],
  ['sup', style('sup')],
  ['small', smallPrint],
  ['ul', list],
  ['ol', list],
  ['li', item],
  ['dl', definitions],
  ['dt', term],
  ['dd', description],
  ['aside', aside],
  ['blockquote', quote],
  ['cite', citation],
  ['footer', citation],
  ['pre', preformatted],
  ['listing', preformatted],
  ['plaintext', preformatted],
  ['xmp', preformatted],
  ['noscript', noscript],
  ['figure', figure],
  ['figcaption', figureCaption],
  ['table', table],
  ['caption', tableCaption],
  ['tr', row],
  ['td', cell],
  ['th', cell],
  ['img', picture],
  ['iframe', frame],
  ['embed', frame],
  ['object', frame],
  ['br', lineBreak],
  ['hr', divider],
  ['picture', pictureSources],
  ['source', source],
  ['post', post],
  ['script', script],
  ['video', player],
  ['audio', player],
  ['amp-video', player],
  ['amp-audio', player],
  ['amp-iframe', frame],
  ['amp-img', picture],
  ['amp-anim', picture],
  ['amp-carousel', figure],
  ['amp-base-carousel', figure],
  ...[...AMP_EMBEDS.keys()].map((name) => [name, ampEmbed] as const),
  ['q', style('quote')],
  ['mark', style('mark')],
  ['abbr', abbreviation],
  ['acronym', abbreviation],
  ['ruby', style('ruby')],
  ['rt', style('reading')],
]);
