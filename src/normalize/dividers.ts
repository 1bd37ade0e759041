import type { Block } from '../article/blocks.ts';

/** A divider parts what is before it from what is behind it: one at an end, or a second, parts nothing. */
export function withoutIdleDividers(blocks: readonly Block[]): Block[] {
  const kept = blocks.filter(
    (block, index) => block.type !== 'divider' || (index > 0 && blocks[index - 1]?.type !== 'divider'),
  );
  while (kept.at(-1)?.type === 'divider') kept.pop();
  return kept;
}
