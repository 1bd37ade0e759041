import { type Block, blockText } from '../../domain/blocks.ts';
import { foldLine } from '../../text/fold-line.ts';
import { endsSentence } from '../../text/sentences.ts';
import { isLinkedHeading, linkedArticles } from '../editorial/related.ts';
import { countOf, shareOf, type WordCounts, wordCounts } from '../editorial/word-counts.ts';
import type { IsBoilerplate } from '../html/boilerplate.ts';
import { htmlToBlocks } from '../html/html.ts';
import { withLinksToNowhere } from '../html/unresolvable-links.ts';
import { textToBlocks } from '../plain-text.ts';
import { Warnings } from '../warnings.ts';
import { withGapsFilled } from './gaps.ts';
import { readableArticle } from './readability.ts';
import type { Survey } from './survey.ts';

/** What of a page is read, and how. */
export interface PageSource {
  html: string;
  survey: Survey;
  /** What relative URLs are resolved against. */
  base: string | undefined;
  /** The article's text as JSON-LD gives it. */
  articleBody: string | undefined;
  /** The page's own top heading. */
  heading: string;
  /** Whether an element inside the article's own is still the page's. */
  isBoilerplate: IsBoilerplate;
}

/** Beyond these a page is read without a DOM, whose time and memory grow faster than the page does. */
const MAX_ELEMENTS = 20_000;
const MAX_NODES = 120_000;
const MAX_DEPTH = 256;

export interface ArticleBlocks {
  blocks: Block[];
  /** What of the page stands in the article's midst and is left out: links to other articles among it. */
  left: Block[];
}

interface Reading {
  blocks: Block[];
  words: WordCounts;
  warnings: Warnings;
}

/**
 * The blocks of a page's article: what Readability finds, or what the survey's element holds, whichever has the
 * article; held against the text that JSON-LD gives where it gives one. What is left out is told, a region at a time.
 */
export async function articleBlocks(source: PageSource, warnings: Warnings): Promise<ArticleBlocks> {
  const { html, survey, articleBody = '' } = source;
  const plain = plainReading(source);
  const isSmall = survey.elements <= MAX_ELEMENTS && survey.nodes <= MAX_NODES && survey.depth < MAX_DEPTH;
  const markup = isSmall ? await readableArticle(html, source.isBoilerplate) : undefined;
  const readable = markup === undefined ? undefined : filled(reading(markup, source), source);
  const declared = { text: articleBody.trim(), words: wordCounts(articleBody) };
  const chosen =
    countOf(declared.words) >= MIN_DECLARED_WORDS
      ? againstDeclared([readable, plain], declared)
      : withoutShell(choose(readable, plain, source), declared);
  warnings.list.push(...chosen.warnings.list);
  return { blocks: chosen.blocks, left: tellDropped(source, chosen.blocks, warnings) };
}

/** What the survey's element holds; with all that is called boilerplate in it, where that is most of it. */
function plainReading(source: PageSource): Reading {
  const { start, end, text } = source.survey.article;
  const html = source.html.slice(start, end);
  const found = reading(html, source);
  if (textOf(found.blocks).length >= text * MIN_SHARE_LEFT) return found;
  return reading(html, { ...source, isBoilerplate: () => false });
}

/** An element with more of the article than the rest holds the article, whatever it is called. */
const MIN_SHARE_LEFT = 0.4;

function reading(html: string, { base, isBoilerplate }: PageSource): Reading {
  const warnings = new Warnings();
  // The element that holds the article is no boilerplate, whatever it is called.
  let isInside = false;
  const markup = base === undefined ? withLinksToNowhere(html) : html;
  const blocks = htmlToBlocks(markup, base, warnings, (name, attributes) => {
    const found = isInside && isBoilerplate(name, attributes);
    isInside = true;
    return found;
  });
  return { blocks, words: wordCounts(textOf(blocks)), warnings };
}

const textOf = (blocks: readonly Block[]): string => blocks.map(blockText).join('\n');

/** Readability's, unless what the page itself says is its article has it all, or has more, or nothing else. */
function choose(readable: Reading | undefined, plain: Reading, source: PageSource): Reading {
  const { survey } = source;
  if (readable === undefined || countOf(readable.words) === 0) return plain;
  if (isMenu(readable)) return isMenu(plain) ? (underHeadline(source) ?? readable) : plain;
  if (!survey.article.isDeclared) return readable;
  const ratio = countOf(readable.words) / (countOf(plain.words) || 1);
  const keptLittle = ratio < 0.6 && shareOf(readable.words, plain.words) > 0.9;
  const most = survey.article.isOnlyBody && countOf(plain.words) >= MIN_DECLARED_WORDS ? 3 : 1.5;
  const addedSome = ratio > 1 && ratio < most && shareOf(plain.words, readable.words) > 0.95;
  return keptLittle || addedSome ? plain : readable;
}

