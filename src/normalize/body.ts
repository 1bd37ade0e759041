import { type Block, blockText } from '../domain/blocks.ts';
import type { Draft } from '../domain/draft.ts';
import type { PublisherProfile } from '../domain/site.ts';
import { sameScript } from '../locales/language-tag.ts';
import type { Findings } from '../markup/findings.ts';
import { asName, defined } from '../markup/values.ts';
import { guessLanguage } from '../text/language.ts';
import { Lexicon } from '../text/lexicon.ts';
import { countWords, oneLine } from '../text/text.ts';
import { byline } from './editorial/lead-lines.ts';
import { timesOf } from './editorial/stamps.ts';
import { liftRelated, tidy } from './editorial/tidy.ts';
import { publisherBoilerplate } from './html/boilerplate.ts';
import { listsFromBullets } from './html/bullets.ts';
import { htmlToBlocks } from './html/html.ts';
import { withoutLinksToNowhere } from './html/unresolvable-links.ts';
import type { Marks } from './page/declarations.ts';
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

/** The draft's body as blocks, and what the draft and its body together say of the article; the draft goes first. */
export async function readBody(
  draft: Draft,
  publisher: PublisherProfile,
  warnings: Warnings,
): Promise<Reading> {
  const findings = known(draft);
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
    return finish(blocks, languageOf(wordsOf(blocks)));
  }
  if (format !== 'page') return finish(textToBlocks(content), languageOf(content));

  if (isMarkup(content)) {
    const page = await readPage(content, draft.url, warnings, isOwnBoilerplate);
    const language = languageOf(wordsOf(page.blocks), page.findings.language);
    const lexicon = new Lexicon(language, own.words);
    const context = {
      lexicon,
      warnings,
      isPage: true,
      findings: { ...readMarks(page.marks, lexicon), ...page.findings, ...findings },
    };
    const blocks = tidy(
      liftLead(page.blocks, context, { heading: page.topHeading, opening: page.marks.opening }),
      context,
    );
    liftRelated(page.left, context);
    return { blocks: withoutLinksToNowhere(blocks), findings: context.findings, language };
  }
  const language = languageOf(content);
  const context = { lexicon: new Lexicon(language, own.words), warnings, isPage: true, findings };
  const lines = pageTextToBlocks(content, context.lexicon);
  // Only now: a dash stands in front of a label, a credit and a dateline's text too.
  const told = listsFromBullets(tidy(liftLead(lines, context), context), true);
  return { blocks: promoteHeadings(told, context.lexicon), findings, language };
}

/** What the draft itself says. An empty list says nothing. */
function known(draft: Draft): Findings {
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

/** What a page's markup says where nothing more to be trusted does: who wrote it, and when. */
function readMarks({ bylines, stamps }: Marks, lexicon: Lexicon): Omit<Findings, 'related'> {
  const name = bylines
    .map((line) => asName(byline(oneLine(line), lexicon) ?? line))
    .find((each) => each !== undefined && isName(each));
  return {
    ...(name === undefined ? {} : { authors: [{ name }] }),
    ...timesOf(stamps, lexicon.language),
  };
}

/** What stands in a byline's element may be more than a name: a date, a call to follow, a life. */
const isName = (text: string): boolean => countWords(text) <= 6 && !/[\p{Nd}@|:]|https?/u.test(text);

const SAMPLE = 1_200;

/** The beginning of the blocks' words, enough to tell their language by. */
function wordsOf(blocks: readonly Block[]): string {
  let words = '';
  for (const block of blocks) {
    if (words.length > SAMPLE) break;
    words += `${blockText(block)}\n`;
  }
  return words;
}

/**
 * What a page declares is believed only when the text is in that language's script: many a template says `en`
 * whatever is in it. The publisher's usual language decides between languages that share a script.
 */
function likelyLanguage(text: string, declared: string | undefined, usual: string | undefined): string {
  const guess = guessLanguage(text);
  if (guess === 'und') return declared ?? usual ?? guess;
  if (declared !== undefined && sameScript(declared, guess)) return declared;
  return usual !== undefined && sameScript(usual, guess) ? usual : guess;
}
