import {
  type Block,
  type Definition,
  type Embed,
  type Image,
  type Inline,
  MAX_DEPTH,
  type TableCell,
} from '../domain/blocks.ts';
import { escapeAttribute, escapeText } from './escape.ts';
import { safeLinkUrl } from './url.ts';

/** The parts of a body that each output renders differently; all others are the same everywhere. */
export interface Media {
  /** A picture without its caption; an empty string when it cannot be shown. */
  picture(image: Image): string;
  embed(embed: Embed): string;
  /** Wraps a finished `<table>`, which may be wider than the page. */
  table(html: string): string;
}

/** Blocks as HTML. Every element written here is in this file; no text reaches the output unescaped. */
export function renderBlocks(blocks: readonly Block[], media: Media, depth = 0): string {
  if (depth > MAX_DEPTH) return '';
  return blocks.map((block) => renderBlock(block, media, depth)).join('');
}

function renderBlock(block: Block, media: Media, depth: number): string {
  switch (block.type) {
    case 'paragraph':
      return `<p${languageOf(block)}>${renderInline(block.content)}</p>`;
    case 'heading':
      return `<h${block.level}${languageOf(block)}>${renderInline(block.content)}</h${block.level}>`;
    case 'list': {
      const items = block.items.map((item) => renderItem(item, media, depth + 1)).join('');
      return block.ordered ? `<ol${start(block.start)}>${items}</ol>` : `<ul>${items}</ul>`;
    }
    case 'definitions':
      return `<dl>${block.items.map((item) => renderDefinition(item, media, depth + 1)).join('')}</dl>`;
    case 'aside':
      return `<aside>${renderBlocks(block.blocks, media, depth + 1)}</aside>`;
    case 'quote': {
      const citation = block.citation ? `<footer><cite>${renderInline(block.citation)}</cite></footer>` : '';
      return `<blockquote${languageOf(block)}>${renderBlocks(block.blocks, media, depth + 1)}${citation}</blockquote>`;
    }
    case 'image':
      return renderFigure(block, media);
    case 'gallery':
      return `<div class="gallery">${block.images.map((image) => renderFigure(image, media)).join('')}</div>`;
    case 'table':
      return media.table(renderTable(block.rows, block.caption));
    case 'code':
      return `<pre><code${codeClass(block.language)}>${escapeText(block.text)}</code></pre>`;
    case 'embed':
      return media.embed(block);
    case 'divider':
      return '<hr>';
    default:
      // A body stored by a newer release: unknown blocks are left out.
      block satisfies never;
      return '';
  }
}

// AMP accepts only digits: a list that starts below zero, although valid in HTML, would make the page invalid.
const start = (value: number | undefined): string =>
  Number.isSafeInteger(value) && value !== undefined && value >= 0 && value !== 1 ? ` start="${value}"` : '';

/** An item of one paragraph is rendered without a `<p>`: a tight list. */
function renderItem(item: readonly Block[], media: Media, depth: number): string {
  const [first, ...rest] = item;
  if (first?.type !== 'paragraph' || rest.some((block) => block.type !== 'list')) {
    return `<li>${renderBlocks(item, media, depth)}</li>`;
  }
  // Attributes on the item would also apply to nested lists after its text.
  const words =
    rest.length > 0 && languageOf(first) !== ''
      ? renderBlocks([first], media, depth)
      : renderInline(first.content);
  const attributes = rest.length > 0 ? '' : languageOf(first);
  return `<li${attributes}>${words}${renderBlocks(rest, media, depth)}</li>`;
}

function renderDefinition({ terms, descriptions }: Definition, media: Media, depth: number): string {
  const names = terms.map((term) => `<dt>${renderInline(term)}</dt>`);
  const meanings = descriptions.map((blocks) => {
    const [only, ...more] = blocks;
    const isLine = only?.type === 'paragraph' && more.length === 0 && languageOf(only) === '';
    return `<dd>${isLine ? renderInline(only.content) : renderBlocks(blocks, media, depth)}</dd>`;
  });
  return names.join('') + meanings.join('');
}

