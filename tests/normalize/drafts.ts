import { parse } from 'valibot';
import type { ArticleContent } from '../../src/domain/article.ts';
import { type Block, blockText } from '../../src/domain/blocks.ts';
import { type Draft, draftSchema } from '../../src/domain/draft.ts';
import { normalize } from '../../src/normalize/normalize.ts';

const PUBLISHER = { id: 'samachar', name: 'Samachar' };

/** A validated draft with a body; `fields` as a publisher would send them. */
export function draft(format: 'html' | 'text' | 'page', content: string, fields: object = {}): Draft {
  const headline = format === 'page' ? {} : { headline: 'A headline' };
  const given = { id: '1', url: 'https://publisher.example/news/1', ...headline, ...fields };
  return parse(draftSchema, { ...given, body: { format, content } });
}

/** What the normalizer makes of a draft; fails the test when it makes issues. */
export async function read(
  given: Draft,
  publisher: object = {},
): Promise<ArticleContent & { warned: string[]; codes: string[] }> {
  const result = await normalize(given, { ...PUBLISHER, ...publisher });
  if ('issues' in result) throw new Error(JSON.stringify(result.issues));
  const warned = result.warnings.map(({ code, excerpt }) => `${code}: ${excerpt}`);
  return { ...result.content, warned, codes: result.warnings.map(({ code }) => code) };
}

/** Blocks as short lines: `h2 …`, `p …`, `image …`. */
export function outline(blocks: readonly Block[]): string[] {
  return blocks.map((block) => {
    if (block.type === 'heading') return `h${block.level} ${blockText(block)}`;
    if (block.type === 'paragraph') return `p ${blockText(block)}`;
    return `${block.type} ${blockText(block)}`.trim();
  });
}
