/**
 * Which element does what. To read a new element, write its `Begin` in one of the three files beside this one and add
 * it to the table at that file's end.
 */
import { type Attributes, NO_ATTRIBUTES } from '../../markup/html-parser.ts';
import { BLOCK_ELEMENTS } from './block-elements.ts';
import { POST_CLASSES } from './embeds.ts';
import {
  INLINE_ELEMENTS,
  isListMarker,
  isUnstyled,
  listMarker,
  spanOf,
  stylesOf,
} from './inline-elements.ts';
import { MEDIA_ELEMENTS } from './media-elements.ts';
import { type Begin, type End, nothing, type Reader, wrap } from './reader.ts';

const ELEMENTS: ReadonlyMap<string, Begin> = new Map(
  Object.entries({ ...BLOCK_ELEMENTS, ...INLINE_ELEMENTS, ...MEDIA_ELEMENTS }),
);

/** Elements without a word or picture for a reader: dropped without a warning. */
const SILENT = new Set('datalist rp style template title xml'.split(' '));

/** Elements that need a script, a server or a player: dropped with a warning when they hold words. */
const DROPPED = new Set(
  (
    'amp-ad amp-analytics amp-auto-ads amp-consent amp-embed amp-pixel amp-sidebar amp-social-share amp-sticky-ad ' +
    'applet button canvas map math meter noembed noframes progress select svg textarea'
  ).split(' '),
);

export const isSilent = (name: string): boolean => SILENT.has(name) || name === 'script';

/** Whether an element and all it holds is left out of every article. */
export function isDropped(name: string, attributes: Attributes): boolean {
  if (SILENT.has(name) || DROPPED.has(name)) return true;
  if (attributes === NO_ATTRIBUTES) return false;
  if (attributes.hidden !== undefined) return true;
  return attributes.style !== undefined && /display\s*:\s*none/i.test(attributes.style);
}

const MAX_STYLE_LENGTH = 1_000;

/**
 * Begins an element by its name, or by the role its class gives it, and applies what its `lang`, `dir` and `style` say
 * of its words. An unknown element adds nothing but its content.
 */
export function beginElement(reader: Reader, attributes: Attributes, name: string): End {
  const style = attributes.style === undefined ? '' : attributes.style.slice(0, MAX_STYLE_LENGTH);
  if (style !== '' && isListMarker(style)) return listMarker(reader, attributes, name);
  const begin = isUnstyled(name, style)
    ? transparent
    : (ELEMENTS.get(roleOf(attributes) ?? name) ?? transparent);
  const span = spanOf(attributes, name);
  const styles = style === '' ? [] : stylesOf(name, style);
  if (span === undefined && styles.length === 0) return begin(reader, attributes, name);
  const outer = reader.mark;
  if (span !== undefined) wrap(reader, span);
  for (const type of styles) wrap(reader, { type });
  const end = begin(reader, attributes, name);
  if (end === 'skip') {
    reader.mark = outer;
    return end;
  }
  return () => {
    end();
    reader.mark = outer;
  };
}

const transparent: Begin = () => nothing;

/** Classes by which WordPress, and CMSs after it, mark what has an element of its own in HTML. */
const ROLES: ReadonlyMap<string, string> = new Map([
  ['wp-caption-text', 'figcaption'],
  ...[...POST_CLASSES.keys()].map((name) => [name, 'post'] as const),
  ...'gallery wp-block-gallery wp-caption kg-gallery-card tiled-gallery photo-gallery image-gallery'
    .split(' ')
    .map((name) => [name, 'figure'] as const),
  ...'factbox fact-box infobox info-box callout callout-box kg-callout-card explainer explainer-box'
    .split(' ')
    .map((name) => [name, 'aside'] as const),
]);

const ROLE = new RegExp(`(?:^|\\s)(${[...ROLES.keys()].join('|')})(?=\\s|$)`, 'i');
const MAX_CLASS_LENGTH = 500;

function roleOf(attributes: Attributes): string | undefined {
  const found =
    attributes.class === undefined ? null : ROLE.exec(attributes.class.slice(0, MAX_CLASS_LENGTH));
  return found === null ? undefined : ROLES.get((found[1] ?? '').toLowerCase());
}
