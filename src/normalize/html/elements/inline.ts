import { canonicalLanguage } from '../../../locales/language-tag.ts';
import { type Attributes, NO_ATTRIBUTES } from '../../../markup/html-parser.ts';
import { linkUrl } from '../../../markup/url.ts';
import { oneLine } from '../../../text/text.ts';
import { embedFrom } from '../embeds.ts';
import type { Wrapper } from '../inline.ts';
import { type Begin, nothing, wrap } from './begin.ts';

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
