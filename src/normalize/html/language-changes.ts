import {
  type Block,
  type Direction,
  type Inline,
  inlineText,
  type LanguageChange,
} from '../../domain/blocks.ts';
import { isWrittenIn, primaryLanguage, sameScript } from '../../locales/language-tag.ts';
import { scriptOfText } from '../../text/language.ts';
import { regrown } from './inline.ts';

/** The language and direction around a block or words. */
interface Around {
  language: string;
  direction: Direction;
}

type Span = Extract<Inline, { type: 'span' }>;

type Line = Extract<Block, { type: 'paragraph' | 'heading' }>;

/** A block's line: a span around all of its words becomes the block's own change of language. */
export function withoutSpan(content: Inline[]): { content: Inline[] } & LanguageChange {
  const span = content.find((node) => node.type === 'span');
  if (
    span === undefined ||
    !content.every((node) => isPause(node) || (node.type === 'span' && isSame(node, span)))
  ) {
    return { content };
  }
  const { language, direction } = span;
  return {
    content: joined(content.flatMap((node) => (node.type === 'span' ? node.content : [node]))),
    ...(language === undefined ? {} : { language }),
    // The letters of a block decide its direction anyway.
    ...(direction === undefined || direction === 'auto' ? {} : { direction }),
  };
}

const isPause = (node: Inline): boolean =>
  node.type === 'break' || (node.type === 'text' && node.text.trim() === '');

const isSame = (one: Span, other: Span): boolean =>
  one.language === other.language && one.direction === other.direction;

/** Joins neighbouring texts. */
function joined(content: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  for (const node of content) {
    const last = out.at(-1);
    if (node.type === 'text' && last?.type === 'text')
      out[out.length - 1] = { ...last, text: last.text + node.text };
    else out.push(node);
  }
  return out;
}

/**
 * Keeps a block's language or direction only where it differs from what is around it. Editors declare much that is
 * wrong (Word calls Hindi `EN-US`, Google Docs calls every paragraph `ltr`): a language is believed when the words are
 * in its script, and a block has the direction of most of its letters.
 */
export function settleLanguages(blocks: readonly Block[], around: Around): Block[] {
  return blocks.map((block) => settleBlock(block, around));
}

function settleBlock(block: Block, around: Around): Block {
  switch (block.type) {
    case 'paragraph':
    case 'heading': {
      const written = lettersDirection(inlineText(block.content));
      if (isSettled(block, written, around)) return block;
      const { language: _language, direction: _direction, ...rest } = block;
      const change = changeOf(block, written ?? block.direction, around);
      const content = settleInline(block.content, { ...around, ...change });
      const line = withoutSpan(content);
      // Of several spans, a single one around all words may be left.
      if (line.content !== content) return settleBlock({ ...rest, ...change, ...line }, around);
      return { ...rest, ...change, content };
    }
    case 'quote': {
      const { language: _language, direction: _direction, ...rest } = block;
      const blocks = settleLanguages(block.blocks, around);
      const change = shared(blocks);
      return {
        ...rest,
        blocks: change === undefined ? blocks : blocks.map(withoutChange),
        ...change,
        ...(block.citation === undefined
          ? {}
          : { citation: settleInline(block.citation, { ...around, ...change }) }),
      };
    }
    case 'aside':
      return { ...block, blocks: settleLanguages(block.blocks, around) };
    case 'list':
      return { ...block, items: block.items.map((item) => settleLanguages(item, around)) };
    case 'definitions':
      return {
        ...block,
        items: block.items.map(({ terms, descriptions }) => ({
          terms: terms.map((term) => settleInline(term, around)),
          descriptions: descriptions.map((blocks) => settleLanguages(blocks, around)),
        })),
      };
    case 'table':
      return {
        ...block,
        ...(block.caption === undefined ? {} : { caption: settleInline(block.caption, around) }),
        rows: block.rows.map((row) =>
          row.map((cell) => {
            const content = settleInline(cell.content, around);
            return content === cell.content ? cell : { ...cell, content };
          }),
        ),
      };
    default:
      return block;
  }
}

/** Whether a line declares nothing and has the direction around it, as nearly all do. */
function isSettled(block: Line, written: Direction | undefined, around: Around): boolean {
  if (block.language !== undefined || block.direction !== undefined || block.content.some(holdsSpan))
    return false;
  return written === undefined || written === around.direction;
}

