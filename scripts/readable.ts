import { styleText } from 'node:util';
import type { ArticleContent, Related } from '../src/domain/article.ts';
import { type Block, type Image, inlineText, type TableCell } from '../src/domain/blocks.ts';

/**
 * An article as readable text, in colour where standard output is a terminal. A paragraph is one line: the terminal
 * knows its width, and the width of each script's letters, better than this program.
 */
export function readableArticle(content: ArticleContent): string {
  const { headline, summary, dateline, image, body, related, credit } = content;
  return [
    styleText('bold', headline),
    ...(summary ? [summary] : []),
    styleText('dim', metaLine(content)),
    ...(image ? [imageLine(image)] : []),
    ...(dateline ? [`${dateline}:`] : []),
    ...body.map(readableBlock),
    ...(related.length > 0
      ? [`${styleText('bold', 'Related')}\n${related.map(relatedLine).join('\n')}`]
      : []),
    ...(credit ? [`${styleText('bold', 'Credit')} ${credit}`] : []),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Who, where, when, in which language, how long. */
function metaLine(content: ArticleContent): string {
  const { authors, section, tags, publishedAt, updatedAt, language, wordCount, canonicalUrl } = content;
  return [
    authors.map(({ name }) => name).join(', '),
    section,
    publishedAt,
    updatedAt && updatedAt !== publishedAt ? `updated ${updatedAt}` : '',
    language,
    `${wordCount} words`,
    tags.map((tag) => `#${tag}`).join(' '),
    canonicalUrl,
  ]
    .filter(Boolean)
    .join(' · ');
}

const imageLine = ({ caption, alt, credit, url }: Image): string =>
  `[image: ${[caption ?? alt, credit, url].filter(Boolean).join(' · ')}]`;

const relatedLine = ({ title, url }: Related): string => `• ${[title, url].filter(Boolean).join(' · ')}`;

function readableBlock(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return inlineText(block.content);
    case 'heading':
      return styleText('bold', `${'#'.repeat(block.level)} ${inlineText(block.content)}`);
    case 'list': {
      const start = block.start ?? 1;
      return block.items
        .map((item, index) =>
          hang(block.ordered ? `${start + index}. ` : '• ', item.map(readableBlock).join('\n')),
        )
        .join('\n');
    }
    case 'definitions':
      return block.items
        .flatMap(({ terms, descriptions }) => [
          ...terms.map(inlineText),
          ...descriptions.map((description) => indent('    ', description.map(readableBlock).join('\n'))),
        ])
        .join('\n');
    case 'aside':
      return indent('│ ', block.blocks.map(readableBlock).join('\n\n'));
    case 'quote': {
      const words = block.blocks.map(readableBlock);
      return indent(
        '> ',
        [...words, ...(block.citation ? [`— ${inlineText(block.citation)}`] : [])].join('\n\n'),
      );
    }
    case 'image':
      return imageLine(block);
    case 'gallery':
      return block.images.map(imageLine).join('\n');
    case 'table':
      return [...(block.caption ? [inlineText(block.caption)] : []), ...block.rows.map(tableRow)].join('\n');
    case 'code':
      return indent('    ', block.text);
    case 'embed':
      return `[${block.provider}: ${block.url}]`;
    case 'divider':
      return '* * *';
  }
}

const tableRow = (cells: readonly TableCell[]): string =>
  cells.map(({ content }) => inlineText(content).replaceAll('\n', ' / ')).join(' | ');

const indent = (margin: string, text: string): string => text.replace(/^/gm, margin);

/** `text` with `mark` before its first line and the same indentation before the others. */
const hang = (mark: string, text: string): string =>
  mark + text.replaceAll('\n', `\n${' '.repeat(mark.length)}`);
