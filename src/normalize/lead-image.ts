import type { Block, Image } from '../domain/blocks.ts';
import { secureUrl } from '../markup/url.ts';
import { isSamePicture } from './html/pictures.ts';
import type { Warnings } from './warnings.ts';

/**
 * CMSs put the lead image both in its own field and into the body. Gives the body without it, and the image, over
 * https, with the caption it had there; an image without an address and caption is none.
 */
export function settleLeadImage(
  blocks: Block[],
  given: Image | undefined,
  warnings: Warnings,
): { blocks: Block[]; image?: Image } {
  const url = given?.url === undefined ? undefined : secureUrl(given.url);
  const lead: Image = { ...given, ...(url === undefined ? {} : { url }) };
  let words: Image = {};
  if (url === undefined) return { blocks, ...(isShown(lead) ? { image: lead } : {}) };
  const kept = blocks.filter((block) => {
    if (block.type !== 'image' || !isSamePicture(block.url, url)) return true;
    warnings.add('image-repeated', [block.url, block.caption, block.credit].filter(Boolean).join(' '));
    const { type: _type, url: _url, width: _width, height: _height, ...found } = block;
    words = { ...found, ...words };
    return false;
  });
  return { blocks: kept, ...(isShown(lead) ? { image: { ...words, ...lead } } : {}) };
}

const isShown = (image: Image): boolean => image.url !== undefined || image.caption !== undefined;
