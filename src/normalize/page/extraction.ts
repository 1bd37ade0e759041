import { type Block, blockText } from '../../domain/blocks.ts';
import { MAX_DEPTH } from '../../markup/html-parser.ts';
import type { foldLine } from '../../text/fold-line.ts';
import { endsSentence } from '../../text/sentences.ts';
import { isLinkedHeading, linkedArticles } from '../editorial/related.ts';
import { countOf, shareOf, type WordCounts, wordCounts } from '../editorial/word-counts.ts';
import type { IsBoilerplate } from '../html/boilerplate.ts';
import { htmlToBlocks } from '../html/html.ts';
import { withLinksToNowhere } from '../html/unresolvable-links.ts';
import { textToBlocks } from '../plain-text.ts';
import {
  MAX_ELEMENTS,
  MAX_LINKED_HEADINGS,
  MAX_LINKED_SHARE,
  MAX_NODES,
  MAX_READABLE_RATIO,
  MAX_READABLE_RATIO_ONLY_BODY,
  MAX_SHELL_SHARE,
  MIN_DECLARED_LINE_SHARE,
  MIN_DECLARED_SHARE,
  MIN_DECLARED_WORDS,
  MIN_PLAIN_OVERLAP,
  MIN_READABLE_OVERLAP,
  MIN_READABLE_RATIO,
  MIN_SHARE_WITHOUT_BOILERPLATE,
  MIN_WHOLE_DECLARED_SHARE,
  MIN_WHOLE_PRECISION,
} from '../thresholds.ts';
import { Warnings } from '../warnings.ts';
import { withGapsFilled } from './gaps.ts';
import { readableArticle } from './readability.ts';
import type { Survey } from './survey.ts';

/** A page to extract the article from. */
export interface PageSource {
  html: string;
  survey: Survey;
  /** The URL that relative ones are resolved against. */
  base: string | undefined;
  /** The article's text from JSON-LD. */
  articleBody: string | undefined;
  /** The page's top heading. */
  heading: string;
  isBoilerplate: IsBoilerplate;
  /** `foldLine`, memoized: the page is read several times, with mostly the same lines. */
  fold: typeof foldLine;
}

export interface ArticleBlocks {
  blocks: Block[];
  /** Blocks within the article that are left out, such as links to other articles. */
  left: Block[];
}

/** Blocks that may be the article. */
interface Reading {
  blocks: Block[];
  words: WordCounts;
  warnings: Warnings;
}

/**
 * The blocks of a page's article: what Readability finds, or what the surveyed element holds. The text of JSON-LD, if
 * it is long enough, decides between them and stands in for both. Warns of each region of the page that is left out.
 */
export async function articleBlocks(source: PageSource, warnings: Warnings): Promise<ArticleBlocks> {
  const { html, survey, articleBody = '' } = source;
  const plain = plainReading(source);
  const isSmall = survey.elements <= MAX_ELEMENTS && survey.nodes <= MAX_NODES && survey.depth < MAX_DEPTH;
  const markup = isSmall ? await readableArticle(html, source.isBoilerplate) : undefined;
  const readable = markup === undefined ? undefined : filled(read(markup, source), source);
  const declared = { text: articleBody.trim(), words: wordCounts(articleBody) };
  const chosen =
    countOf(declared.words) >= MIN_DECLARED_WORDS
      ? againstDeclared([readable, plain], declared)
      : withoutShell(choose(readable, plain, source), declared);
  warnings.addAll(chosen.warnings);
  return { blocks: chosen.blocks, left: warnOfDropped(source, chosen.blocks, warnings) };
}

/** What the surveyed element holds, without boilerplate unless that would leave too little. */
function plainReading(source: PageSource): Reading {
  const { start, end, text } = source.survey.article;
  const html = source.html.slice(start, end);
  const found = read(html, source);
  if (textOf(found.blocks).length >= text * MIN_SHARE_WITHOUT_BOILERPLATE) return counted(found);
  return counted(read(html, { ...source, isBoilerplate: () => false }));
}

function read(html: string, { base, isBoilerplate }: PageSource): Omit<Reading, 'words'> {
  const warnings = new Warnings();
  // The outermost element holds the article, whatever its class says.
  let isInside = false;
  const markup = base === undefined ? withLinksToNowhere(html) : html;
  const blocks = htmlToBlocks(markup, base, warnings, (name, attributes) => {
    const found = isInside && isBoilerplate(name, attributes);
    isInside = true;
    return found;
  });
  return { blocks, warnings };
}

const counted = (found: Omit<Reading, 'words'>): Reading => ({
  ...found,
  words: wordCounts(textOf(found.blocks)),
});

const textOf = (blocks: readonly Block[]): string => blocks.map(blockText).join('\n');

/** Readability's reading, unless the element that the page declares has all of it and is more precise, or has much more. */
function choose(readable: Reading | undefined, plain: Reading, source: PageSource): Reading {
  const { survey } = source;
  if (readable === undefined || countOf(readable.words) === 0) return plain;
  if (isMenu(readable)) return isMenu(plain) ? (underHeadline(source) ?? readable) : plain;
  if (!survey.article.isDeclared) return readable;
  const ratio = countOf(readable.words) / (countOf(plain.words) || 1);
  const keptLittle =
    ratio < MIN_READABLE_RATIO && shareOf(readable.words, plain.words) > MIN_READABLE_OVERLAP;
  const most =
    survey.article.isOnlyBody && countOf(plain.words) >= MIN_DECLARED_WORDS
      ? MAX_READABLE_RATIO_ONLY_BODY
      : MAX_READABLE_RATIO;
  const addedSome = ratio > 1 && ratio < most && shareOf(plain.words, readable.words) > MIN_PLAIN_OVERLAP;
  return keptLittle || addedSome ? plain : readable;
}