/** What Readability found with what it left out of the article's midst. */
function filled(found: Reading, source: PageSource): Reading {
  const blocks = withGapsFilled(found.blocks, reading(source.html, source).blocks);
  return { ...found, blocks, words: wordCounts(textOf(blocks)) };
}

/** Whether what was found is links for the most part, or begins with a title that is one: lists of other articles. */
function isMenu({ blocks, words }: Reading): boolean {
  const first = blocks.find((block) => blockText(block) !== '');
  if (first !== undefined && isLinkedHeading(first) && blocks.filter(isLinkedHeading).length > 2) return true;
  let linked = 0;
  for (const block of blocks)
    if (linkedArticles(block) !== undefined) linked += countOf(wordCounts(blockText(block)));
  return linked > countOf(words) / 2;
}

/** What stands between the page's headline and the first title of another article; undefined when nothing does. */
function underHeadline(source: PageSource): Reading | undefined {
  const { headlineEnd } = source.survey;
  if (headlineEnd === undefined) return undefined;
  const { blocks, warnings } = reading(source.html.slice(headlineEnd), source);
  const end = blocks.findIndex(isLinkedHeading);
  const kept = blocks.slice(0, end === -1 ? undefined : end);
  return kept.length === 0 ? undefined : { blocks: kept, words: wordCounts(textOf(kept)), warnings };
}

/** A teaser or a summary in `articleBody` says nothing of what the article holds. */
const MIN_DECLARED_WORDS = 60;

/** The text that JSON-LD gives. */
interface Declared {
  text: string;
  words: WordCounts;
}

/** It as the article, a paragraph a line. */
const asReading = ({ text, words }: Declared): Reading => ({
  blocks: textToBlocks(text),
  words,
  warnings: new Warnings(),
});

/** What was found, or the text declared where that says far more and something else: a page for a script to fill. */
function withoutShell(found: Reading, declared: Declared): Reading {
  const { words } = declared;
  const isShell =
    countOf(found.words) * 2 < countOf(words) && shareOf(words, found.words) < MIN_DECLARED_SHARE;
  return isShell ? asReading(declared) : found;
}

/** With less of what is declared, a reading is of something else. */
const MIN_DECLARED_SHARE = 0.5;

/**
 * The reading nearest to the text that JSON-LD declares. Where neither has half of it (a page that a script fills,
 * or one that hides the rest), that text itself; where the text is whole, without paragraphs that it does not have.
 */
function againstDeclared(readings: readonly (Reading | undefined)[], declared: Declared): Reading {
  const { words } = declared;
  const [best] = readings
    .filter((each) => each !== undefined)
    .map((each) => ({ each, has: shareOf(words, each.words), is: shareOf(each.words, words) }))
    .sort((one, other) => harmonic(other.has, other.is) - harmonic(one.has, one.is));
  if (best === undefined || best.has < MIN_DECLARED_SHARE) return asReading(declared);
  // Many a CMS cuts the text off at some length: what is behind the cut is not foreign to the article.
  const isWhole = best.has > 0.9 && best.is > 0.6 && endsSentence(declared.text);
  if (!isWhole) return best.each;
  // Nearly all of a line: a CMS may have left out a link's words or changed a quotation mark.
  const blocks = best.each.blocks.filter(
    (block) => block.type !== 'paragraph' || shareOf(wordCounts(blockText(block)), words) > 0.8,
  );
  return { ...best.each, blocks };
}

const harmonic = (one: number, other: number): number => (2 * one * other) / (one + other || 1);

/**
 * One warning for each region of the page, from its top to its end, whose words are not in the article.
 * @returns the blocks of those regions that have something of the article in front of them and behind
 */
function tellDropped(source: PageSource, blocks: readonly Block[], warnings: Warnings): Block[] {
  const lines = (block: Block) => blockText(block).split('\n').map(foldLine).filter(Boolean);
  const kept = new Set([...blocks.flatMap(lines), foldLine(source.heading)]);
  const told = new Set(warnings.list.map(({ excerpt }) => foldLine(excerpt)));
  const everywhere = new Warnings();
  const all = htmlToBlocks(source.html, source.base, everywhere);
  // Readability drops what a form is made of without a word.
  for (const { code, excerpt } of everywhere.list) {
    if (code === 'element-dropped' && !told.has(foldLine(excerpt))) warnings.add(code, excerpt);
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
