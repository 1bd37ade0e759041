import * as v from 'valibot';
import { isRecord, listOf, number, text, words } from './fields.ts';
import { type Folded, folded } from './ninjs-names.ts';

const MAX_LINKS = 200;

/** A news object's associations or renditions: 1.x writes an object of them by name, 2.x and 3.x a list. */
export function links(value: Folded, path: string, member: 'associations' | 'renditions' = 'associations') {
  const found = value[member];
  const prefix = path === '' ? member : `${path}.${member}`;
  const entries = Array.isArray(found) ? [...found.entries()] : isRecord(found) ? Object.entries(found) : [];
  return entries.slice(0, MAX_LINKS).map(([key, each]) => ({
    path: `${prefix}.${key}`,
    name:
      typeof key === 'string' ? key : isRecord(each) && typeof each.name === 'string' ? each.name : undefined,
    value: each as unknown,
  }));
}

const rendition = folded({ href: text, width: number, height: number, mimetype: text, contenttype: text });
const piece = folded({ role: text, value: text });
const picture = folded({
  type: text,
  headline: text,
  by: text,
  byline: text,
  description_text: text,
  descriptions: listOf(piece),
});

/** Agencies send the print original along: screens need no more than this. */
const MAX_WIDTH = 2_048;

/** The first picture among the associations, in its widest rendition that is made for screens. */
export function leadPicture(value: Folded): object | undefined {
  for (const { value: association } of links(value, '')) {
    if (!isRecord(association)) continue;
    const found = v.parse(picture, association);
    if (found.type !== 'picture' && found.type !== 'graphic') continue;
    const [best] = links(association, '', 'renditions')
      .flatMap(({ value: each }) => {
        const parsed = v.safeParse(rendition, each);
        return parsed.success && parsed.output.href !== undefined ? [parsed.output] : [];
      })
      .sort((one, other) => fitness(other) - fitness(one));
    if (best === undefined) continue;
    const { href: url, width, height } = best;
    const told = (role: string) => found.descriptions.find((each) => each.role === role)?.value;
    return {
      ...{ url, width, height },
      caption: words(told('caption') ?? found.description_text),
      alt: words(told('altText')),
      credit: words(found.by ?? found.byline),
    };
  }
  return undefined;
}

/** How well a rendition fits a screen; of those too wide the least wide fits best. */
function fitness({ width }: { width?: unknown }): number {
  const pixels = Number(width) || 0;
  return pixels <= MAX_WIDTH ? pixels : -pixels;
}
