import type { Block } from '../domain/blocks.ts';

/**
 * The body with the dateline back where it was lifted from, in front of the first paragraph's words:
 * `Haridwar: …`. A body without a paragraph of its own gets one for it.
 */
export function withDateline(body: readonly Block[], dateline: string | undefined): readonly Block[] {
  if (dateline === undefined) return body;
  const at = body.findIndex((block) => block.type === 'paragraph');
  const first = body[at];
  if (first?.type !== 'paragraph') {
    return [
      { type: 'paragraph', content: [{ type: 'strong', content: [{ type: 'text', text: dateline }] }] },
      ...body,
    ];
  }
  const led: Block = {
    ...first,
    content: [
      { type: 'strong', content: [{ type: 'text', text: `${dateline}:` }] },
      { type: 'text', text: ' ' },
      ...first.content,
    ],
  };
  return body.with(at, led);
}
