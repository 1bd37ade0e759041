import type { ArticleContent } from '../domain/article.ts';
import { eachLine } from '../domain/blocks.ts';
import { type Draft, firstEntries, type Issue, type Warning } from '../domain/draft.ts';
import type { PublisherProfile } from '../domain/site.ts';
import { languageDirection } from '../locales/language-tag.ts';
import { defined } from '../markup/values.ts';
import { countWordsOf } from '../text/text.ts';
import { type Reading, readDraftBody } from './body.ts';
import { settleLanguages } from './html/language-changes.ts';
import { settleLeadImage } from './lead-image.ts';
import { Warnings } from './warnings.ts';

export type Normalized = { content: ArticleContent; warnings: Warning[] } | { issues: Issue[] };

const WORDS_A_MINUTE = 200;

/**
 * Makes an article's content of a draft: its body as blocks without boilerplate, and every field that the draft names or
 * the body shows. The draft's own fields take precedence. Returns `issues` when a page holds no article, else the
 * content with `warnings` that name all that was dropped, lifted or repaired.
 */
export async function normalize(draft: Draft, publisher: PublisherProfile): Promise<Normalized> {
  const warnings = new Warnings();
  const reading = await readDraftBody(draft, publisher, warnings);
  const { findings, language } = reading;
  const issues = missing(draft, reading);
  if (findings.headline === undefined || issues.length > 0) return { issues };

  const direction = draft.direction ?? languageDirection(language);
  const settled = settleLanguages(reading.blocks, { language, direction });
  const { blocks, image } = settleLeadImage(settled, findings.image, warnings);
  const lines: string[] = [];
  for (const block of blocks) eachLine(block, (line) => lines.push(line));
  const wordCount = countWordsOf(lines, language);
  const [tags, authors] = [
    firstEntries('tags', findings.tags ?? []),
    firstEntries('authors', findings.authors ?? []),
  ];
  for (const { code, excerpt } of [...tags.warnings, ...authors.warnings]) warnings.add(code, excerpt);
  const rights = defined(draft.rights ?? {});
  const content: ArticleContent = {
    publisher: publisher.id,
    sourceId: draft.id,
    ...defined({ canonicalUrl: draft.url ?? findings.canonicalUrl }),
    language,
    direction,
    headline: findings.headline,
    ...defined({ summary: findings.summary, dateline: findings.dateline }),
    authors: authors.kept,
    ...defined({ section: findings.section }),
    tags: tags.kept,
    ...defined({ image }),
    body: blocks,
    related: findings.related,
    ...defined({ credit: findings.credit }),
    ...(Object.keys(rights).length > 0 ? { rights } : {}),
    corrections: draft.corrections ?? [],
    translations: draft.translations ?? [],
    ...defined({
      publishedAt: findings.publishedAt,
      updatedAt: findings.updatedAt,
      embargoUntil: draft.embargoUntil,
      expiresAt: draft.expiresAt,
    }),
    wordCount,
    readingMinutes: Math.ceil(wordCount / WORDS_A_MINUTE),
  };
  return { content, warnings: warnings.list };
}

/** What a whole page lacks that an article needs. */
function missing(draft: Draft, { findings, blocks }: Reading): Issue[] {
  if (draft.body?.format !== 'page') return [];
  const issues: Issue[] = [];
  if (findings.headline === undefined) {
    issues.push({ path: 'headline', message: 'is required: the page has no headline either' });
  }
  if (blocks.length === 0)
    issues.push({ path: 'body.content', message: 'must contain an article: none was found in the page' });
  return issues;
}
