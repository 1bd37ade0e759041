import type { Block } from '../../domain/blocks.ts';
import { canonicalLanguage } from '../../locales/language-tag.ts';
import type { Findings } from '../../markup/findings.ts';
import { readJsonLd } from '../../markup/json-ld.ts';
import { defined } from '../../markup/values.ts';
import { memoize } from '../../memoize.ts';
import { foldLine } from '../../text/fold-line.ts';
import { type IsBoilerplate, isPageBoilerplate } from '../html/boilerplate.ts';
import type { Warnings } from '../warnings.ts';
import type { Declarations } from './declarations.ts';
import { articleBlocks } from './extraction.ts';
import { readHead, topHeading } from './head.ts';
import { surveyPage } from './survey.ts';

export interface ExtractedPage {
  /** What the page's JSON-LD says, else its head. */
  findings: Omit<Findings, 'related'>;
  /** The page's top heading, which may be worded differently from the headline in its head. */
  topHeading: string;
  blocks: Block[];
  /** Blocks within the article that were left out. */
  left: Block[];
  /** What else the markup declares; reading it needs the language. */
  declarations: Declarations;
}

/** Lines of a page whose folded form is kept. */
const MAX_LINES = 10_000;

/** Whether a page was sent as markup rather than as its plain text. */
export const isMarkup = (content: string): boolean =>
  /<(?:!doctype|html|head|body|article|main|section|div|p|h[1-6]|br|meta|span)\b[^<>]*>/i.test(content);

/**
 * Reads a whole page: what its head and JSON-LD say about the article, and the article's blocks.
 * @param isOwnBoilerplate what the publisher leaves out, besides what is boilerplate on any page
 */
export async function readPage(
  html: string,
  url: string | undefined,
  warnings: Warnings,
  isOwnBoilerplate: IsBoilerplate,
): Promise<ExtractedPage> {
  const survey = surveyPage(html);
  const head = readHead(survey, url, html);
  const { language: named, articleBody, ...trusted } = readJsonLd(survey.jsonLd, url);
  const language = canonicalLanguage(named ?? survey.language ?? '');
  const base = head.canonicalUrl ?? url;
  const heading = topHeading(survey);
  const isBoilerplate: IsBoilerplate = (...element) =>
    isPageBoilerplate(...element) || isOwnBoilerplate(...element);
  const source = {
    html,
    survey,
    base,
    articleBody,
    heading,
    isBoilerplate,
    fold: memoize(MAX_LINES, foldLine),
  };
  const { blocks, left } = await articleBlocks(source, warnings);
  const findings = { ...head, ...trusted, ...defined({ language }) };
  return { findings, topHeading: heading, blocks, left, declarations: survey };
}
