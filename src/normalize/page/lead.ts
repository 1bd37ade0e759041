import type { Author } from '../../domain/article.ts';
import { type Block, blockText, inlineText } from '../../domain/blocks.ts';
import { LIMITS } from '../../domain/draft.ts';
import type { Findings } from '../../markup/findings.ts';
import { memoizeByObject } from '../../memoize.ts';
import { foldLine } from '../../text/fold-line.ts';
import type { Lexicon } from '../../text/lexicon.ts';
import { endsSentence } from '../../text/sentences.ts';
import { hasMoreWords } from '../../text/text.ts';
import { datelineOf } from '../editorial/dateline.ts';
import {
  byline,
  isBreadcrumb,
  isCaption,
  isLeadBoilerplate,
  isStamp,
  MAX_CAPTION_WORDS,
  partsOf,
} from '../editorial/lead-lines.ts';
import { isLinkedHeading } from '../editorial/related.ts';
import { countSentences, isStory } from '../editorial/sentence-lines.ts';
import { timesIn } from '../editorial/stamps.ts';
import { isLabel, type TidyContext } from '../editorial/tidy.ts';
import { linesOf, sliceInline } from '../html/inline.ts';
import {
  MAX_LEAD_BLOCKS,
  MAX_LINES_TO_REPEATED_SUMMARY,
  MAX_SCRAP_WORDS,
  MAX_SCRAPS,
  MAX_SUMMARY_SENTENCES,
  MAX_SUMMARY_WORDS,
  MIN_TITLE_WORDS,
} from '../thresholds.ts';

/** What a page's markup says about the lines before its article. */
interface Known {
  /** The page's top heading, which may be worded differently from the headline in its head. */
  heading: string;
  /** The article's first paragraph, where it is known not to be a summary. */
  opening: string;
}

/**
 * Removes the lines before a page's article: the headline, at times twice, the summary, the picture's caption, the
 * byline, the date. Each fills its field in `context.findings` unless that is known. Returns the remaining blocks.
 */
export function liftLead(
  given: readonly Block[],
  context: TidyContext,
  { heading: otherHeadline, opening }: Known = { heading: '', opening: '' },
): Block[] {
  const { findings, warnings } = context;
  const blocks = withHeadlineApart(given, [findings.headline ?? '', otherHeadline].map(foldLine));
  const texts = blocks.slice(0, MAX_LEAD_BLOCKS).map(lineText);
  const headlineAt = findHeadline(texts, context, otherHeadline);
  const headline = texts[headlineAt];
  if (headline !== undefined) findings.headline ??= headline;
  const titles = new Set([findings.headline ?? '', otherHeadline, headline ?? ''].map(foldLine));
  titles.delete('');
  const foldedOpening = foldLine(opening);
  const ends = endsOf(blocks, context.lexicon);

  const kept: Block[] = [];
  let at = 0;
  let lifted = 0;
  for (; at < blocks.length; at += 1) {
    const block = blocks[at];
    if (block === undefined) break;
    const text = lineText(block);
    if (text === '') kept.push(block);
    else if (titles.has(foldLine(text))) {
      if (at !== headlineAt || lifted > 0) warnings.add('headline-repeated', text);
      lifted += 1;
    } else if (opening !== '' && foldLine(text) === foldedOpening) break;
    else if (at < headlineAt) warnings.add('boilerplate-dropped', text);
    else {
      const place = { blocks, at, ends };
      const isDek = isDekHeading(block, place, context);
      if (liftLine(text, place, context, isDek)) continue;
      // The page's head has another summary: more lines before the article follow this one.
      if (isDek) kept.push(block);
      else if (lifted > 0 && isBeforeArticle(texts, at, context.lexicon))
        warnings.add('boilerplate-dropped', text);
      else break;
    }
  }
  return kept.concat(blocks.slice(at));
}

/** A block's place among all, for rules that ask what is behind it. */
interface Place {
  blocks: readonly Block[];
  at: number;
  ends: Ends;
}