const UNCHANGED: LanguageChange = {};

function changeOf(block: Line, direction: Direction | undefined, around: Around): LanguageChange {
  const { language } = block;
  if (language === undefined && (direction === undefined || direction === around.direction)) return UNCHANGED;
  return {
    ...(language !== undefined && isOther(language, inlineText(block.content), around) ? { language } : {}),
    ...(direction === undefined || direction === around.direction ? {} : { direction }),
  };
}

function isOther(language: string, text: string, around: Around): boolean {
  const isSame = primaryLanguage(language) === primaryLanguage(around.language);
  if (isSame && sameScript(language, around.language)) return false;
  const script = scriptOfText(text);
  return script === undefined || isWrittenIn(language, script);
}

/** Removes spans that change nothing; their words join the marks of their neighbours. */
function settleInline(content: Inline[], around: Around): Inline[] {
  return content.some(holdsSpan) ? regrown(settleNodes(content, around)) : content;
}

const holdsSpan = (node: Inline): boolean =>
  node.type === 'span' || ('content' in node && node.content.some(holdsSpan));

function settleNodes(content: readonly Inline[], around: Around): Inline[] {
  return content.flatMap((node): Inline[] => {
    if (!('content' in node)) return [node];
    if (node.type !== 'span') return [{ ...node, content: settleNodes(node.content, around) }];
    const text = inlineText(node.content);
    const language =
      node.language !== undefined && isOther(node.language, text, around) ? node.language : undefined;
    const direction = spanDirection(text, node.direction, around.direction);
    const inner = settleNodes(node.content, {
      language: language ?? around.language,
      direction: direction === undefined || direction === 'auto' ? around.direction : direction,
    });
    if (language === undefined && direction === undefined) return inner;
    return [
      {
        type: 'span',
        ...(language ? { language } : {}),
        ...(direction ? { direction } : {}),
        content: inner,
      },
    ];
  });
}

function spanDirection(
  text: string,
  declared: Span['direction'],
  around: Direction,
): Span['direction'] | undefined {
  if (declared === undefined || declared === 'auto') return declared;
  const direction = lettersDirection(text) ?? declared;
  return direction === around ? undefined : direction;
}

/** Runs of letters of one direction (Unicode Bidi_Class R and AL, or L) in the scripts of news. */
const RIGHT_TO_LEFT =
  /[\u05D0-\u05F2\u0620-\u064A\u066E-\u06D3\u06D5\u06EE\u06EF\u06FA-\u07EA\u0800-\u08C7\uFB1D-\uFDFC\uFE70-\uFEFC]+/g;
const LEFT_TO_RIGHT = /[A-Za-z\u00C0-\u02B8\u0370-\u0589\u0900-\u1FFF\u2C00-\uD7FF\uF900-\uFAFF]+/g;

/** The direction of most letters; undefined for text without letters. */
function lettersDirection(text: string): Direction | undefined {
  const right = countLetters(text, RIGHT_TO_LEFT);
  // Most texts have letters of one direction only: any letter tells it.
  if (right === 0) return text.search(LEFT_TO_RIGHT) === -1 ? undefined : 'ltr';
  return right >= countLetters(text, LEFT_TO_RIGHT) ? 'rtl' : 'ltr';
}

function countLetters(text: string, runs: RegExp): number {
  let count = 0;
  for (const run of text.match(runs) ?? []) count += run.length;
  return count;
}

/** The change that all blocks of a quote share, which becomes the quote's own. */
function shared(blocks: readonly Block[]): LanguageChange | undefined {
  const [first] = blocks;
  if (first === undefined || !isWorded(first)) return undefined;
  const { language, direction } = first;
  if (language === undefined && direction === undefined) return undefined;
  const all = blocks.every(
    (block) => isWorded(block) && block.language === language && block.direction === direction,
  );
  if (!all) return undefined;
  return { ...(language ? { language } : {}), ...(direction ? { direction } : {}) };
}

const isWorded = (
  block: Block,
): block is Extract<Block, LanguageChange & { type: 'paragraph' | 'heading' | 'quote' }> =>
  block.type === 'paragraph' || block.type === 'heading' || block.type === 'quote';

function withoutChange(block: Block): Block {
  if (!isWorded(block)) return block;
  const { language: _language, direction: _direction, ...rest } = block;
  return rest;
}
