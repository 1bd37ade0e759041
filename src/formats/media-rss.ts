import type { Article, Card } from '../domain/article.ts';
import { webUrl } from './url.ts';
import { emptyElement, parent, textElement } from './xml.ts';

const plain = { type: 'plain' };

/**
 * The lead picture in Media RSS 1.5.1: `media:title` is its alternative text, `media:description` its caption. The
 * thumbnail is the picture itself; no smaller one is known.
 */
export function itemMedia({ image }: Article | Card): string {
  const url = webUrl(image?.url);
  if (image === undefined || url === undefined) return '';
  const size = image.width && image.height ? { height: image.height, width: image.width } : {};
  const details = [
    textElement('media:title', image.alt, plain),
    textElement('media:description', image.caption, plain),
    emptyElement('media:thumbnail', { url, ...size }),
    textElement('media:credit', image.credit),
  ];
  return parent('media:content', details, { url, medium: 'image', ...size });
}
