import * as v from 'valibot';
import type { Instant } from '../domain/article.ts';
import { type Draft, draftSchema, type Issue, toIssues, type Warning } from '../domain/draft.ts';
import type { DialectName } from '../domain/publisher.ts';
import type { Refusal } from '../domain/refusal.ts';
import { asInstant } from '../markup/values.ts';
import { oneLine } from '../text/text.ts';
import { shortId } from './lenient.ts';
import type { Payload } from './payload.ts';

/** What a document says happened to an article. `revisedAt` is absent when it gives no time. */
export type ArticleEvent =
  | { kind: 'published' | 'updated'; draft: Draft; revisedAt?: Instant; warnings?: Warning[] }
  /** `ifHeld`: withdraws the article only if the Desk holds it; a draft may never have been published. */
  | { kind: 'withdrawn'; sourceId: string; revisedAt?: Instant; ifHeld?: boolean }
  /** Nothing to do, such as for a new member or a page. `label` names it in a word or two, for counting. */
  | { kind: 'ignored'; why?: Issue; label?: string }
  | { kind: 'refused'; issues: Issue[]; sourceId?: string };

/** One article of a document. */
export interface Item {
  /** Where its fields stand in the document, for the paths of issues: `data`, `items.3`. */
  path: string;
  event: ArticleEvent;
}

export interface ReadOptions {
  /** Reads WordPress's pages as articles, not only its posts. */
  pages?: boolean;
  /** Overrides the headline of a page or of a file with front matter. */
  headline?: string;
}

/** A document format that publishers' systems write. */
export interface Dialect<Name extends string = DialectName> {
  name: Name;
  /** The kinds of documents it comes in. */
  kinds: readonly Payload['kind'][];
  /** Whether a document of a publisher that names no dialect is in this one. */
  recognizes(payload: Payload): boolean;
  /** The document's articles. Never throws, whatever the document holds. */
  read(payload: Payload, options?: ReadOptions): Item[] | Refusal;
  /** Reads a document of XML that is too large for memory; gives the same items as `read`. */
  stream?(options?: ReadOptions): DocumentStream;
}

/**
 * A document read twice, in pieces of any size: first for what its items share, which may follow them, then item by
 * item.
 */
export interface DocumentStream {
  /** First pass: one more piece. */
  survey(text: string): void;
  /** Ends the first pass. @returns a refusal when the document is in another dialect */
  endSurvey(): Refusal | undefined;
  /** Second pass: one more piece. @returns the items that end in it */
  read(text: string): Item[];
  /** Ends the second pass. @returns what is wrong when the document was cut short */
  end(): Issue | undefined;
  /** How many characters wait in memory for the end of an item. */
  readonly pending: number;
}

/** Fields that an article needs; any other that does not fit is left out, with a warning. */
const REQUIRED: readonly string[] = ['id', 'headline', 'body'];

/**
 * An article as a draft. Senders of other dialects do not know Dateline's limits: a field that does not fit them is left
 * out, unless it is required; a long id is shortened.
 * @param path where the article stands in the document
 */
export function articleItem(
  path: string,
  kind: 'published' | 'updated',
  fields: Record<string, unknown>,
): Item {
  const id = typeof fields.id === 'string' ? shortId(fields.id) : fields.id;
  const given = Object.entries({ ...fields, id }).filter(([, value]) => value !== undefined);
  let parsed = v.safeParse(draftSchema, Object.fromEntries(given));
  const warnings: Warning[] = [];
  if (!parsed.success) {
    const misfits = new Set(toIssues(parsed.issues).map((issue) => issue.path.split('.', 1)[0] ?? ''));
    const fitting = given.filter(([name]) => REQUIRED.includes(name) || !misfits.has(name));
    for (const name of misfits) {
      if (!REQUIRED.includes(name)) warnings.push({ code: 'field-dropped', excerpt: name });
    }
    parsed = v.safeParse(draftSchema, Object.fromEntries(fitting));
  }
  if (!parsed.success) {
    const sourceId =
      typeof id === 'string' || typeof id === 'number' ? { sourceId: oneLine(String(id)) } : {};
    return { path, event: { kind: 'refused', issues: toIssues(parsed.issues, path), ...sourceId } };
  }
  const draft = parsed.output;
  const { updatedAt: revisedAt } = draft;
  return {
    path,
    event: { kind, draft, ...(revisedAt && { revisedAt }), ...(warnings.length > 0 && { warnings }) },
  };
}

/** A withdrawal of an article; refused when it has no id. */
export function withdrawalItem(path: string, id: unknown, revised?: unknown, ifHeld = false): Item {
  const sourceId = typeof id === 'number' ? String(id) : oneLine(typeof id === 'string' ? shortId(id) : '');
  if (sourceId === '') return refusedItem(path, 'is required', 'id');
  const revisedAt = asInstant(revised);
  return {
    path,
    event: { kind: 'withdrawn', sourceId, ...(revisedAt && { revisedAt }), ...(ifHeld && { ifHeld }) },
  };
}

/** @param label what it is in a word or two, for counting: `draft`, `page` */
export const ignoredItem = (path: string, message: string, label?: string): Item => ({
  path,
  event: { kind: 'ignored', why: { path, message }, ...(label && { label }) },
});

/** @param field where the fault is within the item */
export const refusedItem = (path: string, message: string, field = ''): Item => ({
  path,
  event: { kind: 'refused', issues: [{ path: [path, field].filter(Boolean).join('.'), message }] },
});
