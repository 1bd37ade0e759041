import type { Block, Image } from '../domain/blocks.ts';
import { secureUrl } from '../markup/url.ts';
import { isSamePicture } from './html/pictures.ts';
import type { Warnings } from './warnings.ts';

/**
 * Removes the lead image from the body, where CMSs repeat it. Returns the remaining blocks and the image over https with
 * the caption from the body; no image if there is neither an address nor a caption.
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
