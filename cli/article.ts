import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { type Draft, LIMITS, webUrl } from '../src/domain/draft.ts';
import { canonicalLanguage, sameScript } from '../src/locales/language-tag.ts';
import { plainText } from '../src/markup/html-parser.ts';
import { asInstant, asName, asText, defined } from '../src/markup/values.ts';
import { guessLanguage } from '../src/text/language.ts';
import { oneLine } from '../src/text/text.ts';

/** An article as it was found in a file: strings as they stand there, markup and entities among them. */
export interface Found {
  id: string;
  url?: string | undefined;
  /** What the file says of all its articles. Many sites never set it: it counts where the script fits. */
  likelyLanguage?: string | undefined;
  language?: string | undefined;
  headline?: string | undefined;
  summary?: string | undefined;
  section?: string | undefined;
  tags?: string[];
  authors?: { name: string; url?: string | undefined }[];
  image?: Record<'url' | 'alt' | 'caption', string | undefined>;
  body: { format: 'html' | 'text' | 'page'; content: string };
  publishedAt?: string | undefined;
  updatedAt?: string | undefined;
  /** When this revision was made, where `updatedAt` does not say it. */
  revisedAt?: string | undefined;
}

/**
 * A native payload for what was found, the same bytes for the same file. What cannot be a value of its field is
 * left out, for a back-fill must not lose an article over a tag; the site judges the rest.
 */
export function toPayload(found: Found): string {
  const { body } = found;
  const publishedAt = asInstant(found.publishedAt);
  const updatedAt = asInstant(found.updatedAt);
  const timestamp = updatedAt ?? asInstant(found.revisedAt) ?? publishedAt;
  const tags = names(found.tags ?? [], LIMITS.tags);
  const image = defined({
    url: asUrl(found.image?.url),
    alt: asText(found.image?.alt, LIMITS.paragraph),
    caption: asText(found.image?.caption, LIMITS.paragraph),
  });
  const data = {
    id: shortId(found.id),
    ...defined({
      url: asUrl(found.url),
      language: languageOf(found),
      // One that is too long is for the site to refuse: without it the article would have none.
      headline: found.headline === undefined ? undefined : oneLine(plainText(found.headline)) || undefined,
      summary: asText(found.summary, LIMITS.paragraph),
      section: asName(found.section),
    }),
    ...(tags.length > 0 && { tags }),
    authors: (found.authors ?? []).slice(0, LIMITS.authors).flatMap(({ name, url }) => {
      const known = asName(name);
      return known === undefined ? [] : [{ name: known, ...defined({ url: asUrl(url) }) }];
    }),
    ...(image.url !== undefined && { image }),
    ...(body.content.trim() !== '' && { body }),
    ...defined({ publishedAt, updatedAt }),
  } satisfies Draft;
  return JSON.stringify({ type: 'article.published', ...defined({ timestamp }), data });
}

/** A delivery's id made of its bytes: the same article sent twice is one delivery. */
export const contentDeliveryId = (payload: string): string => `import_${sha256(payload)}`;

/** An id that is too long keeps its start, and stays one of its kind. */
const shortId = (id: string): string =>
  id.length <= LIMITS.id ? id : `${id.slice(0, LIMITS.id - 33).toWellFormed()}~${sha256(id)}`;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

function asUrl(value: string | undefined): string | undefined {
  const parsed = v.safeParse(webUrl, value?.trim());
  return parsed.success ? parsed.output : undefined;
}

const names = (values: readonly string[], limit: number): string[] =>
  [...new Set(values.flatMap((value) => asName(value) ?? []))].slice(0, limit);

function languageOf({ language, likelyLanguage, headline = '', body }: Found): string | undefined {
  if (language !== undefined) return canonicalLanguage(language.trim());
  const likely = likelyLanguage === undefined ? undefined : canonicalLanguage(likelyLanguage.trim());
  const words = `${headline} ${plainText(body.content.slice(0, 10_000))}`;
  return likely !== undefined && sameScript(likely, guessLanguage(words)) ? likely : undefined;
}
