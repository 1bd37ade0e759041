import { inlineText } from '../../domain/blocks.ts';
import { canonicalLanguage } from '../../locales/language-tag.ts';
import { type Attributes, NO_ATTRIBUTES } from '../../markup/html-parser.ts';
import { linkUrl } from '../../markup/url.ts';
import { oneLine } from '../../text/text.ts';
import { embedFrom } from './embeds.ts';
import { LineFlow } from './flow.ts';
import type { Wrapper } from './inline.ts';
import { type Begin, beginLine, nothing, wrap } from './reader.ts';

export const link: Begin = (reader, attributes) => {
  const target = attributes.href?.trim();
  if (target === undefined || target === '' || target.startsWith('#')) return nothing;
  const href = linkUrl(target, reader.base);
  if (href === undefined) {
    // A relative address without an article's address to go by is no offence.
    if (/^[^/?#]*:/.test(target)) reader.warnings.add('url-refused', target);
    return nothing;
  }
  reader.embedLinks?.push(href);
  // Pinterest's embed code is a link that its script replaces.
  const pin = attributes['data-pin-do'] === 'embedPin' ? embedFrom(href) : undefined;
  if (pin !== undefined) reader.flow.aside(pin);
  return wrap(reader, { type: 'link', href });
};

const MAX_TITLE_LENGTH = 200;

export const abbreviation: Begin = (reader, attributes) => {
  const title = oneLine((attributes.title ?? '').slice(0, MAX_TITLE_LENGTH));
  return title === '' ? nothing : wrap(reader, { type: 'abbreviation', title });
};

/** The change of language or direction that an element's attributes tell; `bdi` and `bdo` tell one by their names. */
export function spanOf(attributes: Attributes, name: string): Wrapper | undefined {
  if (attributes === NO_ATTRIBUTES && name !== 'bdi') return undefined;
  const tag = attributes.lang ?? attributes['xml:lang'] ?? '';
  const language = tag === '' || tag.length > 35 ? undefined : canonicalLanguage(tag);
  const dir = attributes.dir?.toLowerCase();
  const direction =
    dir === 'ltr' || dir === 'rtl' || dir === 'auto' ? dir : name === 'bdi' ? 'auto' : undefined;
  if (language === undefined && direction === undefined) return undefined;
  return { type: 'span', ...(language ? { language } : {}), ...(direction ? { direction } : {}) };
}

export const lineBreak: Begin = ({ flow }) => {
  flow.break();
  return nothing;
};

type Style = Extract<Wrapper['type'], 'strong' | 'em' | 'sub' | 'sup'>;

const STYLED = new Set(['span', 'font', 'p', 'div', 'a']);
const PLAIN_WEIGHT = /(?:^|[;\s])font-weight\s*:\s*(?:normal|lighter|[1-4]00)/i;
const PLAIN_SLANT = /(?:^|[;\s])font-style\s*:\s*normal/i;

const STYLES: readonly [style: Style, declaration: RegExp][] = [
  ['strong', /(?:^|[;\s])font-weight\s*:\s*(?:bold|[6-9]00)/i],
  ['em', /(?:^|[;\s])font-style\s*:\s*(?:italic|oblique)/i],
  ['sup', /(?:^|[;\s])vertical-align\s*:\s*super/i],
  ['sub', /(?:^|[;\s])vertical-align\s*:\s*sub(?![a-z])/i],
];

/** Whether a style may say any of this: most do not, which is found out faster in one go. */
export const isTelling = (style: string): boolean => /font-|vertical-|mso-/i.test(style);

/** What word processors say by a style where HTML has an element for it. */
export function stylesOf(name: string, style: string): Style[] {
  return STYLED.has(name) ? STYLES.flatMap(([type, pattern]) => (pattern.test(style) ? [type] : [])) : [];
}

/** Whether a style takes back what the element says: Google Docs wraps all it copies in `<b style="font-weight:normal">`. */
export function isTakenBack(name: string, style: string): boolean {
  if (name === 'b' || name === 'strong') return PLAIN_WEIGHT.test(style);
  return (name === 'i' || name === 'em') && PLAIN_SLANT.test(style);
}

/** Word's own list marker, in a font of signs where it is no number. */
export const isListMarker = (style: string): boolean => /(?:^|[;\s])mso-list\s*:\s*ignore/i.test(style);

/** Word writes the items of a list as paragraphs with a marker in front: one that says what it is a marker of. */
export const listMarker: Begin = (reader) => {
  const { flow } = reader;
  return beginLine(reader, new LineFlow(), (content, pictures) => {
    const number = /^\p{Nd}{1,3}(?=[.)])/u.exec(inlineText(content))?.[0];
    flow.line.text(number === undefined ? '• ' : `${number}. `, undefined);
    for (const each of pictures) flow.aside(each);
  });
};