/** The last blocks of some kinds, found once for all lines before the article: there may be as many as blocks. */
interface Ends {
  /** The last block with text; -1 when there is none. */
  text: number;
  /** The last heading, other than a link, that an article's byline, date or dateline follows. */
  opening(): number;
}

function endsOf(blocks: readonly Block[], lexicon: Lexicon): Ends {
  let opening: number | undefined;
  return {
    text: blocks.findLastIndex((block) => lineText(block) !== ''),
    opening: () => {
      opening ??= blocks.findLastIndex(
        (block, index) =>
          block.type === 'heading' && !isLinkedHeading(block) && opensArticle(blocks[index + 1], lexicon),
      );
      return opening;
    },
  };
}

/** Splits off a headline that only a line break separates from the date below it. */
function withHeadlineApart(blocks: readonly Block[], titles: readonly string[]): Block[] {
  return blocks.flatMap((block, index) => {
    if (index >= MAX_LEAD_BLOCKS || block.type !== 'paragraph') return [block];
    const [first = [], ...more] = linesOf(block.content);
    const title = more.length > 0 ? foldLine(inlineText(first)) : '';
    if (title === '' || !titles.includes(title)) return [block];
    return [first, ...more]
      .filter((content) => content.length > 0)
      .map((content): Block => ({ ...block, content: sliceInline(content, 0) }));
  });
}

/**
 * Whether a line of a few unknown words is still before the article: a line that certainly is follows soon, and no
 * sentence precedes that.
 */
function isBeforeArticle(texts: readonly string[], at: number, lexicon: Lexicon): boolean {
  const isScrap = (text: string) => !endsSentence(text, lexicon) && !hasMoreWords(text, MAX_SCRAP_WORDS);
  if (!isScrap(texts[at] ?? '')) return false;
  for (const text of texts.slice(at + 1, at + MAX_SCRAPS)) {
    if (text !== '' && (isLeadBoilerplate(text, lexicon) || isCaption(text, lexicon))) return true;
    if (!isScrap(text)) return false;
  }
  return false;
}

const lineText = (block: Block): string =>
  block.type === 'paragraph' || block.type === 'heading' ? blockText(block) : '';

/**
 * The index of the headline: the known one, else the first line that occurs twice, else the first that is not
 * boilerplate; -1 when a story begins before any.
 */
function findHeadline(texts: readonly string[], context: TidyContext, other: string): number {
  const folded = texts.map(foldLine);
  const { lexicon } = context;
  const known = [context.findings.headline ?? '', other].map(foldLine).filter(Boolean);
  const end = storyAt(texts, lexicon);
  if (known.length > 0) return folded.slice(0, end).findIndex((text) => known.includes(text));
  const isCandidate = (index: number) => {
    const text = texts[index] ?? '';
    return text !== '' && text.length <= LIMITS.headline && !isLeadBoilerplate(text, context.lexicon);
  };
  const candidates = [...texts.keys()].slice(0, end).filter(isCandidate);
  const twice = candidates.find(
    (index) =>
      hasMoreWords(texts[index] ?? '', MIN_TITLE_WORDS - 1) &&
      !isStory(texts[index] ?? '', lexicon) &&
      folded.indexOf(folded[index] ?? '', index + 1) > 0,
  );
  // A line of a few words before it may be the name of the site or a section.
  const story = texts.findIndex((text) => isStory(text, lexicon));
  const title = candidates.find(
    (index) => (story === -1 || index < story) && hasMoreWords(texts[index] ?? '', MIN_TITLE_WORDS - 1),
  );
  return twice ?? title ?? candidates[0] ?? -1;
}

/** Where the story has certainly begun: at its second sentence (the first may be the summary) or at a long one. */
function storyAt(texts: readonly string[], lexicon: Lexicon): number {
  let stories = 0;
  const at = texts.findIndex((text) => {
    if (!isStory(text, lexicon)) return false;
    stories += 1;
    return stories > 1 || hasMoreWords(text, MAX_CAPTION_WORDS);
  });
  return at === -1 ? texts.length : at;
}

