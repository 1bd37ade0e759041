import type { Block } from '../../domain/blocks.ts';

/** A divider parts what is before it from what is behind it: one at an end, or a second, parts nothing. */
export function withoutIdleDividers(blocks: Block[]): Block[] {
  if (!blocks.some(isDivider)) return blocks;
  const kept = blocks.filter(
    (block, index) => !isDivider(block) || (index > 0 && blocks[index - 1]?.type !== 'divider'),
  );
  while (kept.at(-1)?.type === 'divider') kept.pop();
  return kept;
}

const isDivider = (block: Block): boolean => block.type === 'divider';
