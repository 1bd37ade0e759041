import type { Article, Card } from '../article/article.ts';
import { xmlText } from './escape.ts';
import { webUrl } from './url.ts';

const plain = (text: string) => ({ value: xmlText(text), type: 'plain' });

/**
 * The lead picture in Media RSS 1.5.1, as feedsmith's `media` takes it: `media:title` is its alternative text,
 * `media:description` its caption. The thumbnail is the picture itself; no smaller one is known.
 */
export function itemMedia({ image }: Article | Card) {
  const url = webUrl(image?.url);
  if (image === undefined || url === undefined) return undefined;
  const size = image.width && image.height ? { width: image.width, height: image.height } : {};
  return {
    contents: [
      {
        url,
        medium: 'image',
        ...size,
        ...(image.alt ? { title: plain(image.alt) } : {}),
        ...(image.caption ? { description: plain(image.caption) } : {}),
        ...(image.credit ? { credits: [{ value: xmlText(image.credit) }] } : {}),
        thumbnails: [{ url, ...size }],
      },
    ],
  };
}
