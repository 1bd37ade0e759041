import type { Related } from '../../domain/article.ts';
import { type Block, blockText, inlineText } from '../../domain/blocks.ts';
import { LIMITS } from '../../domain/draft.ts';
import type { Findings } from '../../markup/findings.ts';
import { foldLine, foldsTo } from '../../text/fold-line.ts';
import type { Lexicon } from '../../text/lexicon.ts';
import { endsSentence } from '../../text/sentences.ts';
import { hasMoreWords } from '../../text/text.ts';
import { withoutIdleDividers } from '../html/flow.ts';
import { sliceInline } from '../html/inline.ts';
import type { Warnings } from '../warnings.ts';
import { creditOf } from './credit.ts';
import { datelineAlone, datelineOf } from './dateline.ts';
import { isFollowLine, isRightsLine } from './footer-lines.ts';
import { linkedArticles, relatedOf } from './related.ts';
import { isLine, scrapsOf, tailOf } from './tail.ts';

export interface TidyContext {
  lexicon: Lexicon;
  warnings: Warnings;
  /** Whether the blocks are a whole page: then any line that looks like boilerplate is. */
  isPage: boolean;
  /** What is known about the article; lifted fields are added to it. */
  findings: Findings;
}

/** Removes from a body what is not its text: labels, "also read" lines, the place line, the agency's credit. */
export function tidy(blocks: readonly Block[], context: TidyContext): Block[] {
  const { isPage, lexicon } = context;
  const kept = isPage ? dropFrom(tailOf(blocks, lexicon), blocks, context) : blocks;
  const lines = liftLines(kept, context);
  const told = isPage ? dropFrom(scrapsOf(lines, lexicon), lines, context) : lines;
  return withoutIdleDividers(liftCredit(liftDateline(dropHeadline(told, context), context), context));
}

/** Removes what follows the article on its page. */
function dropFrom(index: number, blocks: readonly Block[], { warnings }: TidyContext): Block[] {
  for (const block of blocks.slice(index)) warnings.add('boilerplate-dropped', blockText(block));
  return blocks.slice(0, index);
}

function liftLines(blocks: readonly Block[], context: TidyContext): Block[] {
  const { lexicon, warnings, isPage } = context;
  const kept: Block[] = [];
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index];
    if (block === undefined) continue;
    const line = lineOf(block);
    const text = line === undefined ? '' : inlineText(line);
    if (line === undefined) {
      if (isPage && isLinkList(block)) warnings.add('boilerplate-dropped', blockText(block));
      else kept.push(block);
      continue;
    }
    const found = relatedOf(line, lexicon);
    const linked = lexicon.has('alsoRead', text) ? linkedArticles(blocks[index + 1]) : undefined;
    const alone = isPage && isTitle(text, lexicon) ? linkedArticles(block) : undefined;
    const more = found ?? linked ?? alone;
    if (more !== undefined) {
      if (linked !== undefined) index += 1;
      lift(more, context);
    } else if (isLabel(text, lexicon, isPage)) warnings.add('boilerplate-dropped', text);
    else kept.push(block);
  }
  return kept;
}

function lift(more: readonly Related[], { lexicon, warnings, findings, isPage }: TidyContext): void {
  for (const each of more) {
    // A row of links to print, send and share is not a row of headlines.
    if (isLabel(each.title, lexicon, isPage)) {
      warnings.add('boilerplate-dropped', each.title);
      continue;
    }
    const isNew = findings.related.every(({ title }) => title !== each.title);
    if (isNew && findings.related.length < LIMITS.list) findings.related.push(each);
    warnings.add('related-lifted', each.title);
  }
}

/** The articles that "also read" lines link to, among the blocks left out of a page's article. */
export function liftRelated(left: readonly Block[], context: TidyContext): void {
  const { lexicon } = context;
  left.forEach((block, index) => {
    const line = lineOf(block);
    if (line === undefined) return;
    const isOpening = lexicon.has('alsoRead', inlineText(line));
    const found = relatedOf(line, lexicon) ?? (isOpening ? linkedArticles(left[index + 1]) : undefined);
    lift(found?.filter(({ url }) => url !== undefined) ?? [], context);
  });
}

