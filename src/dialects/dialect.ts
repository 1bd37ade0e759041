import * as v from 'valibot';
import type { Instant } from '../domain/article.ts';
import {
  type Draft,
  draftSchema,
  firstEntries,
  type Issue,
  toIssues,
  type Warning,
} from '../domain/draft.ts';
import type { DialectName } from '../domain/publisher.ts';
import { Refusal } from '../domain/refusal.ts';
import { asInstant } from '../markup/values.ts';
import { oneLine } from '../text/text.ts';
import { shortId } from './lenient.ts';
import type { Payload } from './payload.ts';

/** An event for an article in a document. `revisedAt` is absent when the document has no time. */
export type DraftEvent =
  | { kind: 'published' | 'updated'; draft: Draft; revisedAt?: Instant; warnings?: Warning[] }
  /** `ifHeld`: withdraws the article only if the Desk has it; a draft may never have been published. */
  | { kind: 'withdrawn'; sourceId: string; revisedAt?: Instant; ifHeld?: boolean }
  /** Nothing to do, such as for a new member or a page. `label` is its kind in a word or two, for counts. */
  | { kind: 'ignored'; why?: Issue; label?: string }
  | { kind: 'refused'; issues: Issue[]; sourceId?: string };

/** One article of a document. */
export interface Item {
  /** Its path in the document, for the paths of issues: `data`, `items.3`. */
  path: string;
  event: DraftEvent;
  /**
   * What it was read from, as values of JSON: its part of the document, and what it inherits (one object for all items that
   * inherit the same). Set where a document has several items, so that a repeated one is recognized.
   */
  source?: { part: unknown; around?: object };
}

export interface ReadOptions {
  /** Reads WordPress's pages as articles, not only its posts. */
  pages?: boolean;
  /** Overrides the headline of a page or of a file with front matter. */
  headline?: string;
  /** The most items of a document. One with more is refused before any of them is read. Absent: no limit. */
  maxItems?: number;
}

/** A document format that publishers' systems write. */
export interface Dialect<Name extends string = DialectName> {
  name: Name;
  /** The kinds of payloads that it may have. */
  kinds: readonly Payload['kind'][];
  /** Whether a document is in this dialect, for publishers whose settings name none. */
  recognizes(payload: Payload): boolean;
  /** The document's articles. Never throws, whatever the document contains. */
  read(payload: Payload, options?: ReadOptions): Item[] | Refusal;
  /** Reads an XML document that is too large for memory; returns the same items as `read`. */
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
  /** Ends the second pass. @returns an issue when the document is incomplete */
  end(): Issue | undefined;
  /** The characters in memory that wait for the end of an item. */
  readonly pending: number;
}

/** The refusal of a document with more items than its reader accepts; undefined when it has few enough. */
export function tooManyItems(
  count: number,
  { maxItems = Number.POSITIVE_INFINITY }: ReadOptions,
): Refusal | undefined {
  if (count <= maxItems) return undefined;
  const message = `contains ${count} articles; the limit is ${maxItems} per delivery`;
  return new Refusal('invalid', { issues: [{ path: '', message }] });
}

/** Required fields; any other invalid field is left out, with a warning. */
const REQUIRED: readonly string[] = ['id', 'headline', 'body'];

/**
 * An article as a draft. Senders of other dialects do not know Dateline's limits, so an invalid field is left out unless
 * it is required, a long id is shortened, and of long lists the first entries are kept, each with a warning.
 * @param path the article's path in the document
 */
export function articleItem(
  path: string,
  kind: 'published' | 'updated',
  fields: Record<string, unknown>,
): Item {
  const id = typeof fields.id === 'string' ? shortId(fields.id) : fields.id;
  const warnings: Warning[] = [];
  const lists = (['tags', 'authors'] as const).map((name) => {
    const value = fields[name];
    if (!Array.isArray(value)) return [name, value];
    const { kept, warnings: shortened } = firstEntries(name, [...new Set(value)]);
    warnings.push(...shortened);
    return [name, kept];
  });
  const given = Object.entries({ ...fields, ...Object.fromEntries(lists), id }).filter(
    ([, value]) => value !== undefined,
  );
  let parsed = v.safeParse(draftSchema, Object.fromEntries(given));
  if (!parsed.success) {
    // Not from `toIssues`, which leaves out those beyond its limit.
    const misfits = new Set(parsed.issues.map((issue) => String(issue.path?.[0].key ?? '')));
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

/**
 * @param label its kind in a word or two, for counts: `draft`, `page`
 * @param field the path, within the item, of the field that says why
 */
export const ignoredItem = (path: string, message: string, label?: string, field = ''): Item => ({
  path,
  event: { kind: 'ignored', why: { path: within(path, field), message }, ...(label && { label }) },
});

/** @param field the path of the invalid field within the item */
export const refusedItem = (path: string, message: string, field = ''): Item => ({
  path,
  event: { kind: 'refused', issues: [{ path: within(path, field), message }] },
});

const within = (path: string, field: string): string => [path, field].filter(Boolean).join('.');
