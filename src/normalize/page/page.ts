import type { Block } from '../../domain/blocks.ts';
import { canonicalLanguage } from '../../locales/language-tag.ts';
import type { Findings } from '../../markup/findings.ts';
import { readJsonLd } from '../../markup/json-ld.ts';
import { defined } from '../../markup/values.ts';
import { type IsBoilerplate, isPageBoilerplate } from '../html/boilerplate.ts';
import type { Warnings } from '../warnings.ts';
import type { Marks } from './declarations.ts';
import { articleBlocks } from './extraction.ts';
import { readHead, topHeading } from './head.ts';
import { surveyPage } from './survey.ts';

export interface Page {
  /** What the page's JSON-LD says, and its head where that says nothing. */
  findings: Omit<Findings, 'related'>;
  /** The page's own top heading, which may be worded otherwise than the headline its head names. */
  topHeading: string;
  blocks: Block[];
  /** What was left out of the article's midst. */
  left: Block[];
  /** What else the markup says, for which the language must be known. */
  marks: Marks;
}

/** Whether a page's source is markup, rather than its plain text. */
export const isMarkup = (content: string): boolean =>
  /<(?:!doctype|html|head|body|article|main|section|div|p|h[1-6]|br|meta|span)\b[^<>]*>/i.test(content);

/**
 * Reads a whole page: what its head and JSON-LD say of the article, and the article's blocks.
 * @param isOwnBoilerplate what the publisher leaves out beyond what every page's boilerplate is
 */
export async function readPage(
  html: string,
  url: string | undefined,
  warnings: Warnings,
  isOwnBoilerplate: IsBoilerplate,
): Promise<Page> {
  const survey = surveyPage(html);
  const head = readHead(survey, url, html);
  const { language: named, articleBody, ...trusted } = readJsonLd(survey.jsonLd, url);
  const language = canonicalLanguage(named ?? survey.language ?? '');
  const base = head.canonicalUrl ?? url;
  const heading = topHeading(survey);
  const isBoilerplate: IsBoilerplate = (...element) =>
    isPageBoilerplate(...element) || isOwnBoilerplate(...element);
  const source = { html, survey, base, articleBody, heading, isBoilerplate };
  const { blocks, left } = await articleBlocks(source, warnings);
  const findings = { ...head, ...trusted, ...defined({ language }) };
  return { findings, topHeading: heading, blocks, left, marks: survey };
}