/**
 * Lifts one line before the article into its field or drops it with a warning.
 * @param isDek whether the line is known to be the dek
 * @returns whether it was such a line
 */
function liftLine(text: string, place: Place, context: TidyContext, isDek: boolean): boolean {
  const { lexicon, warnings, findings } = context;
  const name = byline(text, lexicon) ?? knownAuthor(text, findings);
  if (isStamp(text, lexicon)) {
    const [named] = partsOf(text).flatMap((part) => byline(part, lexicon) ?? []);
    const authors = named === undefined ? {} : { authors: [{ name: named }] };
    Object.assign(findings, { ...timesIn(text, lexicon.language), ...authors, ...findings });
    warnings.add('boilerplate-dropped', text);
  } else if (isLabel(text, lexicon, true) || isBreadcrumb(text, lexicon)) {
    warnings.add('boilerplate-dropped', text);
  } else if (foldLine(text) === foldLine(findings.summary ?? '') && place.ends.text > place.at) {
    warnings.add('summary-lifted', text);
  } else if (name !== undefined) {
    if (findings.authors === undefined) findings.authors = [{ name }];
    warnings.add('byline-lifted', text);
  } else if (isCaption(text, lexicon)) {
    if (findings.image?.caption === undefined) findings.image = { ...findings.image, caption: text };
    warnings.add('caption-lifted', text);
  } else if (findings.summary === undefined && (isDek || isSummary(text, place, context))) {
    findings.summary = text;
    warnings.add('summary-lifted', text);
  } else return false;
  return true;
}

/** The known author whose name the line is. */
const knownAuthor = (text: string, { authors }: Findings): string | undefined =>
  authors === undefined ? undefined : byFoldedName(authors).get(foldLine(text));

const byFoldedName = memoizeByObject(
  (authors: readonly Author[]): ReadonlyMap<string, string> =>
    new Map(authors.toReversed().map(({ name }) => [foldLine(name), name])),
);

/**
 * Whether a heading before the article is its dek rather than a section's title: a byline, a date or a dateline follows
 * it, and follows no other heading as it does in a live blog.
 */
function isDekHeading(block: Block, { blocks, at, ends }: Place, { lexicon }: TidyContext): boolean {
  if (block.type !== 'heading' || hasMoreWords(blockText(block), MAX_SUMMARY_WORDS)) return false;
  return opensArticle(blocks[at + 1], lexicon) && ends.opening() <= at;
}

/** Whether a block is a byline, a date, or a paragraph with a dateline. */
function opensArticle(block: Block | undefined, lexicon: Lexicon): boolean {
  const text = block === undefined ? '' : lineText(block);
  return (
    isStamp(text, lexicon) || byline(text, lexicon) !== undefined || datelineOf(text, lexicon) !== undefined
  );
}

/**
 * Whether the line after the headline is the summary rather than the first paragraph: one or two short sentences, and
 * what follows shows that the article is still to begin: boilerplate, a dateline, or the same sentence in the text.
 */
function isSummary(text: string, { blocks, at }: Place, context: TidyContext): boolean {
  const { lexicon } = context;
  if (
    !endsSentence(text, lexicon) ||
    hasMoreWords(text, MAX_SUMMARY_WORDS) ||
    countSentences(text, lexicon) > MAX_SUMMARY_SENTENCES
  )
    return false;
  // A label may follow any paragraph; the line after it tells more.
  const behind = blocks.slice(at + 1);
  const lines = behind.map(lineText).filter((line) => line !== '' && !isLabel(line, lexicon, true));
  const [next = ''] = lines;
  if (!lines.some((line) => isStory(line, lexicon))) return false;
  if (datelineOf(text, lexicon) !== undefined) return false;
  const folded = foldLine(text);
  return (
    isCaption(next, lexicon) ||
    isLeadBoilerplate(next, lexicon) ||
    datelineOf(next, lexicon, lines.slice(1, 20)) !== undefined ||
    lines.slice(0, MAX_LINES_TO_REPEATED_SUMMARY).some((line) => foldLine(line).startsWith(folded))
  );
}