/** The attributes for a change of language or direction; empty when there is none. */
function languageOf({
  language,
  direction,
}: {
  language?: string;
  direction?: 'ltr' | 'rtl' | 'auto';
}): string {
  const lang =
    language !== undefined && LANGUAGE_TAG.test(language) ? ` lang="${escapeAttribute(language)}"` : '';
  return direction !== undefined && DIRECTIONS.has(direction) ? `${lang} dir="${direction}"` : lang;
}

const LANGUAGE_TAG = /^[a-z]{2,8}(?:-[a-z0-9]{1,8}){0,8}$/i;
const DIRECTIONS = new Set(['ltr', 'rtl', 'auto']);

/** A picture with its caption and credit; empty when the picture cannot be shown. */
export function renderFigure(image: Image, media: Media): string {
  const picture = media.picture(image);
  if (picture === '') return '';
  const caption = [
    image.caption && escapeText(image.caption),
    image.credit && `<small>${escapeText(image.credit)}</small>`,
  ].filter(Boolean);
  return `<figure>${picture}${caption.length > 0 ? `<figcaption>${caption.join(' ')}</figcaption>` : ''}</figure>`;
}

function renderTable(rows: readonly TableCell[][], caption: Inline[] | undefined): string {
  const heads = rows.findIndex((row) => !row.every((cell) => cell.header));
  const head = rows.slice(0, heads === -1 ? 0 : heads);
  const body = rows.slice(head.length);
  return [
    '<table>',
    caption ? `<caption>${renderInline(caption)}</caption>` : '',
    head.length > 0 ? `<thead>${head.map((row) => renderRow(row, 'col')).join('')}</thead>` : '',
    `<tbody>${body.map((row) => renderRow(row, 'row')).join('')}</tbody>`,
    '</table>',
  ].join('');
}

function renderRow(row: readonly TableCell[], scope: 'col' | 'row'): string {
  const cells = row.map((cell) => {
    const name = cell.header ? 'th' : 'td';
    const header = cell.header ? ` scope="${scope}"` : '';
    const spans = span('colspan', cell.columnSpan) + span('rowspan', cell.rowSpan);
    return `<${name}${header}${spans}>${renderInline(cell.content)}</${name}>`;
  });
  return `<tr>${cells.join('')}</tr>`;
}

// HTML section 4.9.11 limits colspan to 1,000; the same limit is enough for rowspan.
const span = (name: string, value: number | undefined): string =>
  Number.isSafeInteger(value) && value !== undefined && value > 1 && value <= 1_000
    ? ` ${name}="${value}"`
    : '';

const codeClass = (language: string | undefined): string =>
  language !== undefined && /^[\w+#-]{1,30}$/.test(language) ? ` class="language-${language}"` : '';

/** Inline content as HTML. */
function renderInline(content: readonly Inline[], depth = 0): string {
  if (depth > MAX_DEPTH) return '';
  let html = '';
  for (const node of content) {
    switch (node.type) {
      case 'text':
        html += escapeText(node.text);
        break;
      case 'break':
        html += '<br>';
        break;
      case 'strong':
      case 'em':
      case 'code':
      case 'sub':
      case 'sup':
      case 'mark':
      case 'ruby':
        html += `<${node.type}>${renderInline(node.content, depth + 1)}</${node.type}>`;
        break;
      case 'quote':
        html += `<q>${renderInline(node.content, depth + 1)}</q>`;
        break;
      // The brackets are for software that does not support ruby.
      case 'reading':
        html += `<rp>(</rp><rt>${renderInline(node.content, depth + 1)}</rt><rp>)</rp>`;
        break;
      case 'abbreviation':
        html += `<abbr title="${escapeAttribute(node.title)}">${renderInline(node.content, depth + 1)}</abbr>`;
        break;
      case 'span': {
        const attributes = languageOf(node);
        const words = renderInline(node.content, depth + 1);
        html += attributes === '' ? words : `<span${attributes}>${words}</span>`;
        break;
      }
      case 'link': {
        const href = safeLinkUrl(node.href);
        const words = renderInline(node.content, depth + 1);
        html += href === undefined ? words : `<a href="${escapeAttribute(href)}">${words}</a>`;
        break;
      }
      default:
        node satisfies never;
    }
  }
  return html;
}
