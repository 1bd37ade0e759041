import type { Image } from '../../domain/blocks.ts';
import { LIMITS } from '../../domain/draft.ts';
import type { Attributes } from '../../markup/html-parser.ts';
import { resolve } from '../../markup/url.ts';
import { oneLine } from '../../text/text.ts';
import { isTracker } from './trackers.ts';

export type Picture = Image & { url: string };

// Attributes in which lazy loaders keep the address that a script moves to `src`, best first.
const LAZY = [
  'data-src',
  'data-original',
  'data-lazy-src',
  'data-lazy',
  'data-url',
  'data-full-src',
  'data-large-file',
  'data-large_image',
  'data-hi-res-src',
  'data-actualsrc',
  'data-img-src',
  'data-echo',
  'data-image',
];
const LAZY_SETS = ['data-srcset', 'data-lazy-srcset', 'data-original-set'];

// Wider pictures are meant for zooming.
const MAX_WIDTH = 2_000;

// What a lazy loader shows until the picture is loaded.
const PLACEHOLDER = /^(?:lazy(?:[-_]?load(?:ing|er)?)?|loading|preloader)$/i;

function isPlaceholder({ pathname }: URL): boolean {
  const file = pathname.slice(pathname.lastIndexOf('/') + 1);
  const [, name = ''] = /^([\w-]+)\.(?:gif|png|svg|jpe?g|webp)$/i.exec(file) ?? [];
  return PLACEHOLDER.test(name) || name.toLowerCase().includes('placeholder');
}

/**
 * The picture of an `img`, over https: the widest candidate of its `srcset`s up to 2,000 pixels, else a lazy loader's
 * address, else `src`, which a lazy loader fills with a placeholder. `sources` are the `srcset`s of the `source`
 * elements before it in its `picture`. Undefined for tracking pixels and when no address may be shown.
 */
export function pictureFrom(
  attributes: Attributes,
  base: string | undefined,
  sources: readonly string[] = [],
): Picture | undefined {
  if (isTiny(attributes)) return undefined;
  const width = pixels(attributes.width ?? attributes['data-width']);
  const height = pixels(attributes.height ?? attributes['data-height']);
  for (const candidate of candidates(attributes, sources)) {
    const url = resolve(candidate, base);
    if (url === undefined || isTracker(url) || isPlaceholder(url)) continue;
    const alt = oneLine((attributes.alt ?? '').slice(0, LIMITS.paragraph));
    return {
      url: url.href.replace(/^http:/, 'https:'),
      ...(width !== undefined && height !== undefined ? { width, height } : {}),
      ...(alt === '' ? {} : { alt }),
    };
  }
  return undefined;
}

/** The addresses a picture may have, best first. */
function* candidates(attributes: Attributes, sources: readonly string[]): Generator<string | undefined> {
  const lazySets = LAZY_SETS.flatMap((name) => widest(attributes[name]));
  const sets = [...lazySets, ...widest(attributes.srcset), ...sources.flatMap(widest)];
  const large = sets.filter(({ rank }) => rank > 1).sort((one, other) => other.rank - one.rank);
  for (const { url } of large) yield url;
  for (const name of LAZY) yield attributes[name];
  for (const { url } of lazySets) yield url;
  yield attributes.src;
  for (const { url } of sets) yield url;
}

/** Whether two addresses show the same picture, in whatever size. */
export function isSamePicture(one: string, other: string): boolean {
  return one === other || pictureKey(one) === pictureKey(other);
}

function pictureKey(address: string): string {
  const url = new URL(address);
  const isFile = /\.(?:avif|gif|jpe?g|png|webp)$/i.test(url.pathname);
  const path = url.pathname
    .replace(/(?:-\d{2,5}x\d{2,5}|-scaled)(?=\.\w+$)/, '')
    .replace(/^\/content\/images\/size\/\w+\//, '/content/images/');
  // WordPress's image proxy puts the picture's own host at the front of the path.
  const host = /^i\d\.wp\.com$/.test(url.host) ? '' : `/${url.host}`;
  return host + path + (isFile ? '' : url.search);
}

/** Whether attributes or style make it one pixel wide and high: such a picture counts readers. */
const isTiny = ({ width, height, style = '' }: Attributes): boolean =>
  (isPixel(width) && isPixel(height)) ||
  (/(?:^|[;\s])width\s*:\s*[01]px/i.test(style) && /(?:^|[;\s])height\s*:\s*[01]px/i.test(style));

const isPixel = (size: string | undefined): boolean => /^\s*[01](?:px)?\s*$/.test(size ?? '');

function pixels(size: string | undefined): number | undefined {
  const value = /^\s*(\d{1,6})(?:\.\d+)?(?:px)?\s*$/.exec(size ?? '')?.[1];
  const number = Number(value ?? 0);
  return number > 1 && number <= LIMITS.pixels ? number : undefined;
}

/** The best candidate of a `srcset` (HTML section 4.8.4.2.1). Addresses may contain commas, so white space must follow one. */
function widest(srcset: string | undefined): { url: string; rank: number }[] {
  if (srcset === undefined) return [];
  let best: string | undefined;
  let most = -1;
  for (const candidate of srcset.slice(0, 20_000).split(/,\s+|\s,/)) {
    const [url, descriptor = '1x'] = candidate.trim().split(/\s+/, 2);
    const size = Number.parseFloat(descriptor) || 0;
    const rank = descriptor.endsWith('w') && size > MAX_WIDTH ? 1 / size : size;
    if (url && rank > most) [best, most] = [url.replace(/,$/, ''), rank];
  }
  return best === undefined ? [] : [{ url: best, rank: most }];
}