/** A list of nothing but links: sections, tags, other articles. */
const isLinkList = (block: Block): boolean => block.type === 'list' && linkedArticles(block) !== undefined;

const MIN_TITLE_WORDS = 4;

/** Whether a line that is entirely a link may be another article's headline. */
const isTitle = (text: string, lexicon: Lexicon): boolean =>
  !endsSentence(text, lexicon) && hasMoreWords(text, MIN_TITLE_WORDS - 1);

/** The content of a block that is a single line; "also read" lines also come as quotes and lists of one item. */
function lineOf(block: Block) {
  if (isLine(block)) return block.content;
  const [inner, ...more] =
    block.type === 'quote' && block.citation === undefined
      ? block.blocks
      : block.type === 'list' && block.items.length === 1
        ? (block.items[0] ?? [])
        : [];
  return inner?.type === 'paragraph' && more.length === 0 ? inner.content : undefined;
}

const MAX_PROMPT_WORDS = 40;

/** Whether a line is boilerplate. In an article's own markup, only an advertisement's label certainly is. */
export function isLabel(text: string, lexicon: Lexicon, isPage: boolean): boolean {
  if (lexicon.has('advertisement', text) || lexicon.isOwn(text)) return true;
  if (!isPage) return false;
  if (lexicon.has('boilerplate', text) || lexicon.has('tail', text) || lexicon.has('alsoRead', text))
    return true;
  if (isRightsLine(text) || isFollowLine(text)) return true;
  return lexicon.opens('prompts', text) && !hasMoreWords(text, MAX_PROMPT_WORDS);
}

/** Removes a repeated headline: a heading anywhere, a paragraph only before the article. */
function dropHeadline(blocks: readonly Block[], { findings, warnings }: TidyContext): Block[] {
  const headline = foldLine(findings.headline ?? '');
  const first = blocks.findIndex(isLine);
  return blocks.filter((block, index) => {
    if (headline === '' || !isLine(block) || (block.type === 'paragraph' && index !== first)) return true;
    const text = blockText(block);
    if (!foldsTo(text, headline)) return true;
    warnings.add('headline-repeated', text);
    return false;
  });
}

function liftDateline(blocks: readonly Block[], { lexicon, warnings, findings }: TidyContext): Block[] {
  const at = blocks.findIndex((block) => block.type === 'paragraph');
  const first = blocks[at];
  if (first?.type !== 'paragraph') return [...blocks];
  const others = blocks
    .slice(at + 1, at + 20)
    .flatMap((block) => (block.type === 'paragraph' ? [blockText(block)] : []));
  const text = blockText(first);
  const alone = others.length > 0 ? datelineAlone(text, lexicon) : undefined;
  const found = alone ?? datelineOf(text, lexicon, others);
  const isOther =
    findings.dateline !== undefined && foldLine(findings.dateline) !== foldLine(found?.text ?? '');
  const rest = found === undefined || isOther ? [] : sliceInline(first.content, found.length);
  if (found === undefined || (rest.length === 0 && (alone === undefined || isOther))) return [...blocks];
  findings.dateline ??= found.text;
  if (found.agency !== undefined) findings.credit ??= found.agency;
  warnings.add('dateline-lifted', text.slice(0, found.length));
  return rest.length === 0 ? blocks.toSpliced(at, 1) : blocks.with(at, { ...first, content: rest });
}

function liftCredit(blocks: readonly Block[], { lexicon, warnings, findings }: TidyContext): Block[] {
  const at = blocks.findLastIndex((block) => !['image', 'embed', 'divider', 'gallery'].includes(block.type));
  const last = blocks[at];
  if (last === undefined || !isLine(last)) return [...blocks];
  const text = blockText(last);
  const found = creditOf(text, lexicon);
  if (found === undefined) return [...blocks];
  if (findings.credit !== undefined && foldLine(findings.credit) !== foldLine(found.text)) return [...blocks];
  findings.credit ??= found.text;
  warnings.add('credit-lifted', text.slice(found.start));
  const rest = sliceInline(last.content, 0, found.start);
  return rest.length > 0 ? blocks.with(at, { ...last, content: rest }) : blocks.toSpliced(at, 1);
}
