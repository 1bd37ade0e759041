import * as v from 'valibot';
import { draftSchema, toIssues, type Warning } from '../domain/draft.ts';
import { plainText } from '../markup/html-parser.ts';
import { asInstant, asName } from '../markup/values.ts';
import { oneLine } from '../text/text.ts';
import type { Item, SourceEvent } from './dialect.ts';

/** A field of somebody else's dialect: left out when it is not of its kind. */
export const lenient = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.optional(v.fallback(v.optional(schema), undefined));

export const text = lenient(v.string());
/** An id as a dialect writes it; the draft's schema has the last word. */
export const id = lenient(v.union([v.string(), v.number()]));
export const number = lenient(v.union([v.number(), v.string()]));

/** Those of a list that are of their kind, at most `limit`; none when it is no list. */
export const listOf = <Schema extends v.GenericSchema>(item: Schema, limit = 100) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform((values): v.InferOutput<Schema>[] =>
        (Array.isArray(values) ? values.slice(0, limit) : []).flatMap((value) => {
          const parsed = v.safeParse(item, value);
          return parsed.success ? [parsed.output] : [];
        }),
      ),
    ),
    [],
  );

/** Words as plain text in one line: many dialects write entities or tags into titles and names. */
export const words = (value: unknown): string | undefined =>
  typeof value === 'string' ? oneLine(plainText(value)) : undefined;

/** Names as plain text, without those that are none. */
export const names = (values: readonly unknown[]): string[] => values.flatMap((value) => asName(value) ?? []);

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A relative address in full; anything else as it is, for the draft's schema to judge. */
export function absolute(url: string | undefined, base: string | undefined): string | undefined {
  return url !== undefined && !URL.canParse(url) && base !== undefined && URL.canParse(url, base)
    ? new URL(url, base).href
    : url;
}

/** What an article cannot do without: everything else that does not fit is left out, with a warning. */
const NEEDED: readonly string[] = ['id', 'headline', 'body'];

/**
 * An article in the words of a draft. Its sender speaks another dialect and may know nothing of our limits: a field
 * that does not fit them is left out, unless the article is nothing without it.
 * @param path where the article stands in the body
 */
export function articleItem(
  path: string,
  kind: 'published' | 'updated',
  fields: Record<string, unknown>,
): Item {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  let parsed = v.safeParse(draftSchema, Object.fromEntries(given));
  const warnings: Warning[] = [];
  if (!parsed.success) {
    const misfits = new Set(toIssues(parsed.issues).map((issue) => issue.path.split('.', 1)[0] ?? ''));
    const fitting = given.filter(([name]) => NEEDED.includes(name) || !misfits.has(name));
    for (const name of misfits) {
      if (!NEEDED.includes(name)) warnings.push({ code: 'field-dropped', excerpt: name });
    }
    parsed = v.safeParse(draftSchema, Object.fromEntries(fitting));
  }
  if (!parsed.success) return { path, event: { kind: 'refused', issues: toIssues(parsed.issues, path) } };
  const draft = parsed.output;
  const { updatedAt: revisedAt } = draft;
  return {
    path,
    event: { kind, draft, ...(revisedAt && { revisedAt }), ...(warnings.length > 0 && { warnings }) },
  };
}

/** An article that was taken back; refused when it has no id. */
export function withdrawalItem(path: string, id: unknown, revised?: unknown, ifHeld = false): Item {
  const sourceId = typeof id === 'number' ? String(id) : oneLine(typeof id === 'string' ? id : '');
  if (sourceId === '') {
    const issue = { path: path === '' ? 'id' : `${path}.id`, message: 'is missing' };
    return { path, event: { kind: 'refused', issues: [issue] } };
  }
  const revisedAt = asInstant(revised);
  return {
    path,
    event: { kind: 'withdrawn', sourceId, ...(revisedAt && { revisedAt }), ...(ifHeld && { ifHeld }) },
  };
}

export const ignoredItem = (path: string, message: string): Item => ({
  path,
  event: { kind: 'ignored', why: { path, message } } satisfies SourceEvent,
});
