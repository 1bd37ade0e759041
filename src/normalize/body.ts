import { type Block, blockText } from '../domain/blocks.ts';
import type { Draft } from '../domain/draft.ts';
import type { PublisherProfile } from '../domain/site.ts';
import { isWrittenIn, languageDirection } from '../locales/language-tag.ts';
import type { Findings } from '../markup/findings.ts';
import { asName, defined } from '../markup/values.ts';
import { guessLanguage, scriptOfText } from '../text/language.ts';
import { Lexicon } from '../text/lexicon.ts';
import { hasMoreWords, oneLine } from '../text/text.ts';
import { byline } from './editorial/lead-lines.ts';
import { timesOf } from './editorial/stamps.ts';
import { liftRelated, tidy } from './editorial/tidy.ts';
import { publisherBoilerplate } from './html/boilerplate.ts';
import { listsFromBullets } from './html/bullets.ts';
import { htmlToBlocks } from './html/html.ts';
import { withoutLinksToNowhere } from './html/unresolvable-links.ts';
import type { Declarations } from './page/declarations.ts';
import { liftLead } from './page/lead.ts';
import { isMarkup, readPage } from './page/page.ts';
import { pageTextToBlocks, promoteHeadings } from './page/page-text.ts';
import { textToBlocks } from './plain-text.ts';
import type { Warnings } from './warnings.ts';

export interface Reading {
  blocks: Block[];
  findings: Findings;
  language: string;
}

/**
 * Reads the draft's body as blocks, with what the draft and its body say about the article. The draft takes precedence.
 * `warnings` names what is dropped or lifted.
 */
export async function readDraftBody(
  draft: Draft,
  publisher: PublisherProfile,
  warnings: Warnings,
): Promise<Reading> {
  const findings = draftFindings(draft);
  const { format, content = '' } = draft.body ?? {};
  const own = publisher.boilerplate ?? {};
  const isOwnBoilerplate = publisherBoilerplate(own.selectors);
  const languageOf = (text: string, declared?: string) =>
    draft.language ?? likelyLanguage(`${draft.headline ?? ''} ${text}`, declared, publisher.language);
  const finish = (blocks: Block[], language: string): Reading => {
    const context = { lexicon: new Lexicon(language, own.words), warnings, isPage: false, findings };
    return { blocks: tidy(blocks, context), findings, language };
  };

  if (format === 'html') {
    const blocks = htmlToBlocks(content, draft.url, warnings, isOwnBoilerplate);
    return finish(blocks, languageOf(sampleOf(blocks)));
  }
  if (format !== 'page') return finish(textToBlocks(content), languageOf(content));

  if (isMarkup(content)) {
    const page = await readPage(content, draft.url, warnings, isOwnBoilerplate);
    const language = languageOf(sampleOf(page.blocks), page.findings.language);
    const lexicon = new Lexicon(language, own.words);
    const context = {
      lexicon,
      warnings,
      isPage: true,
      findings: { ...readDeclarations(page.declarations, lexicon), ...page.findings, ...findings },
    };
    const blocks = tidy(
      liftLead(page.blocks, context, { heading: page.topHeading, opening: page.declarations.opening }),
      context,
    );
    liftRelated(page.left, context);
    return { blocks: withoutLinksToNowhere(blocks), findings: context.findings, language };
  }
  const language = languageOf(content);
  const context = { lexicon: new Lexicon(language, own.words), warnings, isPage: true, findings };
  const lines = pageTextToBlocks(content, context.lexicon);
  // Last, since a dash also precedes labels, credits and the text after a dateline.
  const told = listsFromBullets(tidy(liftLead(lines, context), context), true);
  return { blocks: promoteHeadings(told, context.lexicon), findings, language };
}

/** What the draft itself says. An empty list says nothing. */
function draftFindings(draft: Draft): Findings {
  const { headline, summary, dateline, section, credit, publishedAt, updatedAt } = draft;
  return {
    ...defined({ headline, summary, dateline, section, credit, publishedAt, updatedAt }),
    ...(draft.tags?.length ? { tags: draft.tags } : {}),
    ...(draft.authors?.length
      ? { authors: draft.authors.map(({ name, url }) => ({ name, ...defined({ url }) })) }
      : {}),
    ...(draft.image ? { image: defined(draft.image) } : {}),
    related: (draft.related ?? []).map(({ title, url }) => ({ title, ...defined({ url }) })),
  };
}

/** The author and times that a page's markup names, for where no better source does. */
function readDeclarations({ bylines, stamps }: Declarations, lexicon: Lexicon): Omit<Findings, 'related'> {
  const name = bylines
    .map((line) => asName(byline(oneLine(line), lexicon) ?? line))
    .find((each) => each !== undefined && isName(each));
  return {
    ...(name === undefined ? {} : { authors: [{ name }] }),
    ...timesOf(stamps, lexicon.language),
  };
}

/** A byline's element may hold more than a name: a date, a call to follow, a biography. */
const isName = (text: string): boolean => !hasMoreWords(text, 6) && !/[\p{Nd}@|:]|https?/u.test(text);

/** Characters of text to guess a language from. */
const SAMPLE = 1_200;

/** The beginning of the blocks' text, enough to guess its language. */
function sampleOf(blocks: readonly Block[]): string {
  let text = '';
  for (const block of blocks) {
    if (text.length > SAMPLE) break;
    text += `${blockText(block)}\n`;
  }
  return text;
}

/**
 * The language of a text whose draft names none. A page's declaration counts only if the text is in that language's
 * script, since many templates say `en` for any content. The publisher's usual language decides between languages that
 * share a script.
 */
function likelyLanguage(text: string, declared: string | undefined, usual: string | undefined): string {
  const script = scriptOfText(text);
  if (script === undefined) return declared ?? usual ?? 'und';
  const known = [declared, usual].find((language) => language !== undefined && isWrittenIn(language, script));
  if (known !== undefined) return known;
  const guess = guessLanguage(text, script);
  // Of an unknown language, the script still says which way it runs.
  return guess === 'und' && languageDirection(`und-${script}`) === 'rtl' ? `und-${script}` : guess;
}
