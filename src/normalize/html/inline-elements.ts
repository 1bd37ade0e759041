/** Elements and styles of words: links, emphasis, abbreviations, language, and what word processors write as styles. */
import { inlineText } from '../../domain/blocks.ts';
import { canonicalLanguage } from '../../locales/language-tag.ts';
import { type Attributes, NO_ATTRIBUTES } from '../../markup/html-parser.ts';
import { resolveLinkUrl } from '../../markup/url.ts';
import { oneLine } from '../../text/text.ts';
import { embedFrom } from './embeds.ts';
import { LineFlow } from './flow.ts';
import type { Wrapper } from './inline.ts';
import { type Begin, beginLine, nothing, style, wrap } from './reader.ts';

const link: Begin = (reader, attributes) => {
  const target = attributes.href?.trim();
  if (target === undefined || target === '' || target.startsWith('#')) return nothing;
  const href = resolveLinkUrl(target, reader.base);
  if (href === undefined) {
    // A relative address without an article's address to resolve it against is no offence.
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

const abbreviation: Begin = (reader, attributes) => {
  const title = oneLine((attributes.title ?? '').slice(0, MAX_TITLE_LENGTH));
  return title === '' ? nothing : wrap(reader, { type: 'abbreviation', title });
};

const lineBreak: Begin = ({ flow }) => {
  flow.break();
  return nothing;
};

/** RFC 5646 section 4.4.1: whoever limits tags must allow 35 characters. */
const MAX_TAG_LENGTH = 35;

/** The change of language or direction that an element's attributes declare; `bdi` isolates by its name. */
export function spanOf(attributes: Attributes, name: string): Wrapper | undefined {
  if (attributes === NO_ATTRIBUTES && name !== 'bdi') return undefined;
  const tag = attributes.lang ?? attributes['xml:lang'] ?? '';
  const language = tag === '' || tag.length > MAX_TAG_LENGTH ? undefined : canonicalLanguage(tag);
  const dir = attributes.dir?.toLowerCase();
  const direction =
    dir === 'ltr' || dir === 'rtl' || dir === 'auto' ? dir : name === 'bdi' ? 'auto' : undefined;
  if (language === undefined && direction === undefined) return undefined;
  return { type: 'span', ...(language ? { language } : {}), ...(direction ? { direction } : {}) };
}

type Style = Extract<Wrapper['type'], 'strong' | 'em' | 'sub' | 'sup'>;

const STYLED = new Set(['span', 'font', 'p', 'div', 'a']);
const STYLES: readonly [style: Style, declaration: RegExp][] = [
  ['strong', /(?:^|[;\s])font-weight\s*:\s*(?:bold|[6-9]00)/i],
  ['em', /(?:^|[;\s])font-style\s*:\s*(?:italic|oblique)/i],
  ['sup', /(?:^|[;\s])vertical-align\s*:\s*super/i],
  ['sub', /(?:^|[;\s])vertical-align\s*:\s*sub(?![a-z])/i],
];

/** The emphasis that a word processor writes as a style rather than as an element. */
export function stylesOf(name: string, style: string): Style[] {
  return STYLED.has(name) ? STYLES.flatMap(([type, pattern]) => (pattern.test(style) ? [type] : [])) : [];
}

const NORMAL_WEIGHT = /(?:^|[;\s])font-weight\s*:\s*(?:normal|lighter|[1-4]00)/i;
const NORMAL_SLANT = /(?:^|[;\s])font-style\s*:\s*normal/i;

/** Whether a style undoes the element's emphasis: Google Docs wraps all it copies in `<b style="font-weight:normal">`. */
export function isUnstyled(name: string, style: string): boolean {
  if (name === 'b' || name === 'strong') return NORMAL_WEIGHT.test(style);
  return (name === 'i' || name === 'em') && NORMAL_SLANT.test(style);
}

/** Whether a style is that of Word's own list marker, which is in a symbol font unless it is a number. */
export const isListMarker = (style: string): boolean => /(?:^|[;\s])mso-list\s*:\s*ignore/i.test(style);

/** Word writes list items as paragraphs that begin with a marker: writes a bullet or number that `bullets.ts` reads. */
export const listMarker: Begin = (reader) => {
  const { flow } = reader;
  return beginLine(reader, new LineFlow(), (content, pictures) => {
    const number = /^\p{Nd}{1,3}(?=[.)])/u.exec(inlineText(content))?.[0];
    flow.line.text(number === undefined ? '• ' : `${number}. `, undefined);
    for (const each of pictures) flow.aside(each);
  });
};

export const INLINE_ELEMENTS: Readonly<Record<string, Begin>> = {
  a: link,
  abbr: abbreviation,
  acronym: abbreviation,
  b: style('strong'),
  strong: style('strong'),
  em: style('em'),
  i: style('em'),
  dfn: style('em'),
  var: style('em'),
  code: style('code'),
  kbd: style('code'),
  samp: style('code'),
  tt: style('code'),
  sub: style('sub'),
  sup: style('sup'),
  mark: style('mark'),
  q: style('quote'),
  ruby: style('ruby'),
  rt: style('reading'),
  br: lineBreak,
};