/** What Readability found, with the paragraphs that it left out between. */
function filled(found: Omit<Reading, 'words'>, source: PageSource): Reading {
  return counted({
    ...found,
    blocks: withGapsFilled(found.blocks, read(source.html, source).blocks, source.fold),
  });
}

/** Whether a reading is a list of other articles: mostly links, or linked titles from the beginning. */
function isMenu({ blocks, words }: Reading): boolean {
  const first = blocks.find((block) => blockText(block) !== '');
  if (
    first !== undefined &&
    isLinkedHeading(first) &&
    blocks.filter(isLinkedHeading).length > MAX_LINKED_HEADINGS
  )
    return true;
  let linked = 0;
  for (const block of blocks)
    if (linkedArticles(block) !== undefined) linked += countOf(wordCounts(blockText(block)));
  return linked > countOf(words) * MAX_LINKED_SHARE;
}

/** What is between the page's headline and the first title of another article, if anything. */
function underHeadline(source: PageSource): Reading | undefined {
  const { headlineEnd } = source.survey;
  if (headlineEnd === undefined) return undefined;
  const { blocks, warnings } = read(source.html.slice(headlineEnd), source);
  const end = blocks.findIndex(isLinkedHeading);
  const kept = blocks.slice(0, end === -1 ? undefined : end);
  return kept.length === 0 ? undefined : counted({ blocks: kept, warnings });
}

/** The text of JSON-LD's `articleBody`. */
interface Declared {
  text: string;
  words: WordCounts;
}

/** That text as the article: each line is a paragraph. */
const asReading = ({ text, words }: Declared): Reading => ({
  blocks: textToBlocks(text),
  words,
  warnings: new Warnings(),
});

/** What was found, or the declared text if that is much longer and different: the page is a shell for a script to fill. */
function withoutShell(found: Reading, declared: Declared): Reading {
  const { words } = declared;
  const isShell =
    countOf(found.words) < countOf(words) * MAX_SHELL_SHARE &&
    shareOf(words, found.words) < MIN_DECLARED_SHARE;
  return isShell ? asReading(declared) : found;
}

/**
 * The reading nearest to the text that JSON-LD declares, without paragraphs that are not in that text if it is whole.
 * The text itself if no reading has enough of it: a script fills the page, or the page hides the rest.
 */
function againstDeclared(readings: readonly (Reading | undefined)[], declared: Declared): Reading {
  const { words } = declared;
  const [best] = readings
    .filter((each) => each !== undefined)
    .map((each) => ({ each, has: shareOf(words, each.words), is: shareOf(each.words, words) }))
    .sort((one, other) => harmonic(other.has, other.is) - harmonic(one.has, one.is));
  if (best === undefined || best.has < MIN_DECLARED_SHARE) return asReading(declared);
  // Many a CMS cuts the text off at some length: then paragraphs that it lacks may still be the article's.
  const isWhole =
    best.has > MIN_WHOLE_DECLARED_SHARE && best.is > MIN_WHOLE_PRECISION && endsSentence(declared.text);
  if (!isWhole) return best.each;
  // Not all of a line: a CMS may have left out the words of a link or changed a quotation mark.
  const blocks = best.each.blocks.filter(
    (block) =>
      block.type !== 'paragraph' || shareOf(wordCounts(blockText(block)), words) > MIN_DECLARED_LINE_SHARE,
  );
  return { ...best.each, blocks };
}

const harmonic = (one: number, other: number): number => (2 * one * other) / (one + other || 1);

/**
 * Warns once for each region of the page, from top to end, whose words are not in the article.
 * @returns the blocks of those regions that are within the article
 */
function warnOfDropped(source: PageSource, blocks: readonly Block[], warnings: Warnings): Block[] {
  const { fold } = source;
  const lines = (block: Block) => blockText(block).split('\n').map(fold).filter(Boolean);
  const kept = new Set([...blocks.flatMap(lines), fold(source.heading)]);
  const told = new Set(warnings.list.map(({ excerpt }) => fold(excerpt)));
  const everywhere = new Warnings();
  const all = htmlToBlocks(source.html, source.base, everywhere);
  // Readability drops the parts of forms; the reading of the whole page names them.
  for (const { code, excerpt } of everywhere.list) {
    if (code === 'element-dropped' && !told.has(fold(excerpt))) warnings.add(code, excerpt);
  }
  let region = '';
  const left: Block[] = [];
  let isBegun = false;
  let last = 0;
  for (const block of all) {
    const words = lines(block);
    if (words.length === 0 || words.every((line) => told.has(line))) continue;
    if (words.some((line) => !kept.has(line))) {
      region += ` ${blockText(block)}`.slice(0, MAX_REGION_LENGTH);
      if (isBegun) left.push(block);
    } else {
      isBegun = true;
      last = left.length;
      tell();
    }
  }
  tell();
  return left.slice(0, last);

  function tell(): void {
    if (region !== '') warnings.add('boilerplate-dropped', region);
    region = '';
  }
}

const MAX_REGION_LENGTH = 1_000;
