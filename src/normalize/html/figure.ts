import { type Block, type Inline, inlineText } from '../../domain/blocks.ts';
import { oneLine } from '../../text/text.ts';
import type { Picture } from './pictures.ts';

/** The blocks a figure becomes: its caption goes to the picture, table or quote it holds, else stays a paragraph. */
export function figureBlocks(held: Block[], caption: Inline[], credit: Inline[]): Block[] {
  const pictures: Picture[] = held.filter((block) => block.type === 'image').map(withoutType);
  const words = { caption: oneLine(inlineText(caption)), credit: oneLine(inlineText(credit)) };
  const last = pictures.at(-1);
  if (last !== undefined) {
    if (words.caption !== '' && last.caption === undefined) last.caption = words.caption;
    else if (words.caption !== '') last.caption = `${last.caption} ${words.caption}`;
    if (words.credit !== '') last.credit ??= words.credit;
    const others = held.filter((block) => block.type !== 'image');
    const [only] = pictures;
    if (only !== undefined && pictures.length === 1) return [{ type: 'image', ...only }, ...others];
    return [{ type: 'gallery', images: pictures }, ...others];
  }
  const line: Inline[] = [...caption, ...(caption.length > 0 && credit.length > 0 ? [SPACE] : []), ...credit];
  if (line.length === 0) return held;
  const [only] = held;
  if (held.length === 1 && only?.type === 'table' && only.caption === undefined)
    return [{ ...only, caption: line }];
  if (held.length === 1 && only?.type === 'quote' && only.citation === undefined)
    return [{ ...only, citation: line }];
  return [...held, { type: 'paragraph', content: line }];
}

const SPACE: Inline = { type: 'text', text: ' ' };

function withoutType({ type: _type, ...picture }: Block & { type: 'image' }): Picture {
  return picture;
}
